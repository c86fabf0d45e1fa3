"""Part II computed by hand: sums, shares, and the costs against the sources."""

from decimal import Decimal

import pytest

from indicators.reports.costs import Amounts, Cost, Costs, percentage
from tests.indicators.reports.report_pages import draft_of

D = Decimal


def amounts(planned, actual):
    return Amounts(*(None if amount is None else D(amount) for amount in (planned, actual)))


def costs(*rows, is_left_to_accounting=False, other_public_body="", **sources):
    return Costs(
        is_left_to_accounting=is_left_to_accounting,
        other_public_body=other_public_body,
        costs=[Cost(year, activity, name, amounts(*both)) for year, activity, name, *both in rows],
        sources={source: amounts(*both) for source, both in sources.items()},
    )


EXAMPLE = costs(
    (2023, "Szkolenia", "trenerzy", "1000.10", "900.00"),
    (2023, "Doradztwo", "doradcy", "2000.00", "2100.55"),
    (2023, "Doradztwo", "dojazdy", "100.00", None),
    (2023, "", "księgowość", "300.00", "300.00"),
    (2022, "Doradztwo", "", "50.00", "40.00"),
    grant=("3000.00", "2900.00"),
    interest=(None, "0.55"),
    own=("400.10", "400.00"),
    personal=("50.00", "40.00"),
    other_public=("0.00", None),
    other_public_body="Miasto Płock",
)


def test_a_table_of_a_year_numbers_actions_costs_and_administration_as_annex_5():
    years = dict(EXAMPLE.years())
    assert list(years) == [2022, 2023]
    assert [
        (row.number, row.name, row.amounts.planned, row.amounts.actual) for row in years[2023]
    ] == [
        ("I", "Koszty realizacji działań", D("3100.10"), D("3000.55")),
        ("I.1", "Doradztwo", D("2100.00"), D("2100.55")),
        ("I.1.1", "doradcy", D("2000.00"), D("2100.55")),
        ("I.1.2", "dojazdy", D("100.00"), None),
        ("I.2", "Szkolenia", D("1000.10"), D("900.00")),
        ("I.2.1", "trenerzy", D("1000.10"), D("900.00")),
        ("", "Suma kosztów realizacji zadania", D("3100.10"), D("3000.55")),
        ("II", "Koszty administracyjne", D("300.00"), D("300.00")),
        ("II.1", "księgowość", D("300.00"), D("300.00")),
        ("", "Suma kosztów administracyjnych", D("300.00"), D("300.00")),
        ("", "Suma wszystkich kosztów realizacji zadania", D("3400.10"), D("3300.55")),
    ]
    assert [row.number for row in years[2022]] == ["I", "I.1", "", "II", "", ""]


def test_the_sources_are_summed_by_group_with_the_public_body_named():
    assert [(row.number, row.name, row.amounts) for row in EXAMPLE.source_rows()] == [
        ("1", "Dotacja", amounts("3000.00", "2900.55")),
        ("1.1", "Kwota dotacji", amounts("3000.00", "2900.00")),
        ("1.2", "Odsetki bankowe od dotacji", amounts(None, "0.55")),
        ("1.3", "Inne przychody", amounts(None, None)),
        ("2", "Inne środki finansowe ogółem", amounts("400.10", "400.00")),
        ("2.1", "Środki finansowe własne", amounts("400.10", "400.00")),
        (
            "2.2",
            "Świadczenia pieniężne od odbiorców zadania publicznego",
            amounts(None, None),
        ),
        (
            "2.3",
            "Środki finansowe z innych źródeł publicznych (Miasto Płock)",
            amounts("0.00", None),
        ),
        ("2.4", "Pozostałe", amounts(None, None)),
        ("3", "Wkład osobowy i wkład rzeczowy ogółem", amounts("50.00", "40.00")),
        ("3.1", "Wkład osobowy", amounts("50.00", "40.00")),
        ("3.2", "Wkład rzeczowy", amounts(None, None)),
    ]


def test_shares_are_of_the_whole_cost_and_of_the_grant():
    # 3000 / 3450.10, 400.10 / 3000, 50 / 3000; 2900 / 3340.55, 400 / 2900, 40 / 2900
    assert [(number, *shares) for number, _, *shares in EXAMPLE.shares()] == [
        (4, D("86.95"), D("86.81")),
        (5, D("13.34"), D("13.79")),
        (6, D("1.67"), D("1.38")),
    ]


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        ("1", "800", "0.13"),  # 0.125: a half goes up, not to the even one
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("0.00", "5", "0.00"),
        ("12", "10", "120.00"),
        (None, "5", None),
        ("5", None, None),
        ("5", "0.00", None),
    ],
)
def test_percentages_have_two_places_and_round_a_half_up(part, whole, share):
    part, whole = (amount and D(amount) for amount in (part, whole))
    assert percentage(part, whole) == (share and D(share))


def test_costs_that_differ_from_the_sources_are_told_by_column():
    # planned 3450.10 both ways; spent 3340.55 of 2900.55 + 400 + 40
    assert list(EXAMPLE.mismatches()) == []
    less = costs((2023, "", "biuro", "10.00", "9.00"), grant=("10.00", "10.50"))
    assert [sentence.replace("\u00a0", " ") for sentence in less.mismatches()] == [
        "Kolumna „faktycznie poniesione”: koszty 9,00 zł, źródła 10,50 zł, różnica 1,50 zł."
    ]


def test_what_accounting_writes_is_not_compared():
    left = costs((2023, "", "biuro", "10.00", "9.00"), is_left_to_accounting=True)
    assert list(left.mismatches()) == []


def test_nothing_given_is_empty_and_a_zero_is_not():
    assert costs().is_empty
    assert costs((2023, "", "biuro", None, None), grant=(None, None)).is_empty
    assert not costs(grant=("0.00", None)).is_empty


@pytest.mark.usefixtures("db")
def test_saved_cells_are_read_by_year_and_action(coordinator, project):
    report = draft_of(coordinator)
    advice = project.activities.create(name="Doradztwo")
    for year, activity in ((2023, None), (2023, advice)):
        report.costs.create(year=year, activity=activity, name="koszt", planned=D("1.10"))
    report.sources.create(source="grant", actual=D("2.20"))
    costs = Costs.of(report)
    assert [cost.activity for cost in costs.costs] == ["Doradztwo", ""]
    assert costs.total == Amounts(D("2.20"), None)
    assert costs.sources == {"grant": Amounts(None, D("2.20"))}
