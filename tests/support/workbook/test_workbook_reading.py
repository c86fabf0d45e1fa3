"""Every kind of error with its sheet, row and column, and every cell that must be read."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from entities.models import LocalGovernment
from support.models import Theme
from support.workbook import contract
from support.workbook.files import BookFile
from support.workbook.reader import read_book
from tests.support.workbook.workbooks import DAY, LATER, Tables, with_failed_cells

pytestmark = pytest.mark.usefixtures("db")


def errors_of(tables):
    errors = read_book(tables).errors
    return [(error.sheet, error.row, error.column, error.kind) for error in errors]


def test_read_book_of_a_right_workbook_has_no_errors():
    assert errors_of(Tables()) == []


def test_read_book_reports_a_missing_sheet_and_a_wrong_header_alone():
    tables = Tables().put("Wdrożenia", 1, "Rodzaj", "Typ").put("Podmioty", 2, "NIP", "123")
    tables["Osoby"][0][1:3] = ["Nazwisko", "Imię"]
    tables["Terminy"][0].append("Uwagi")
    del tables["Kadra"]
    assert errors_of(tables) == [
        ("Osoby", 1, "Imię", "wrong_header"),
        ("Osoby", 1, "Nazwisko", "wrong_header"),
        ("Terminy", 1, None, "wrong_header"),
        ("Wdrożenia", 1, "Rodzaj", "wrong_header"),
        ("Kadra", None, None, "missing_sheet"),
    ]


def test_read_book_takes_an_empty_sheet_for_wrong_headers():
    tables = Tables()
    tables["Statusy PS"] = []
    headers = ["Podmiot", "Podstawa", "Numer decyzji", "Od", "Do"]
    assert errors_of(tables) == [("Statusy PS", 1, header, "wrong_header") for header in headers]


REQUIRED = [
    (sheet.name, column.header) for sheet in contract.SHEETS for column in sheet.columns
    if column.required
]  # fmt: skip


def test_contract_requires_the_columns_of_the_exchange_format():
    assert REQUIRED == [
        ("Podmioty", "Kod"), ("Podmioty", "Nazwa"), ("Podmioty", "Forma prawna"),
        ("Statusy PS", "Podmiot"), ("Statusy PS", "Podstawa"), ("Statusy PS", "Od"),
        ("Osoby", "Kod"), ("Osoby", "Imię"), ("Osoby", "Nazwisko"), ("Osoby", "Płeć"),
        ("Reprezentacje", "Osoba"), ("Reprezentacje", "Podmiot"),
        ("Usługi", "Nr"), ("Usługi", "Rodzaj"), ("Usługi", "Temat"), ("Usługi", "Doradca"),
        ("Usługi", "Stan"),
        ("Terminy", "Usługa"), ("Terminy", "Data"), ("Terminy", "Od"), ("Terminy", "Do"),
        ("Obecności", "Usługa"), ("Obecności", "Data"), ("Obecności", "Osoba"),
        ("Obecności", "Podmiot"),
        ("Współpraca JST", "Nr"), ("Współpraca JST", "TERYT"), ("Współpraca JST", "Rodzaj"),
        ("Współpraca JST", "Data"),
        ("Wdrożenia", "Nr"), ("Wdrożenia", "Podmiot"), ("Wdrożenia", "Rodzaj"),
        ("Wdrożenia", "Data"),
        ("Kadra", "Pracownik"), ("Kadra", "Temat"), ("Kadra", "Od"),
    ]  # fmt: skip


def replica(sheet):
    """A valid further row, which nothing points at."""
    rows = {
        "Podmioty": ["P9", "Inny", "fundacja"],
        "Statusy PS": ["P1", "wojewoda", None, DAY],
        "Osoby": ["O9", "Anna", "Próbna", "K"],
        "Reprezentacje": ["O2", "P1"],
        "Usługi": ["U/9", "szkolenie", "Inne", "Kinga Łącka", None, None, None, "szkic"],
        "Terminy": ["U/3", DAY, time(9), time(10)],
        "Obecności": ["U/1", DAY, "O2", "P2"],
        "Współpraca JST": ["J9", "1462", "spotkanie", None, DAY],
        "Wdrożenia": ["W9", "P1", "cyfrowe", DAY],
        "Kadra": ["Kinga Łącka", "Kurs", None, DAY],
    }
    return rows[sheet]


@pytest.mark.parametrize(("sheet", "header"), REQUIRED)
@pytest.mark.parametrize("empty", [None, "", " \u00a0"])
def test_read_book_reports_an_empty_required_cell(sheet, header, empty):
    tables = Tables().add(sheet, *replica(sheet))
    row = len(tables[sheet])
    assert errors_of(tables) == []
    assert errors_of(tables.put(sheet, row, header, empty)) == [(sheet, row, header, "required")]


WRONG_CELLS = [
    ("Podmioty", 2, "Forma prawna", "spółka jawna", "unknown_value"),
    ("Podmioty", 2, "NIP", "1234563219", "bad_nip"),
    ("Podmioty", 2, "NIP", "123456321", "bad_nip"),
    ("Podmioty", 2, "NIP", "0000000000", "bad_nip"),
    ("Podmioty", 2, "NIP", "brak", "bad_nip"),
    ("Podmioty", 2, "REGON", "016375289", "bad_regon"),
    ("Podmioty", 2, "REGON", "123456", "bad_regon"),
    ("Podmioty", 2, "REGON", "01637528900000", "bad_regon"),
    ("Podmioty", 2, "REGON", "000000000", "bad_regon"),
    ("Podmioty", 2, "KRS", "12345678901", "bad_krs"),
    ("Podmioty", 2, "KRS", 0.0, "bad_krs"),
    ("Podmioty", 2, "Kod pocztowy", "9-40", "bad_postal_code"),
    ("Podmioty", 2, "Kod pocztowy", "094021", "bad_postal_code"),
    ("Podmioty", 2, "TERYT gminy", "1499012", "unknown_teryt"),
    ("Podmioty", 2, "TERYT gminy", "1462", "unknown_teryt"),
    ("Podmioty", 2, "Data rejestracji", "30.02.2023", "bad_date"),
    ("Podmioty", 2, "Data rejestracji", 40000.0, "bad_date"),
    ("Podmioty", 2, "Data wykreślenia", date(2010, 2, 28), "end_before_start"),
    ("Podmioty", 2, "Podmiot prowadzący", "P8", "unknown_reference"),
    ("Podmioty", 2, "Podmiot prowadzący", "P1", "unknown_reference"),
    ("Podmioty", 2, "Podmiot prowadzący", "p2", "unknown_reference"),
    ("Podmioty", 5, "Grupa inicjatywna", "P2", "unknown_reference"),
    ("Podmioty", 5, "Grupa inicjatywna", "G2", "unknown_reference"),
    ("Podmioty", 4, "Kod", "P1", "duplicate"),
    ("Podmioty", 2, "Data zgłoszenia", "wczoraj", "bad_date"),
    ("Podmioty", 2, "Nazwa", "x" * 301, "too_long"),
    ("Statusy PS", 2, "Podmiot", "P8", "unknown_reference"),
    ("Statusy PS", 2, "Podstawa", "gmina", "unknown_value"),
    ("Statusy PS", 2, "Do", date(2019, 12, 31), "end_before_start"),
    ("Osoby", 2, "Płeć", "X", "unknown_value"),
    ("Osoby", 2, "Data urodzenia", "1980", "bad_date"),
    ("Osoby", 2, "TERYT gminy", "9999999", "unknown_teryt"),
    ("Osoby", 2, "Data oświadczenia RODO", "2022-13-01", "bad_date"),
    ("Osoby", 3, "Kod", "O1", "duplicate"),
    ("Reprezentacje", 2, "Osoba", "O8", "unknown_reference"),
    ("Reprezentacje", 2, "Podmiot", "P8", "unknown_reference"),
    ("Reprezentacje", 2, "Do", date(2019, 12, 31), "end_before_start"),
    ("Usługi", 2, "Rodzaj", "doradztwo wszelkie", "unknown_value"),
    ("Usługi", 2, "Stan", "zwrócona", "unknown_value"),
    ("Usługi", 2, "Tryb", "gołębiem", "unknown_value"),
    ("Usługi", 2, "Podmioty", "P1; P8", "unknown_reference"),
    ("Usługi", 2, "Zagadnienia", "ekologia; sport", "unknown_value"),
    ("Usługi", 4, "Nr", "U/1", "duplicate"),
    ("Usługi", 2, "Doradca", " ; ", "required"),
    ("Terminy", 2, "Usługa", "U/8", "unknown_reference"),
    ("Terminy", 2, "Data", "2022-05-32", "bad_date"),
    ("Terminy", 2, "Od", "25:00", "bad_time"),
    ("Terminy", 2, "Do", "9:60", "bad_time"),
    ("Terminy", 2, "Do", time(9), "end_before_start"),
    ("Terminy", 2, "Do", time(8, 59), "end_before_start"),
    ("Terminy", 2, "Przerwa (min)", -1, "bad_number"),
    ("Terminy", 2, "Przerwa (min)", 150, "bad_number"),
    ("Terminy", 2, "Przerwa (min)", "kwadrans", "bad_number"),
    ("Terminy", 2, "Przerwa (min)", "1,5", "bad_number"),
    ("Terminy", 4, "Data", DAY, "duplicate"),
    ("Obecności", 2, "Usługa", "U/8", "unknown_reference"),
    ("Obecności", 2, "Data", LATER, "no_term"),
    ("Obecności", 2, "Data", "10.5.22", "bad_date"),
    ("Obecności", 2, "Osoba", "O8", "unknown_reference"),
    ("Obecności", 2, "Podmiot", "P8", "unknown_reference"),
    ("Współpraca JST", 2, "TERYT", "1499", "unknown_teryt"),
    ("Współpraca JST", 2, "TERYT", "146201", "unknown_teryt"),
    ("Współpraca JST", 2, "Rodzaj", "umowa", "unknown_value"),
    ("Współpraca JST", 2, "Data", "31.06.2023", "bad_date"),
    ("Współpraca JST", 2, "Podmioty", "P1; P8", "unknown_reference"),
    ("Wdrożenia", 2, "Podmiot", "P8", "unknown_reference"),
    ("Wdrożenia", 2, "Rodzaj", "kolejowe", "unknown_value"),
    ("Wdrożenia", 2, "Usługi", "U/1; U/8", "unknown_reference"),
    ("Kadra", 2, "Do", date(2023, 3, 8), "end_before_start"),
    ("Kadra", 2, "Godziny", 1000.5, "too_long"),
    ("Kadra", 2, "Godziny", "-2", "bad_number"),
    ("Kadra", 2, "Godziny", -2.0, "bad_number"),
    ("Kadra", 2, "Godziny", "1e3", "bad_number"),
]  # fmt: skip


# What else is wrong when the cell is: a code or a day that rows point at is gone.
RIPPLES = {
    ("Podmioty", 4, "Kod"): [
        ("Podmioty", 5, "Grupa inicjatywna", "unknown_reference"),
        ("Usługi", 3, "Podmioty", "unknown_reference"),
        ("Obecności", 5, "Podmiot", "unknown_reference"),
    ],
    ("Osoby", 3, "Kod"): [
        ("Reprezentacje", 3, "Osoba", "unknown_reference"),
        ("Obecności", 4, "Osoba", "unknown_reference"),
    ],
    ("Terminy", 2, "Usługa"): [("Obecności", 2, "Data", "no_term")],
    ("Terminy", 4, "Data"): [("Obecności", 5, "Data", "no_term")],
}


@pytest.mark.parametrize(("sheet", "row", "header", "cell", "kind"), WRONG_CELLS)
def test_read_book_reports_a_wrong_cell(sheet, row, header, cell, kind):
    tables = Tables().put(sheet, row, header, cell)
    ripples = RIPPLES.get((sheet, row, header), [])
    assert errors_of(tables) == [(sheet, row, header, kind), *ripples]


def test_read_book_reports_everything_at_once():
    """One error of each kind, in rows of their own: none hides another."""
    tables = Tables()
    tables.add("Podmioty", "P4", "Inny", "fundacja", "1234563219").put(
        "Podmioty", 2, "REGON", "016375289"
    ).put("Podmioty", 3, "KRS", "x").put("Podmioty", 3, "Kod pocztowy", "9").put(
        "Podmioty", 5, "TERYT gminy", "1"
    ).put("Podmioty", 4, "Nazwa", "")
    tables.add("Osoby", "O1", "Ewa", "Próbna", "K").put("Osoby", 3, "Płeć", "?")
    tables.put("Statusy PS", 2, "Do", "1.1.2019").put("Usługi", 3, "Podmioty", "P1;P7")
    tables.add("Terminy", "U/3", DAY, "9.00", "9.77")
    tables.add("Terminy", "U/1", LATER, time(9), time(10), -5)
    tables.add("Obecności", "U/3", LATER, "O1", "P1")
    tables.put("Kadra", 2, "Od", "30.02.2023")
    assert errors_of(tables) == [
        ("Podmioty", 2, "REGON", "bad_regon"),
        ("Podmioty", 3, "KRS", "bad_krs"),
        ("Podmioty", 3, "Kod pocztowy", "bad_postal_code"),
        ("Podmioty", 4, "Nazwa", "required"),
        ("Podmioty", 5, "TERYT gminy", "unknown_teryt"),
        ("Podmioty", 6, "NIP", "bad_nip"),
        ("Statusy PS", 2, "Do", "end_before_start"),
        ("Osoby", 3, "Płeć", "unknown_value"),
        ("Osoby", 4, "Kod", "duplicate"),
        ("Usługi", 3, "Podmioty", "unknown_reference"),
        ("Terminy", 5, "Do", "bad_time"),
        ("Terminy", 6, "Przerwa (min)", "bad_number"),
        ("Obecności", 6, "Data", "no_term"),
        ("Kadra", 2, "Od", "bad_date"),
    ]


COLUMNS = [(sheet.name, column.header) for sheet in contract.SHEETS for column in sheet.columns]
ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"]
ERRORS += ["#SPILL!", "#CALC!", "#FIELD!", "#N/D", "#ADR!", "#DZIEL/0!", "#ARG!", "#NAZWA?"]
ERRORS += ["#LICZBA!", "#ZERO!", "Err:502", "#########"]


@pytest.mark.parametrize(("sheet", "header"), COLUMNS)
def test_read_book_refuses_an_error_of_the_spreadsheet_in_any_column(sheet, header):
    tables = Tables().add(sheet, *replica(sheet))
    row = len(tables[sheet])
    for error in ERRORS:
        errors = read_book(tables.put(sheet, row, header, error)).errors
        assert [
            cell.value
            for cell in errors
            if (cell.sheet, cell.row, cell.column) == (sheet, row, header)
        ] == [error]


@pytest.mark.parametrize("error", ERRORS)
def test_read_book_names_every_failed_cell_of_a_real_file(tmp_path, error):
    """Cells of the type of an error, which the reader of sheets gives as empty ones."""
    tables = Tables()
    rows = {name: len(tables.add(name, *replica(name))[name]) for name in tables}
    for sheet, header in COLUMNS:
        tables.put(sheet, rows[sheet], header, error)
    path = with_failed_cells(tables.xlsx(tmp_path / "skoroszyt.xlsx"), error)
    assert {
        (cell.sheet, cell.column)
        for cell in read_book(BookFile(path)).errors
        if (cell.row, cell.value) == (rows[cell.sheet], error)
    } == set(COLUMNS)


def test_read_book_refuses_a_row_of_nothing_but_a_failed_cell(tmp_path):
    path = Tables().add("Podmioty", *[None] * 8, "#N/A").xlsx(tmp_path / "skoroszyt.xlsx")
    errors = read_book(BookFile(with_failed_cells(path, "#N/A"))).errors
    assert ("Podmioty", 6, "Data wykreślenia", "bad_date") in [error[:4] for error in errors]


def test_read_book_refuses_an_error_among_several_codes():
    tables = Tables().put("Usługi", 3, "Doradca", "Kinga Łącka; #N/A")
    assert errors_of(tables) == [("Usługi", 3, "Doradca", "unknown_value")]


def test_read_book_takes_text_that_only_begins_like_an_error():
    tables = Tables().put("Wdrożenia", 2, "Opis", "#N/A w arkuszu")
    assert errors_of(tables.put("Osoby", 2, "Telefon", "# 24 000 00 01")) == []


@pytest.mark.parametrize(("sheet", "header"), COLUMNS)
def test_read_book_refuses_a_control_character_in_any_column(sheet, header):
    tables = Tables().add(sheet, *replica(sheet))
    row = len(tables[sheet])
    for sign in "\x00\x01\x0b\x1f\x85":
        errors = read_book(tables.put(sheet, row, header, f"1{sign}")).errors
        assert [
            cell.value
            for cell in errors
            if (cell.sheet, cell.row, cell.column) == (sheet, row, header)
        ] == ["1\ufffd"]


def test_read_book_takes_a_cell_of_several_lines():
    assert errors_of(Tables().put("Wdrożenia", 2, "Opis", "Strona\r\n\tSklep")) == []


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        (["ewa  PIÓRKOWSKA", "Dostępność", "Kursy", DAY, None, 7.5, "Z/1"], []),
        (["Ewa Piórkowska", "Dostępność", "Kursy", LATER, LATER, 7.5, "Z/1"], []),
        (["Ewa Piórkowska", "Dostępność", "Kursy", LATER, None, 8, "Z/1"], ["duplicate"]),
        (["Ewa Piórkowska", "Dostępność", None, LATER, None, 7.5, "Z/1"], ["duplicate"]),
    ],
)
def test_read_book_refuses_unlike_rows_of_one_training(cells, errors):
    first = ["Ewa Piórkowska", "Dostępność", "Kursy", LATER, LATER, 7.5, "Z/1"]
    tables = Tables().add("Kadra", *first).add("Kadra", *cells)
    assert errors_of(tables) == [("Kadra", 4, "Od", kind) for kind in errors]


def test_read_book_takes_a_row_with_an_error_for_a_definition_of_its_code():
    tables = Tables().put("Podmioty", 2, "NIP", "1").put("Osoby", 2, "Imię", "")
    tables.put("Podmioty", 4, "Forma prawna", "grupa").put("Usługi", 2, "Stan", "?")
    tables.put("Terminy", 3, "Od", "rano")
    assert errors_of(tables) == [
        ("Podmioty", 2, "NIP", "bad_nip"),
        ("Podmioty", 4, "Forma prawna", "unknown_value"),
        ("Osoby", 2, "Imię", "required"),
        ("Usługi", 2, "Stan", "unknown_value"),
        ("Terminy", 3, "Od", "bad_time"),
    ]


def test_read_book_does_not_blame_attendances_for_a_day_of_a_term_it_could_not_read():
    tables = Tables().put("Terminy", 2, "Data", "10.05.22")
    assert errors_of(tables) == [("Terminy", 2, "Data", "bad_date")]


def test_read_book_reports_the_second_of_two_equal_attendances():
    tables = Tables().add("Obecności", "U/1", "10.05.2022", "O1 ", "P1")
    assert errors_of(tables) == [("Obecności", 6, "Osoba", "duplicate")]


def test_read_book_counts_rows_as_the_sheet_does():
    tables = Tables()
    tables["Osoby"][2:2] = [[None] * 9, ["", " ", "\u00a0", "", "", "", "", "", ""]]
    tables.put("Osoby", 5, "Płeć", "?")
    assert errors_of(tables) == [("Osoby", 5, "Płeć", "unknown_value")]


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("Statusy PS", ["P1", "wojewoda", "", DAY, DAY]),
        ("Statusy PS", ["P1", "OWES", "", date(2021, 1, 1), date(2025, 1, 1)]),
        ("Usługi", ["U/9", "szkolenie", "Stare", "Nowy Doradca", "", "", "", "anulowana"]),
        ("Terminy", ["U/1", date(2030, 1, 1), time(9), time(21)]),
        ("Terminy", ["U/3", DAY, time(20), time(8)]),
        ("Terminy", ["U/3", DAY, time(0), time(23, 59), 1438]),
        ("Obecności", ["U/1", DAY, "O1", "P2"]),
        ("Podmioty", ["P9", "WTZ Próba", "wtz", "1234563218"]),
        ("Podmioty", ["P9", "WTZ Próba", "klub sportowy"]),
        ("Kadra", ["Ewa Piórkowska", "Dostępność", "", date(2023, 3, 9), date(2023, 3, 9)]),
    ],
)
def test_read_book_takes_what_is_strange_but_valid(sheet, cells):
    assert errors_of(Tables().add(sheet, *cells)) == []


def cell(tables, sheet, field, row=0):
    book = read_book(tables)
    assert book.errors == []
    return getattr(book[sheet][row], field)


@pytest.mark.parametrize(
    ("sheet", "header", "written", "field", "read"),
    [
        (contract.ENTITIES, "Kod", " P1\u00a0", "code", "P1"),
        (contract.ENTITIES, "Nazwa", '  KGW  "Łąka" - OSP\u00a0', "name", 'KGW  "Łąka" - OSP'),
        (contract.ENTITIES, "Miejscowość", "Nowy\u00a0Duninów", "locality", "Nowy Duninów"),
        (contract.ENTITIES, "Forma prawna", "Klub\u00a0SPORTOWY ", "legal_form", "sports_club"),
        (contract.ENTITIES, "NIP", 1234563218.0, "nip", "1234563218"),
        (contract.ENTITIES, "NIP", "PL 123-456-32-18", "nip", "1234563218"),
        (contract.ENTITIES, "REGON", 16375288.0, "regon", "016375288"),
        (contract.ENTITIES, "REGON", 1637528800000.0, "regon", "016375288"),
        (contract.ENTITIES, "KRS", 98765.0, "krs", "0000098765"),
        (contract.ENTITIES, "Kod pocztowy", 9402.0, "postal_code", "09-402"),
        (contract.ENTITIES, "Kod pocztowy", "09402", "postal_code", "09-402"),
        (contract.ENTITIES, "Telefon", 242660001.0, "phone", "242660001"),
        (contract.ENTITIES, "Data rejestracji", "1.3.2010 ", "registered_on", date(2010, 3, 1)),
        (contract.ENTITIES, "Data rejestracji", "2010-03-01", "registered_on", date(2010, 3, 1)),
        (
            contract.ENTITIES,
            "Data rejestracji",
            datetime(2010, 3, 1, 12, 30),
            "registered_on",
            date(2010, 3, 1),
        ),
        (contract.STATUSES, "Numer decyzji", date(2020, 1, 12), "decision_number", "12.01.2020"),
        (contract.PEOPLE, "Płeć", "Kobieta ", "sex", "K"),
        (contract.PEOPLE, "Płeć", "MĘŻCZYZNA", "sex", "M"),
        (contract.PEOPLE, "Płeć", "m", "sex", "M"),
        (contract.SERVICES, "Doradca", " Ewa  Piórkowska ", "advisers", ("Ewa  Piórkowska",)),
        (contract.SERVICES, "Podmioty", ";P2 ;; P1;P2", "entities", ("P2", "P1")),
        (contract.SERVICES, "Stan", "SZKIC", "state", "draft"),
        (contract.SERVICES, "Tryb", "E-Mail", "mode", "email"),
        (contract.SESSIONS, "Od", "9.00", "start", time(9)),
        (contract.SESSIONS, "Od", "9:05", "start", time(9, 5)),
        (contract.SESSIONS, "Przerwa (min)", 15.0, "break_minutes", 15),
        (contract.SESSIONS, "Przerwa (min)", None, "break_minutes", 0),
        (contract.TRAININGS, "Godziny", 7.5, "hours", Decimal("7.5")),
        (contract.TRAININGS, "Godziny", "7,5", "hours", Decimal("7.5")),
    ],
)
def test_read_book_reads_cells_as_people_type_them(sheet, header, written, field, read):
    assert cell(Tables().put(sheet.name, 2, header, written), sheet, field) == read


@pytest.mark.parametrize(
    ("sheet", "field", "written", "code"),
    [
        (contract.ENTITIES, "seat", "1419022", "141902"),
        (contract.ENTITIES, "seat", 1419143.0, "141914"),
        (contract.ENTITIES, "seat", "1404011", "140401"),
        (contract.ENTITIES, "seat", "1465028", "1465"),
        (contract.ENTITIES, "seat", "202011", "020201"),
        (contract.ENTITIES, "seat", "1419024", "141902"),
        (contract.PARTNERSHIPS, "local_government", "1462011", "1462"),
        (contract.PARTNERSHIPS, "local_government", 1462.0, "1462"),
        (contract.PARTNERSHIPS, "local_government", 2.0, "02"),
        (contract.PARTNERSHIPS, "local_government", "201", "0201"),
    ],
)
def test_read_book_finds_the_local_government_of_a_teryt_code(sheet, field, written, code):
    tables = Tables().put(sheet.name, 2, sheet.header(field), written)
    assert cell(tables, sheet, field) == LocalGovernment.objects.get(code=code).pk


def test_read_book_reads_themes_each_once():
    tables = Tables().put("Usługi", 2, "Zagadnienia", "Ekologia; współpraca z jst;EKOLOGIA")
    wanted = [Theme.objects.get(name=name).pk for name in ("ekologia", "współpraca z JST")]
    assert cell(tables, contract.SERVICES, "themes") == tuple(wanted)


def minutes(day, start, end, pause=None):
    tables = Tables().add("Terminy", "U/3", day, start, end, pause)
    book = read_book(tables)
    assert book.errors == []
    return book.terms["U/3"][day][-1]


def test_read_book_measures_terms_by_their_instants():
    assert minutes(DAY, "23:00", "1:00") == 120
    assert minutes(DAY, "9:00", "15:00", 45) == 315
    spring, autumn = date(2023, 3, 25), date(2023, 10, 28)
    assert minutes(spring, "23:00", "5:00") == 300
    assert minutes(autumn, "23:00", "5:00") == 420
    assert minutes(date(2023, 10, 29), "2:30", "4:00") == 150


def test_read_book_refuses_an_hour_that_the_clock_change_skips():
    spring = date(2023, 3, 26)
    assert errors_of(Tables().add("Terminy", "U/3", spring, "2:30", "5:00")) == [
        ("Terminy", 5, "Od", "bad_time")
    ]
    assert errors_of(Tables().add("Terminy", "U/3", spring, "1:00", "2:30")) == [
        ("Terminy", 5, "Do", "bad_time")
    ]


def test_read_book_takes_the_same_queries_for_any_number_of_rows(django_assert_num_queries):
    tables = Tables()
    with django_assert_num_queries(5):
        read_book(tables)
    for number in range(200):
        tables.add("Podmioty", f"X{number}", "Inny", "fundacja")
    with django_assert_num_queries(5):
        read_book(tables)
