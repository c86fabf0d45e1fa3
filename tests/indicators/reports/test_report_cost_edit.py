"""The page of part II: Polish amounts in and out, sums beside, nothing computed is stored."""

from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from indicators.models import Report, ReportCost, ReportSource
from tests.factories import ActivityFactory, ProjectFactory
from tests.indicators.reports.report_pages import draft_of, url
from tests.owes.form_page import hidden

pytestmark = pytest.mark.usefixtures("db")
D = Decimal


@pytest.fixture
def report(coordinator):
    return draft_of(coordinator)


@pytest.fixture
def page(client, coordinator, report):
    client.force_login(coordinator)
    return url("report_cost_edit", report.pk)


def cells(*rows, initial=0, **given):
    """The fields of the form: rows of costs as dictionaries, cells of sources by name."""
    fields = {"costs-TOTAL_FORMS": len(rows), "costs-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        fields |= {f"costs-{number}-{name}": value for name, value in row.items()}
    return fields | given


def send(client, page, fields, **more):
    return client.post(page, hidden(client.get(page)) | fields | more)


def costs():
    return list(
        ReportCost.objects.values_list("year", "activity__name", "name", "planned", "actual")
    )


def test_a_new_report_is_offered_each_action_and_administration_of_each_year(client, page, report):
    ActivityFactory(name="Doradztwo")
    report.starts_on = report.starts_on.replace(year=2022)
    report.save()
    rows = client.get(page).context["rows"].forms
    assert [(row["year"].value(), row["activity"].value() is None) for row in rows] == [
        (2022, False),
        (2022, True),
        (2023, False),
        (2023, True),
    ]


def test_amounts_are_typed_with_a_comma_and_shown_with_two_places(client, page):
    advice = ActivityFactory(name="Doradztwo")
    fields = cells(
        {"year": 2023, "activity": advice.pk, "planned": "12 345,5", "actual": "12345"},
        {"year": 2023, "name": "księgowość", "planned": "0,5"},
        {"year": 2023, "activity": advice.pk},
        grant_planned="12346",
        grant_actual="12 345,00 zł",
        other_public_body="Miasto Płock",
    )
    assertRedirects(send(client, page, fields), page)
    assert costs() == [
        (2023, "Doradztwo", "", D("12345.50"), D("12345.00")),
        (2023, None, "księgowość", D("0.50"), None),
    ]
    assert list(ReportSource.objects.values_list("source", "planned", "actual")) == [
        ("grant", D("12346.00"), D("12345.00"))
    ]
    answer = client.get(page)
    assertContains(answer, 'value="12\u00a0345,50"')
    assertContains(answer, "Suma wszystkich kosztów realizacji zadania")
    assert answer.context["costs"].total.planned == D("12346.00")
    assert not list(answer.context["costs"].mismatches())
    assert Report.objects.get().other_public_body == "Miasto Płock"


def test_recounting_shows_the_sums_of_what_is_typed_and_saves_nothing(client, page):
    fields = cells({"year": 2023, "name": "biuro", "actual": "10,10"}, grant_actual="10")
    answer = send(client, page, fields, recount="1")
    assert answer.context["costs"].total.actual == D("10.10")
    assertContains(answer, "koszty 10,10 zł, źródła 10,00 zł, różnica 0,10 zł")
    assert costs() == []
    assert answer.context["form"]["grant_actual"].value() == "10"


def test_an_emptied_cell_is_empty_again_and_a_row_is_taken_out(client, page, report):
    row = report.costs.create(year=2023, name="biuro", planned=D("1.00"))
    report.sources.create(source="own", planned=D("5.00"))
    taken = {"id": row.pk, "year": 2023, "name": "biuro", "planned": "1,00", "DELETE": "on"}
    send(client, page, cells(taken, initial=1, own_planned=""))
    assert costs() == []
    assert ReportSource.objects.get().planned is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"grant_planned": "dużo"}, "grant_planned"),
        ({"own_actual": "-5"}, "own_actual"),
        ({"personal_actual": "1,555"}, "personal_actual"),
    ],
)
def test_a_wrong_amount_stays_with_a_sentence(client, page, typed, field):
    answer = send(client, page, cells(grant_actual="10,00") | typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assertContains(answer, "Podaj kwotę w złotych, na przykład 1234,50.")
    assert not ReportSource.objects.exists()
    assert answer.context["form"][field].value() == typed[field]


def test_an_administrative_cost_and_one_of_many_of_an_action_are_named(client, page):
    advice = ActivityFactory()
    rows = [
        {"year": 2023, "planned": "1"},
        {"year": 2023, "activity": advice.pk, "planned": "1"},
        {"year": 2023, "activity": advice.pk, "name": "dojazdy", "planned": "1"},
    ]
    answer = send(client, page, cells(*rows))
    assert [list(form.errors) for form in answer.context["rows"].forms] == [["name"], ["name"], []]
    assert costs() == []


def test_a_year_outside_the_report_and_a_strange_action_are_refused(client, page):
    strange = ActivityFactory(project=ProjectFactory())
    rows = [{"year": 2021, "name": "biuro"}]
    rows += [{"year": 2023, "activity": strange.pk, "planned": "1"}]
    answer = send(client, page, cells(*rows))
    assert [list(form.errors) for form in answer.context["rows"].forms] == [["year"], ["activity"]]


def test_part_two_may_be_left_to_accounting(client, page):
    send(client, page, cells(leaves_costs_to_accounting="on"))
    assert Report.objects.get().leaves_costs_to_accounting


def test_typing_is_kept_and_comes_back(client, page):
    fields = cells({"year": 2023, "name": "biuro", "planned": "1,"}, grant_planned="10,0")
    fields["editing-act"] = "keep"
    assert send(client, page, fields).status_code == 200
    again = client.get(page)
    assertContains(again, "Przywrócono niezapisany wpis")
    assert again.context["rows"].forms[0]["planned"].value() == "1,"
    assert again.context["form"]["grant_planned"].value() == "10,0"


def test_a_second_editor_is_shown_what_the_first_one_saved(client, page):
    before = hidden(client.get(page))
    send(client, page, cells(grant_planned="10,00"))
    answer = client.post(page, before | cells(grant_planned="20,00"))
    assert answer.status_code == 409
    assert ReportSource.objects.get().planned == D("10.00")


def test_only_a_coordinator_writes(client, page, staff, auditor):
    for user in (staff, auditor):
        client.force_login(user)
        assert client.get(page).status_code == 403
        assert client.post(page, cells(grant_planned="1")).status_code == 403
