"""The page of a report that is being closed, and the work behind it."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.closing.closing import STEPS, close
from indicators.closing.orders import last_time
from indicators.models import AcceptedFinding, Report
from owes.celery import app
from owes.jobs import run
from owes.models import Job
from tests.factories import MembershipFactory, sputnik
from tests.indicators.reports.report_pages import close_by_job, closed_by, draft_of, url
from tests.parallel import at_once

pytestmark = pytest.mark.usefixtures("db")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def ordered(signed_in, coordinator):
    """The work of closing a draft, which no worker has taken yet."""
    report = draft_of(coordinator)
    signed_in.post(url("report_close", report.pk), {"reason": "próba"})
    return Job.objects.get(params__report=report.pk)


def address(job):
    return url("report_closing", job.params["report"])


def test_closing_is_ordered_for_a_worker_with_who_and_why(ordered, coordinator):
    assert (ordered.kind, ordered.owner) == ("report_closing", coordinator)
    assert ordered.params["reason"] == "próba"
    assert Report.objects.get().state == "draft"


def test_the_page_tells_how_far_closing_is_until_it_is_over(signed_in, ordered):
    page = signed_in.get(address(ordered))
    assertContains(page, "czeka w kolejce")
    assertContains(page, f'hx-get="{address(ordered)}"')
    assertContains(page, "Zwykle trwa to krócej niż minutę.")
    Job.objects.update(state="running", progress=2, total=4)
    part = signed_in.get(address(ordered), headers=HTMX)
    assertNotContains(part, "<html")
    assertContains(part, "2 z 4\xa0kroków")
    assertContains(part, "gotowe</span>", count=2)
    assertContains(part, 'hx-trigger="load delay:1s"')


def test_the_closed_report_shows_itself_when_ready(signed_in, ordered):
    run(ordered.pk)
    report = Report.objects.get()
    part = signed_in.get(address(ordered), headers=HTMX)
    assert part.headers["HX-Redirect"] == report.get_absolute_url()
    assertContains(signed_in.get(report.get_absolute_url()), "Zamknięto: Raport częściowy nr 1.")
    assertRedirects(signed_in.get(address(ordered)), report.get_absolute_url())


def test_a_refusal_of_the_worker_leads_back_to_the_draft(signed_in, coordinator):
    report = draft_of(coordinator)
    page = close_by_job(signed_in, report)
    assert page.redirect_chain == [(report.get_absolute_url(), 302)]
    assertContains(page, "Zamknięcie wstrzymuje")
    assert not AcceptedFinding.objects.exists()


def test_a_worker_that_is_away_is_said(signed_in, ordered):
    assertNotContains(signed_in.get(address(ordered)), "nie odpowiada")
    Job.objects.update(created_at=timezone.now() - 2 * Job.PATIENCE)
    page = signed_in.get(address(ordered))
    assertContains(page, "Program, który robi to w tle, nie odpowiada. Praca ruszy, gdy wróci.")


def test_who_ordered_it_closed_it(ordered, coordinator):
    run(ordered.pk)
    report = Report.objects.get()
    assert (report.state, report.closed_by, report.closing_reason) == (
        "closed",
        coordinator,
        "próba",
    )
    ordered.refresh_from_db()
    assert (ordered.state, ordered.error) == ("done", "")


def test_a_second_click_and_a_second_person_order_nothing_more(signed_in, ordered, coordinator):
    other = MembershipFactory(role="coordinator").user
    for person in (coordinator, other):
        signed_in.force_login(person)
        answer = signed_in.post(
            url("report_close", ordered.params["report"]), {"reason": "inny powód"}
        )
        assertRedirects(answer, address(ordered))
    assert Job.objects.get() == ordered
    ordered.refresh_from_db()
    assert (ordered.owner, ordered.params["reason"]) == (coordinator, "próba")


def test_two_people_at_the_same_moment_order_one_closing(committed, monkeypatch, tmp_path):
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    people = [MembershipFactory(role="coordinator").user for _ in range(2)]
    report = draft_of(people[0])
    clients = [Client(), Client()]
    for one, person in zip(clients, people, strict=True):
        one.force_login(person)
    sent = (url("report_close", report.pk), {"reason": "próba"})
    answers = at_once([partial(one.post, *sent) for one in clients], tmp_path)
    assert [answer.url for answer in answers] == [url("report_closing", report.pk)] * 2
    assert Job.objects.get().kind == "report_closing"


def test_after_a_refusal_it_is_ordered_anew(signed_in, coordinator):
    report = draft_of(coordinator)
    close_by_job(signed_in, report)
    other = MembershipFactory(role="coordinator").user
    signed_in.force_login(other)
    close_by_job(signed_in, report, reason="w segregatorze")
    report.refresh_from_db()
    assert (report.closed_by, report.closing_reason) == (other, "w segregatorze")


def test_a_worker_killed_after_closing_leaves_it_closed_once(ordered):
    run(ordered.pk)
    Job.objects.filter(pk=ordered.pk).update(state="queued")
    run(ordered.pk)
    ordered.refresh_from_db()
    assert (ordered.state, Report.objects.get().number) == ("done", "1")


def test_a_draft_deleted_before_a_worker_came_is_said(ordered):
    Report.objects.get().delete()
    run(ordered.pk)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.error) == ("failed", "Nie ma już tej wersji roboczej.")


@pytest.mark.parametrize(
    ("took", "words"), [(0, "1\u00a0sekundę"), (12, "12\u00a0sekund"), (130, "2\u00a0minuty")]
)
def test_the_page_says_how_long_the_last_closing_took(
    signed_in, coordinator, ordered, took, words
):
    run(ordered.pk)
    closed_at = Report.objects.get().closed_at
    Job.objects.filter(pk=ordered.pk).update(finished_at=closed_at + timedelta(seconds=took))
    correction = draft_of(coordinator)
    signed_in.post(url("report_close", correction.pk), {"reason": "próba"})
    page = signed_in.get(url("report_closing", correction.pk))
    assertContains(page, f"Poprzednie zamknięcie trwało {words}.")


def test_a_report_closed_without_a_worker_tells_no_time(coordinator):
    closed_by(coordinator)
    assert last_time(sputnik()) == ""


def test_a_report_that_is_not_being_closed_has_no_such_page(signed_in, coordinator):
    report = draft_of(coordinator)
    assertRedirects(signed_in.get(url("report_closing", report.pk)), report.get_absolute_url())


def test_the_page_is_as_open_as_the_draft(client, auditor, staff, ordered):
    client.force_login(staff)
    assertContains(client.get(address(ordered)), "Zamykam sprawozdanie…")
    client.force_login(auditor)
    assert client.get(address(ordered)).status_code == 404


def test_closing_tells_each_step(coordinator):
    told = []
    close(draft_of(coordinator), coordinator, "próba", lambda *step: told.append(step))
    assert told == [(done, len(STEPS)) for done in range(1, len(STEPS))]
