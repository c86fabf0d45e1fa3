from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from pytest_django.asserts import assertContains

from indicators.checks.finders.reports import reports_due
from indicators.contract.deadlines import Deadline, deadlines, due_report
from indicators.models import Report
from tests.factories import sputnik
from tests.indicators.reports.report_pages import draft_of, url

pytestmark = pytest.mark.usefixtures("db")
FIRST_DUE = date(2023, 1, 30)


def by_name(today):
    return {(deadline.name, deadline.day): deadline for deadline in deadlines(sputnik(), today)}


def yearly(user, **fields):
    return draft_of(user, starts_on=date(2022, 4, 5), ends_on=date(2022, 12, 31), **fields)


def test_each_budget_year_and_the_whole_task_is_reported_within_thirty_days(project):
    project.documents_kept_until = date(2029, 12, 31)
    assert [(deadline.name, deadline.day) for deadline in deadlines(project, FIRST_DUE)] == [
        ("Sprawozdanie częściowe", FIRST_DUE),
        ("Sprawozdanie częściowe", date(2024, 1, 30)),
        ("Koniec projektu", date(2024, 12, 31)),
        ("Sprawozdanie końcowe", date(2025, 1, 30)),
        ("Koniec przechowywania dokumentów", date(2029, 12, 31)),
    ]


def test_a_project_of_one_budget_year_has_the_final_report_alone(project):
    project.starts_on, project.documents_kept_until = date(2024, 1, 1), None
    names = [deadline.name for deadline in deadlines(project, FIRST_DUE)]
    assert names == ["Koniec projektu", "Sprawozdanie końcowe"]


def test_a_report_that_was_sent_is_due_no_more(coordinator):
    yearly(coordinator)
    wanted = ("Sprawozdanie częściowe", FIRST_DUE)
    assert by_name(FIRST_DUE)[wanted].about == "za 05.04.2022–31.12.2022, wersja robocza"
    Report.objects.update(state="closed", closed_at="2023-01-20T12:00+01:00")
    assert by_name(FIRST_DUE)[wanted].about == "za 05.04.2022–31.12.2022, zamknięte, nie wysłano"
    Report.objects.update(state="sent")
    assert wanted not in by_name(FIRST_DUE)


def test_a_correction_does_not_make_its_report_due_again(coordinator):
    report = yearly(coordinator, state="sent", closed_at="2023-01-20T12:00+01:00")
    yearly(coordinator, corrects=report)
    assert ("Sprawozdanie częściowe", FIRST_DUE) not in by_name(FIRST_DUE)


def test_a_correction_that_was_sent_hands_its_report_in(coordinator):
    wanted = ("Sprawozdanie częściowe", FIRST_DUE)
    report = yearly(coordinator, state="closed", closed_at="2023-01-20T12:00+01:00")
    sent = yearly(coordinator, corrects=report, state="closed", closed_at="2023-02-01T12:00+01:00")
    assert wanted in by_name(FIRST_DUE)
    Report.objects.filter(pk=sent.pk).update(state="sent")
    assert wanted not in by_name(FIRST_DUE)


def test_a_deadline_leads_to_its_report_or_to_where_it_is_begun(coordinator):
    wanted = ("Sprawozdanie częściowe", FIRST_DUE)
    assert by_name(FIRST_DUE)[wanted].url == f"{url('report_create')}?due=2022-12-31"
    report = yearly(coordinator)
    assert by_name(FIRST_DUE)[wanted].url == report.get_absolute_url()


def test_the_report_begun_next_is_the_earliest_not_sent(coordinator):
    assert due_report(sputnik()).period.end == date(2022, 12, 31)
    yearly(coordinator, state="sent", closed_at="2023-01-20T12:00+01:00")
    assert due_report(sputnik()).period.end == date(2023, 12, 31)
    assert due_report(sputnik(), "wczoraj").period.end == date(2023, 12, 31)
    assert due_report(sputnik(), "2024-12-31").kind == "final"


@pytest.mark.parametrize(
    ("left", "is_duty", "words", "kind"),
    [
        (15, True, "zostało 15\u00a0dni", ""),
        (14, True, "zostało 14\u00a0dni", "watch"),
        (3, False, "zostały 3\u00a0dni", "watch"),
        (1, True, "został 1\u00a0dzień", "watch"),
        (0, True, "dziś", "watch"),
        (-3, True, "po terminie 3\u00a0dni", "risk"),
        (-3, False, "minął", ""),
    ],
)
def test_a_deadline_says_what_is_left(left, is_duty, words, kind):
    deadline = Deadline("Termin", FIRST_DUE + timedelta(days=left), left, is_duty=is_duty)
    assert (deadline.words, deadline.kind) == (words, kind)


def test_deadlines_and_what_is_begun_next_follow_the_periods_of_the_project(client, coordinator):
    project = sputnik()
    project.reporting_cycle, project.days_to_report = "quarter", 15
    project.save()
    assert by_name(FIRST_DUE)["Sprawozdanie częściowe", date(2022, 7, 15)].about == (
        "za 05.04.2022–30.06.2022, nie rozpoczęto"
    )
    assert due_report(project, "2023-03-31").period.start == date(2023, 1, 1)
    client.force_login(coordinator)
    page = client.get(url("report_create"), {"due": "2023-03-31"})
    assert len(page.context["waiting"]) == 11
    assert page.context["form"]["starts_on"].value() == "01.01.2023"
    for due, _ in page.context["waiting"]:
        assertContains(page, f"?due={due.period.end}", 1)
    assertContains(page, 'aria-current="true">Sprawozdanie częściowe za 01.01.2023–31.03.2023')


def test_data_control_waits_for_reports_of_the_periods_of_the_project(project):
    project.reporting_cycle, project.days_to_report = "half", 20
    project.save()
    found = reports_due(SimpleNamespace(project=project, today=date(2023, 1, 7)))
    assert [(each.code, each.sentence) for each in found] == [
        ("30.06.2022", "Za okres do 30.06.2022, termin 20.07.2022: po terminie 171\u00a0dni."),
        ("31.12.2022", "Za okres do 31.12.2022, termin 20.01.2023: zostało 13\u00a0dni."),
    ]
