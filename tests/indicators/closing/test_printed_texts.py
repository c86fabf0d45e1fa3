"""Texts that documents for the funder print: warned of, found by V47, told of before closing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from indicators.checks.checking import run_checks
from indicators.checks.declarations import CHECKS
from indicators.checks.finding_links import FindingLinks
from indicators.checks.findings import blocking
from indicators.checks.project_data import ProjectData
from indicators.closing import closing
from indicators.models import (
    ControlledDocument,
    ControlledRecord,
    Report,
    ReportCost,
    ReportText,
    Target,
    TrialControl,
)
from support.models import Project
from tests.factories import PersonFactory, ProjectFactory, UserFactory, sputnik
from tests.indicators.reports.report_pages import draft_of, url
from tests.owes.form_page import hidden

pytestmark = pytest.mark.usefixtures("db")

NAMED = "Pytania: do Jana Kowalskiego, tel. 601 234 567."
FOUND = "imię i nazwisko, numer telefonu"
TOLD = f"{FOUND}. Ten tekst drukują dokumenty, czyta go zleceniodawca."


@pytest.fixture(autouse=True)
def somebody(db):
    return PersonFactory(first_name="Jan", last_name="Kowalski")


@pytest.fixture
def draft(coordinator):
    return draft_of(coordinator)


def text(report, part="durable", words=NAMED):
    return ReportText.objects.create(report=report, part=part, text=words)


def printed_findings():
    return run_checks([CHECKS["V47"]], ProjectData(sputnik()))


def sentences_and_urls():
    """`(sentence, where it is mended)` of each finding."""
    rows = printed_findings()
    links = FindingLinks(sputnik(), rows)
    return [(finding.offender.sentence, links.url(finding)) for finding in rows]


def test_texts_and_costs_of_a_draft_are_found_where_they_are_written(draft):
    text(draft)
    text(draft, "shortfall-pes")
    text(draft, "activity-none")
    text(draft, "goal", "Bez danych osób")
    ReportCost.objects.create(report=draft, year=2023, name="Umowa Kowalskiego")
    draft.other_public_body = "J. Kowalski"
    draft.save()
    texts, costs = url("report_text_edit", draft.pk), url("report_cost_edit", draft.pk)
    why = "Przyczyna nieosiągnięcia: PES objęte wsparciem"
    only = TOLD.replace(", numer telefonu", "")
    assert sorted(sentences_and_urls()) == sorted(
        [
            (f"Rezultaty trwałe: {TOLD}", f"{texts}?finding=V47#id_durable"),
            (f"{why}: {TOLD}", f"{texts}?finding=V47#id_shortfall-pes"),
            (
                f"Usługi bez przypisanego działania: {TOLD}",
                f"{texts}?finding=V47#id_activity-none",
            ),
            (f"Rodzaj kosztu: {only}", f"{costs}?finding=V47"),
            (f"Organ: {only}", f"{costs}?finding=V47#id_other_public_body"),
        ]
    )


def test_texts_of_the_project_its_goals_and_its_controls_are_found(coordinator):
    Project.objects.filter(pk=sputnik().pk).update(title=NAMED, funding_sentence="Bez danych")
    target = Target.objects.create(
        project=sputnik(),
        indicator="pes",
        valid_from=date(2023, 5, 1),
        means_of_verification=NAMED,
    )
    control = TrialControl.objects.create(
        project=sputnik(), on=date(2023, 5, 1), seed="1", created_by=coordinator
    )
    record = ControlledRecord.objects.create(
        control=control, indicator="pes", code="P1", label="KGW", counted_on=date(2023, 5, 1)
    )
    ControlledDocument.objects.create(record=record, name="karta", proves="x", note=NAMED)
    settings = reverse("support:project_settings", args=[sputnik().slug])
    assert sentences_and_urls() == [
        (f"Tytuł zadania: {TOLD}", f"{settings}?finding=V47#id_title"),
        (
            f"Źródło weryfikacji: {TOLD}",
            url("indicator_detail", target.indicator) + "?finding=V47",
        ),
        (f"Uwagi: {TOLD}", url("control_record_edit", record.pk) + "?finding=V47"),
    ]


def test_a_text_stops_the_closing_of_its_own_report_until_a_reason_is_given(draft, coordinator):
    other = draft_of(coordinator, starts_on=date(2022, 4, 5), ends_on=date(2022, 12, 31))
    text(draft)

    def stopped(report):
        rows = blocking(report.project, report.period, report)
        return [finding.offender.sentence for finding in rows if finding.check.code == "V47"]

    assert stopped(other) == []
    assert stopped(draft) == [f"Rezultaty trwałe: {TOLD}"]
    with pytest.raises(ValidationError, match="Zamknięcie wstrzymuje"):
        closing.close(draft, coordinator)
    report = closing.close(draft, coordinator, "zgoda tej osoby jest w segregatorze")
    assert [finding.acceptance.reason for finding in printed_findings()] == [
        "zgoda tej osoby jest w segregatorze"
    ]
    correction = closing.correction_of(report, UserFactory())
    assert stopped(correction) == [f"Rezultaty trwałe: {TOLD}"]
    correction.texts.update(text="Bez danych osób")
    assert stopped(correction) == []
    closing.close(correction, coordinator, "próba")
    assert printed_findings() == []


def test_a_report_of_another_project_is_not_told_of(coordinator):
    text(draft_of(coordinator))
    Report.objects.update(project=ProjectFactory())
    assert printed_findings() == []


def test_the_page_of_a_draft_tells_what_stands_in_its_texts(client, draft, coordinator):
    text(draft)
    client.force_login(coordinator)
    page = client.get(draft.get_absolute_url())
    assert CHECKS["V47"] in dict(page.context["closing_form"].obstacles.by_check)
    assertContains(page, f"{url('check_list')}?check=V47")


def test_a_field_says_what_its_text_holds_and_saving_says_it_again(client, draft, coordinator):
    client.force_login(coordinator)
    page = url("report_text_edit", draft.pk)
    opened = client.get(page)
    assertContains(opened, "Bez nazwisk, telefonów i adresów e-mail", count=1)
    form = opened.context["form"]
    fields = {field.html_name: field.value() or "" for field in form}
    saved = client.post(page, hidden(opened) | fields | {"durable": NAMED}, follow=True)
    assert [str(message) for message in saved.context["messages"]] == [
        "Zapisano teksty sprawozdania.",
        f"Rezultaty trwałe: {TOLD}",
    ]
    assertContains(client.get(page), f"Uwaga: {TOLD}", count=1)


def test_a_row_of_costs_says_what_its_name_holds(client, draft, coordinator):
    ReportCost.objects.create(report=draft, year=2023, name="Umowa Jana Kowalskiego")
    client.force_login(coordinator)
    page = client.get(url("report_cost_edit", draft.pk))
    assertContains(page, "Rodzaj kosztu: imię i nazwisko.", count=1)


def test_the_check_asks_as_much_of_one_text_as_of_many(draft, coordinator):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            printed_findings()
        return len(queries)

    text(draft)
    few = asked()
    for part in ("goal", "more", "payments"):
        text(draft, part)
    text(draft_of(coordinator))
    assert asked() == few
