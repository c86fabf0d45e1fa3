"""The table of milestones on the form of a target: carried over, arranged, refused."""

from datetime import date

import pytest
from django.urls import reverse

from indicators.models import Milestone, Target
from tests.factories import sputnik

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("indicators:target_create", args=["sputnik-ii"])
YEARS = [(date(2022, 12, 31), 11), (date(2023, 12, 31), 31)]


def table(*rows, saved=0, **more):
    """What a browser sends of the table; `rows` are `(day, value)` as typed."""
    data = {"milestones-TOTAL_FORMS": str(len(rows)), "milestones-INITIAL_FORMS": str(saved)}
    for n, (day, value) in enumerate(rows):
        data |= {f"milestones-{n}-day": day, f"milestones-{n}-value": value}
    return data | more


def payload(*rows, **changes):
    return {
        "indicator": "pes",
        "value": "45",
        "valid_from": "1.01.2023",
        "means_of_verification": "",
        "milestones-of": "pes",
    } | table(*rows, **changes)


def given(*steps, indicator="pes"):
    target = Target.objects.get(indicator=indicator)
    Milestone.objects.bulk_create(
        Milestone(target=target, day=day, value=value) for day, value in steps
    )
    return target


def newest():
    return Target.objects.filter(indicator="pes").order_by("valid_from").last()


def shown(page):
    """The rows of the table as the page shows them, without the blank ones."""
    rows = page.context["rows"] if "rows" in page.context else page.context["entry"].rows
    cells = [(form["day"].value(), form["value"].value()) for form in rows]
    return [(day, str(value)) for day, value in cells if day]


@pytest.fixture(autouse=True)
def signed_in(client, coordinator):
    client.force_login(coordinator)


def test_milestones_are_saved_with_the_target_in_any_order_of_rows(client):
    client.post(URL, payload(("31.12.2023", "31"), ("", ""), ("31.12.2022", "11")))
    assert newest().steps == YEARS
    assert newest().valid_from == date(2023, 1, 1)
    assert Milestone.history.filter(history_type="+").count() == 2


@pytest.mark.parametrize(
    ("rows", "row", "field", "sentence"),
    [
        (
            [("31.12.2022", "11"), ("31.12.2023", "10")],
            1,
            "value",
            "Wartości są narastające: najmniej 11, jak na 31.12.2022.",
        ),
        (
            [("31.12.2023", "10"), ("31.12.2022", "11")],
            0,
            "value",
            "Wartości są narastające: najmniej 11, jak na 31.12.2022.",
        ),
        (
            [("31.12.2022", "46")],
            0,
            "value",
            "Najwięcej tyle, ile wynosi wartość docelowa: 45.",
        ),
        (
            [("4.04.2022", "1")],
            0,
            "day",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
        (
            [("1.01.2025", "45")],
            0,
            "day",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
        (
            [("31.12.2024", "44")],
            0,
            "value",
            "Na koniec projektu należy się cała wartość docelowa: 45.",
        ),
        (
            [("31.12.2022", "11"), ("31.12.2022", "12")],
            1,
            "day",
            "Ten dzień jest w tabeli dwa razy.",
        ),
        ([("31.12.2022", "")], 0, "value", "Uzupełnij to pole."),
        ([("", "11")], 0, "day", "Uzupełnij to pole."),
        ([("31.12.2022", "-1")], 0, "value", "Najmniej 0."),
    ],
)
def test_milestones_are_refused_at_the_field(client, rows, row, field, sentence):
    page = client.post(URL, payload(*rows))
    found = [form.errors for form in page.context["entry"].rows]
    assert found == [{field: [sentence]} if n == row else {} for n in range(len(rows))]
    assert (Target.objects.filter(indicator="pes").count(), Milestone.objects.count()) == (1, 0)


def test_milestones_on_the_edges_are_saved(client):
    edges = [("5.04.2022", "0"), ("6.04.2022", "0"), ("31.12.2024", "45")]
    client.post(URL, payload(*edges))
    assert [value for _, value in newest().steps] == [0, 0, 45]


def test_milestones_need_a_value_to_come_to(client):
    page = client.post(URL, payload(("31.12.2022", "11"), value=""))
    [errors] = [form.errors for form in page.context["entry"].rows]
    assert errors == {"value": ["Bez wartości docelowej nie ma wartości pośrednich."]}


def test_a_value_that_cannot_be_read_is_the_only_thing_refused(client):
    page = client.post(URL, payload(("31.12.2022", "11"), value="dużo"))
    assert [form.errors for form in page.context["entry"].rows] == [{}]
    assert list(page.context["form"].errors) == ["value"]


def test_a_new_row_begins_with_the_milestones_of_the_last(client):
    given(*YEARS)
    page = client.get(URL, {"indicator": "pes"})
    assert shown(page) == [("31.12.2022", "11"), ("31.12.2023", "31")]
    client.post(URL, payload(("31.12.2022", "11"), ("31.12.2023", "31")))
    assert newest().steps == YEARS


def test_milestones_are_brought_in_where_the_indicator_is_chosen_in_the_form(client):
    given(*YEARS)
    page = client.post(URL, payload(("", ""), **{"milestones-of": ""}))
    assert shown(page) == [("31.12.2022", "11"), ("31.12.2023", "31")]
    assert page.context["entry"].indicator == "pes"
    assert Target.objects.filter(indicator="pes").count() == 1
    client.post(URL, payload(("", "")))
    assert newest().steps == []


def test_more_rows_are_added_without_a_word_about_what_is_not_typed_yet(client):
    page = client.post(
        URL, payload(("31.12.2022", ""), valid_from="", **{"milestones-arrange": "more"})
    )
    entry = page.context["entry"]
    assert (len(entry.rows.forms), entry.form.errors) == (5, {})
    assert [form.errors for form in entry.rows] == [{}] * 5
    assert entry.rows[0]["day"].value() == "31.12.2022"


def test_milestones_are_proposed_evenly_at_the_ends_of_reporting_periods(client):
    page = client.post(URL, payload(**{"milestones-arrange": "evenly"}))
    assert shown(page) == [("31.12.2022", "12"), ("31.12.2023", "29")]
    assert Milestone.objects.count() == 0


def test_without_a_value_nothing_can_be_proposed(client):
    page = client.post(
        URL, payload(("31.12.2022", "11"), value="", **{"milestones-arrange": "evenly"})
    )
    assert page.context["form"].errors == {
        "value": ["Podaj wartość docelową: z niej powstaną wartości pośrednie."]
    }
    assert shown(page) == [("31.12.2022", "11")]


@pytest.mark.parametrize(
    ("day", "planned"),
    [(date(2022, 12, 31), 11), (date(2023, 12, 31), 31), (date(2024, 12, 31), 45)],
)
def test_what_is_planned_by_a_day_is_asked_of_the_target(day, planned):
    assert given(*YEARS).planned_on(day, sputnik().period) == planned


def test_nothing_is_planned_where_no_number_is_asked():
    target = Target.objects.get(indicator="staff")
    assert target.planned_on(date(2022, 12, 31), sputnik().period) is None
