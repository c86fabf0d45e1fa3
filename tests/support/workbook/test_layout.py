"""Where the table of a register begins and ends in a file, and names of one column."""

import pytest

from support.workbook.contract import ENTITIES, PEOPLE, TRAININGS
from support.workbook.layout import RegisterTable, table_in, without_totals
from tests.factories import PersonFactory

TITLE = ["WYKAZ PODMIOTÓW – stan na 30.09.2024 r.", "", ""]
HEADER = ["Lp.", "Nazwa podmiotu", "Forma prawna"]
ROW = [1.0, "Fundacja Wspólny Próg", "fundacja"]


@pytest.mark.parametrize(
    ("above", "header_row"),
    [
        ([], 1),
        ([TITLE], 2),
        ([TITLE, ["województwo mazowieckie"], []], 4),
        ([[], [""]], 3),
    ],
)
def test_the_header_is_the_row_that_names_most_columns(above, header_row):
    table = table_in([*above, HEADER, ROW], ENTITIES)
    assert (table.header_row, table.rows) == (header_row, [HEADER, ROW])


def test_the_first_filled_row_is_the_header_when_none_names_columns():
    table = table_in([[], ["x", "y"], ["1", "2"]], TRAININGS)
    assert (table.header_row, table.rows) == (2, [["x", "y"], ["1", "2"]])
    assert table_in([], ENTITIES).rows == []


def entities(*ends):
    """The table with the columns of the contract and these texts at the end."""
    body = [["P1", "Fundacja Próg", "fundacja"], *ends]
    return RegisterTable([ENTITIES.headers, *body], header_row=4)


@pytest.mark.parametrize(
    ("ends", "left_out"),
    [
        ([], ()),
        ([["", "RAZEM: 1 podmiot", ""]], ((6, "RAZEM: 1 podmiot"),)),
        (
            [["Razem", "", "1"], [], ["* zgodnie z ustawą"]],
            ((6, "Razem"), (8, "* zgodnie z ustawą")),
        ),
        ([["Sporządziła: E. P."]], ((6, "Sporządziła: E. P."),)),
        # Records, and what is no record but has to be told as a mistake.
        ([["", "Razem Przy Piecu", "koło gospodyń wiejskich"]], ()),
        ([["", "Fundacja bez formy", ""]], ()),
        ([["", "RAZEM", ""], ["P2", "Fundacja Druga", "fundacja"]], ()),
    ],
)
def test_totals_and_notes_below_the_table_are_no_rows(ends, left_out):
    table = without_totals(entities(*ends), ENTITIES)
    assert table.left_out == left_out
    assert len(table.rows) == 2 + len(ends)
    kept = [row for row in table.rows[2:] if any(row)]
    assert len(kept) == len([end for end in ends if any(end)]) - len(left_out)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("header", "name", "first_name", "last_name"),
    [
        ("Imię i nazwisko", "Paulina Próbna", "Paulina", "Próbna"),
        ("IMIĘ I NAZWISKO uczestnika*", "Paulina Próbna-Wzór", "Paulina", "Próbna-Wzór"),
        ("Imię i nazwisko", "Anna Maria Próbna", "Anna Maria", "Próbna"),
        ("Imię i nazwisko", "Anna Próbna Wzór", "Anna", "Próbna Wzór"),
        ("Nazwisko i imię", "Próbna Paulina", "Paulina", "Próbna"),
        ("Nazwisko i imię", "Próbna Wzór Anna", "Anna", "Próbna Wzór"),
        ("Imię i nazwisko", "Próbna", "Próbna", ""),
    ],
)
def test_a_column_of_whole_names_is_read_as_two(header, name, first_name, last_name):
    for known in ("Anna", "Maria"):
        PersonFactory(first_name=known)
    rows = [["Kod", header, "Płeć"], ["O1", name, "K"]]
    assert table_in(rows, PEOPLE).rows == [
        ["Kod", "Imię", "Nazwisko", "Płeć"],
        ["O1", first_name, last_name, "K"],
    ]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "headers",
    [
        ["Kod", "Imię", "Nazwisko", "Imię i nazwisko"],
        ["Kod", "Imię i nazwisko opiekuna", "Płeć"],
    ],
)
def test_names_of_nobody_asked_for_stay_one_column(headers):
    assert table_in([headers], PEOPLE).rows == [headers]
