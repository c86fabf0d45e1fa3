from datetime import date

import pytest
from django.urls import reverse

from owes.periods import Period
from support.models import Project, ReportingCycle
from support.models.reporting import reporting_periods
from tests.factories import sputnik

URL = reverse("support:reporting_settings", args=["sputnik-ii"])


def payload(**changes):
    return {
        "reporting_cycle": "year",
        "own_period_ends": "",
        "days_to_report": "30",
        "days_to_final_report": "30",
    } | changes


def terms():
    return [(term.period.end, term.due_on, term.is_final) for term in sputnik().report_terms()]


YEARLY = [
    (date(2022, 12, 31), date(2023, 1, 30), False),
    (date(2023, 12, 31), date(2024, 1, 30), False),
    (date(2024, 12, 31), date(2025, 1, 30), True),
]


@pytest.mark.parametrize(
    ("days", "cycle", "own", "ends"),
    [
        (("2022-04-05", "2024-12-31"), "year", [], ["2022-12-31", "2023-12-31"]),
        (("2022-04-05", "2022-12-31"), "year", [], []),
        (("2022-12-31", "2023-01-01"), "year", [], ["2022-12-31"]),
        (("2022-04-05", "2023-06-30"), "half", [], ["2022-06-30", "2022-12-31"]),
        (("2022-04-05", "2023-07-01"), "half", [], ["2022-06-30", "2022-12-31", "2023-06-30"]),
        (("2022-11-15", "2023-05-10"), "quarter", [], ["2022-12-31", "2023-03-31"]),
        (("2022-04-05", "2022-12-31"), "own", ["2022-09-15", "2022-05-31"], None),
        (("2022-04-05", "2022-12-31"), "own", ["2022-12-31", "2022-04-04"], []),
        (("2022-04-05", "2022-12-31"), "quarter", ["2022-05-31"], ["2022-06-30", "2022-09-30"]),
    ],
)
def test_periods_share_out_all_days_of_the_project(days, cycle, own, ends):
    period = Period(*map(date.fromisoformat, days))
    found = reporting_periods(period, cycle, map(date.fromisoformat, own))
    expected = sorted(own) if ends is None else ends
    assert [each.end.isoformat() for each in found] == [*expected, days[1]]
    assert [day for each in found for day in each] == list(period)


@pytest.mark.usefixtures("db")
def test_reporting_settings_are_by_default_as_the_act_says():
    assert terms() == YEARLY


def test_reporting_settings_save_periods_and_days_and_keep_history(client, coordinator):
    client.force_login(coordinator)
    typed = payload(reporting_cycle="half", days_to_report="10", days_to_final_report="60")
    assert client.post(URL, typed).url == URL
    assert terms()[:2] == [
        (date(2022, 6, 30), date(2022, 7, 10), False),
        (date(2022, 12, 31), date(2023, 1, 10), False),
    ]
    assert (len(terms()), terms()[-1][1]) == (6, date(2025, 3, 1))
    assert sputnik().history.first().reporting_cycle == "half"


def test_reporting_settings_take_own_periods(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, payload(reporting_cycle="own", own_period_ends="30.09.2023, 31.3.2023"))
    assert sputnik().own_period_ends == ["2023-03-31", "2023-09-30"]
    assert [end for end, _, _ in terms()] == [
        date(2023, 3, 31),
        date(2023, 9, 30),
        date(2024, 12, 31),
    ]
    page = client.get(URL)
    assert page.context["form"]["own_period_ends"].value() == "31.03.2023, 30.09.2023"


def test_reporting_settings_show_what_is_typed_and_save_nothing(client, coordinator):
    client.force_login(coordinator)
    page = client.post(URL, payload(reporting_cycle="quarter", preview="1"))
    assert page.context["is_typed"]
    assert [term.period.end for term in page.context["terms"]][:2] == [
        date(2022, 6, 30),
        date(2022, 9, 30),
    ]
    assert terms() == YEARLY
    wrong = client.post(URL, payload(days_to_report="dużo", preview="1"))
    assert (wrong.context["is_typed"], len(wrong.context["terms"])) == (False, 3)


OUTSIDE = "Podaj dni projektu przed jego ostatnim dniem, 31.12.2024; {} do nich nie należy."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"reporting_cycle": "own"}, "own_period_ends", "Podaj ostatnie dni okresów."),
        (
            {"reporting_cycle": "own", "own_period_ends": "31.12.2024"},
            "own_period_ends",
            OUTSIDE.format("31.12.2024"),
        ),
        (
            {"reporting_cycle": "own", "own_period_ends": "30.06.2023, 4.04.2022"},
            "own_period_ends",
            OUTSIDE.format("04.04.2022"),
        ),
        ({"days_to_report": "0"}, "days_to_report", "Najmniej 1."),
        ({"days_to_final_report": "366"}, "days_to_final_report", "Najwięcej 365."),
        ({"days_to_report": ""}, "days_to_report", "Uzupełnij to pole."),
    ],
)
def test_reporting_settings_refuse_at_the_field(client, coordinator, changes, field, sentence):
    client.force_login(coordinator)
    assert client.post(URL, payload(**changes)).context["form"].errors == {field: [sentence]}
    assert terms() == YEARLY


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_reporting_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("cycle", ReportingCycle.values)
def test_every_cycle_has_its_periods(cycle):
    project = Project(
        starts_on=date(2022, 4, 5), ends_on=date(2024, 12, 31), reporting_cycle=cycle
    )
    assert project.report_terms()[-1].is_final
