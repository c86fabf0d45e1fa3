"""The page of a report: a draft with the values of now, a closed one with its differences."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.models import Report
from owes.formatting import moment
from owes.models import Job
from support.models import Service
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import close_by_job, closed_by, draft_of, url
from tests.indicators.rules import annex
from tests.markup import tight

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def printed(report):
    """With a file, as the work in the background leaves it."""
    Report.objects.filter(pk=report.pk).update(file="reports/1.pdf", sha256="0" * 64)
    report.refresh_from_db()
    return report


def values(page):
    """Of each row of numbers, the cells in words."""
    rows = re.findall(r'<tr role="row"><th scope="row".*?</tr>', tight(page), re.S)
    return [re.sub(r"<[^>]+>", " ", row).split() for row in rows]


def test_a_draft_shows_the_values_of_now_and_asks_before_closing(signed_in, coordinator):
    report = draft_of(coordinator)
    page = signed_in.get(url("report_detail", report.pk))
    assert values(page)[0] == ["PES", "objęte", "wsparciem", "45", "0", "0"]
    assertContains(page, "Zamknąć to sprawozdanie?")


def test_closing_freezes_and_orders_the_file(signed_in, coordinator):
    report = draft_of(coordinator)
    refused = close_by_job(signed_in, report)
    assertContains(refused, "Zamknięcie wstrzymuje")
    assertContains(refused, 'name="reason"')
    texts = url("report_text_edit", report.pk)
    assertContains(refused, f'<a href="{texts}#id_goal">')
    answer = close_by_job(signed_in, report, reason="próba")
    assertContains(answer, "Zamknięto: Raport częściowy nr 1.")
    assertContains(answer, "Zapisy zgadzają się ze sprawozdaniem")
    assertContains(answer, "zamknięte mimo braków: próba")
    again = signed_in.post(url("report_close", report.pk), {"reason": "próba"})
    assertContains(again, "Raport częściowy nr 1 jest już zamknięty.")


def test_what_can_be_said_at_once_orders_nothing(signed_in, coordinator):
    report = draft_of(coordinator, ends_on=timezone.localdate() + timedelta(days=1))
    page = signed_in.post(url("report_close", report.pk), {"reason": "w segregatorze"})
    assertContains(page, "Okres raportu jeszcze się nie skończył.")
    assertContains(page, 'value="w segregatorze"')
    report = draft_of(coordinator)
    report.project.needs_two_people = True
    report.project.save()
    page = signed_in.post(url("report_close", report.pk), {"reason": "próba"})
    assertContains(page, "Raport zamyka inna osoba niż ta, która go przygotowała.")
    assert not Job.objects.exists()


def test_the_reason_that_the_page_asks_for_is_asked_for_at_once(signed_in, coordinator):
    report = draft_of(coordinator)
    page = signed_in.post(url("report_close", report.pk), {"reason": "  "})
    sentence = page.context["closing_form"].obstacles.refusal
    assert sentence == (
        "Zamknięcie wstrzymuje: 1\u00a0niezgodność w danych i 5\u00a0braków w tekstach. Popraw je "
        "albo podaj powód, dla którego mogą zostać."
    )
    assertContains(page, f'<a href="#id_reason">{sentence}</a>')
    assertContains(page, f'id="id_reason_error">{sentence}</div>')
    assertContains(page, 'aria-invalid="true" aria-describedby="id_reason_error"')
    assert not Job.objects.exists()


def test_a_try_that_a_worker_refused_is_told_with_what_was_typed(signed_in, coordinator):
    report = draft_of(coordinator, kind="final")
    page = close_by_job(signed_in, report, reason="papiery w segregatorze")
    assertContains(page, "Uzupełnij teksty sprawozdania końcowego: ")
    assertContains(page, f"Próba z {moment(Job.objects.get().finished_at)}, Kinga Łącka.")
    assertContains(page, 'value="papiery w segregatorze"')


def test_a_draft_that_is_being_closed_leads_to_how_far_it_is(signed_in, coordinator, staff):
    report = draft_of(coordinator)
    signed_in.post(url("report_close", report.pk), {"reason": "próba"})
    for reader in (coordinator, staff):
        signed_in.force_login(reader)
        page = signed_in.get(url("report_detail", report.pk))
        assertContains(page, "To sprawozdanie jest właśnie zamykane")
        assertContains(page, f'<a href="{url("report_closing", report.pk)}">')
        assertNotContains(page, "Zamknąć to sprawozdanie?")


def test_what_a_final_report_must_have_is_apart_from_what_may_stay(signed_in, coordinator):
    report = draft_of(coordinator, kind="final")
    texts = url("report_text_edit", report.pk)
    page = close_by_job(signed_in, report, reason="próba").content.decode()
    refusal, _, panel = page.partition('id="zamkniecie"')
    link = f'<a href="{texts}#id_shortfall-pes">'
    assert link in refusal
    must, _, may = panel.partition("Popraw albo podaj powód")
    assert "Musisz uzupełnić" in must
    assert link in must
    assert link not in may
    assert f'<a href="{texts}#id_goal">' in may
    assert f'<a href="{url("report_cost_edit", report.pk)}">Część II, wydatki</a>' in may
    assertContains(signed_in.get(texts), "Bez tego tekstu sprawozdania końcowego")


def test_closing_says_how_many_findings_one_reason_accepts(signed_in, coordinator):
    supported(DAY, signed_on=None)
    page = signed_in.get(url("report_detail", draft_of(coordinator).pk))
    count = sum(count for _, count in page.context["closing_form"].obstacles.by_check)
    assert count > 1
    assert f"przyjmie je wszystkie naraz ({count})" in tight(page)
    assertContains(page, "przestaną być pokazywane jako otwarte")


def test_a_closed_report_tells_each_difference_with_who_and_why(signed_in, coordinator):
    report = closed_by(coordinator)
    Service.objects.get().cancel(coordinator, "Nie odbyła się")
    page = signed_in.get(url("report_detail", report.pk))
    assert values(page)[0] == [
        "PES",
        "objęte",
        "wsparciem",
        "45",
        "1",
        "1",
        "0",
        "−1",
        "zmieniony",
    ]
    assertContains(page, "ubył: PES")
    assertContains(page, "Nie odbyła się")
    service = Service.objects.get()
    assertContains(page, f'<a href="{service.get_absolute_url()}">usługa {service.code}</a>')
    assertContains(page, "stan: zatwierdzona → anulowana")
    difference = "Od zamknięcia: 2\u00a0różnice na listach, 2\u00a0zmienione wskaźniki"
    assert difference in tight(page)


def test_a_correction_is_prepared_once(signed_in, coordinator):
    report = closed_by(coordinator)
    for _ in range(2):
        answer = signed_in.post(url("report_correct", report.pk))
    draft = Report.objects.get(corrects=report)
    assertRedirects(answer, draft.get_absolute_url())
    assertContains(signed_in.get(draft.get_absolute_url()), "Korekta raportu częściowego nr 1")


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        ("", "Uzupełnij to pole."),
        ("01.01.2020", "Raport zamknięto później"),
        ("31.12.2099", "Ten dzień jeszcze nie nadszedł."),
        ("jutro", "Błąd"),
    ],
)
def test_a_wrong_day_of_sending_is_refused(signed_in, coordinator, day, refusal):
    report = printed(closed_by(coordinator))
    page = signed_in.post(url("report_send", report.pk), {"sent_on": day})
    assert page.status_code == 200
    assert page.context["sent_form"].errors.keys() == {"sent_on"}
    report.refresh_from_db()
    assert report.sent_on is None


def test_the_day_of_sending_is_kept(signed_in, coordinator):
    report = printed(closed_by(coordinator))
    day = timezone.localdate(report.closed_at)
    signed_in.post(url("report_send", report.pk), {"sent_on": f"{day:%d.%m.%Y}"})
    report.refresh_from_db()
    assert (report.state, report.sent_on) == ("sent", day)


def test_what_has_no_file_yet_was_not_sent(signed_in, coordinator):
    report = closed_by(coordinator)
    page = signed_in.get(report.get_absolute_url())
    assertContains(page, "Dzień wysłania zapiszesz, gdy powstanie PDF.")
    assertNotContains(page, 'name="sent_on"')
    day = timezone.localdate(report.closed_at)
    page = signed_in.post(url("report_send", report.pk), {"sent_on": f"{day:%d.%m.%Y}"})
    assertContains(page, "PDF jeszcze powstaje.")
    report.refresh_from_db()
    assert (report.state, report.sent_on) == ("closed", None)


def test_the_file_is_shown_as_soon_as_it_is_made(signed_in, coordinator):
    report = closed_by(coordinator)
    page = signed_in.get(report.get_absolute_url())
    assertContains(page, "Tworzę PDF.")
    assertContains(page, f'hx-get="{report.get_absolute_url()}"')
    waiting = {"HX-Request": "true"}
    part = signed_in.get(report.get_absolute_url(), headers=waiting)
    assertNotContains(part, "<html")
    assertContains(part, 'hx-trigger="load delay:1s"')
    Job.objects.update(created_at=timezone.now() - 2 * Job.PATIENCE)
    part = signed_in.get(report.get_absolute_url(), headers=waiting)
    assertContains(part, "Program, który robi to w tle, nie odpowiada.")
    printed(report)
    part = signed_in.get(report.get_absolute_url(), headers=waiting)
    assert part.headers["HX-Refresh"] == "true"
    assertNotContains(signed_in.get(report.get_absolute_url()), 'hx-trigger="load')


def test_a_file_that_could_not_be_made_says_why(signed_in, coordinator):
    report = closed_by(coordinator)
    Job.objects.update(state="failed", error="Brak bibliotek systemowych do PDF.")
    page = signed_in.get(report.get_absolute_url())
    assertContains(page, "Brak bibliotek systemowych do PDF.")
    assertNotContains(page, "Nie zamknięto.")
    assertNotContains(page, 'hx-trigger="load')


def test_the_day_of_sending_is_corrected_with_a_reason(signed_in, coordinator):
    report = printed(closed_by(coordinator))
    today = timezone.localdate(report.closed_at)
    closed = report.closed_at - timedelta(days=3)
    Report.objects.filter(pk=report.pk).update(closed_at=closed)
    send = url("report_send", report.pk)
    wrong, right = f"{today:%d.%m.%Y}", f"{today - timedelta(days=1):%d.%m.%Y}"
    signed_in.post(send, {"sent_on": wrong})
    page = signed_in.post(send, {"sent_on": right})
    assert page.context["sent_form"].errors.keys() == {"reason"}
    signed_in.post(send, {"sent_on": right, "reason": "data z potwierdzenia"})
    report.refresh_from_db()
    assert report.sent_on == today - timedelta(days=1)
    page = signed_in.get(report.get_absolute_url())
    assert f'Wysłano<strong class="num">{right}</strong>' in tight(page)
    assert f'Wcześniej zapisano<strong class="num">{wrong}</strong>' in tight(page)
    assertContains(page, "data z potwierdzenia")


def test_a_draft_is_neither_sent_nor_corrected_and_may_be_discarded(signed_in, coordinator):
    report = draft_of(coordinator)
    for name in ("report_send", "report_correct"):
        assert signed_in.post(url(name, report.pk)).status_code == 404
    signed_in.post(url("report_discard", report.pk))
    assert not Report.objects.exists()


def test_a_closed_report_is_not_discarded(signed_in, coordinator):
    report = closed_by(coordinator)
    assert signed_in.post(url("report_discard", report.pk)).status_code == 404
    assert Report.objects.exists()


@pytest.mark.parametrize("name", ["report_close", "report_send", "report_correct"])
def test_only_the_coordinator_acts(client, staff, auditor, coordinator, name):
    report = closed_by(coordinator)
    for user in (staff, auditor):
        client.force_login(user)
        assert client.post(url(name, report.pk)).status_code == 403
        page = client.get(url("report_detail", report.pk))
        assertNotContains(page, "Przygotuj korektę")


def test_the_funder_reads_it_without_names_of_people(client, auditor, coordinator):
    report = closed_by(coordinator)
    Service.objects.get().cancel(coordinator, "Nie odbyła się")
    client.force_login(auditor)
    page = client.get(url("report_detail", report.pk))
    assertContains(page, "O-1")
    assertNotContains(page, "Próbna")
    assertContains(page, "stan: zatwierdzona → anulowana")
    assertNotContains(page, f'href="{Service.objects.get().get_absolute_url()}"')


def test_the_dashboard_tells_what_differs_from_the_last_report(signed_in, coordinator):
    report = closed_by(coordinator)
    assertContains(signed_in.get(url("dashboard")), "liczby zgadzają się z zapisami")
    Service.objects.update(state="cancelled")
    page = signed_in.get(url("dashboard"))
    assertContains(page, "zapisy dają dziś inne liczby niż raport")
    row = '<tr><th scope="row">PES</th><td class="n">1</td><td class="n"><a href="{}">'
    assert row.format(report.get_absolute_url()) in tight(page)


def test_a_closed_report_says_by_which_rule_each_side_counts(signed_in, coordinator):
    report = closed_by(coordinator)
    page = signed_in.get(url("report_detail", report.pk))
    assertContains(page, "Po obu stronach liczono według tych samych zasad.")
    began = report.ends_on
    annex(began, "aneks nr 3", least_services=2)
    page = signed_in.get(url("report_detail", report.pk))
    told = re.findall(r'<summary class="card-header">(.*?)</summary>', tight(page), re.S)
    # The annex says of representatives what was said before.
    labels = ["PES objęte wsparciem", "PS objęte wsparciem"]
    assert [" ".join(words.split()) for words in told] == [
        f"{label}: podano według zasady od 05.04.2022, "
        f"dziś liczy się według zasady od {began:%d.%m.%Y}"
        for label in labels
    ]
