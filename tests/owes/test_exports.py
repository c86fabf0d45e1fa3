import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from owes.exports import FORMULA_STARTS, Workbook, safe_cell
from owes.lists.exporting import export
from owes.models import User
from owes.tables import Column, DayColumn, HoursColumn, NumberColumn, Table, paged

ROWS = [
    {"name": "Żuraw", "day": date(2024, 3, 9), "minutes": 255, "rate": Decimal("12.50")},
    {"name": "=1+1", "day": None, "minutes": 0, "rate": None},
]


class Listed(Table):
    caption = "Usługi: wykaz [2024]"

    name = Column(verbose_name="Nazwa")
    day = DayColumn(verbose_name="Dzień")
    minutes = HoursColumn(verbose_name="Czas")
    rate = NumberColumn(verbose_name="Stawka")


def exported(wanted, rows=ROWS, per_page=25):
    request = RequestFactory().get("/", {"format": wanted})
    request.user = User(name="Ewa Próbna")
    table = paged(request, Listed(rows), per_page=per_page)
    with time_machine.travel("2024-11-30 23:30+00:00", tick=False):
        return export(request, table, "uslugi", [("Szukaj", "=łąka")])


def opened(response):
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content))


def test_xlsx_has_real_days_and_numbers_and_no_formula():
    response = exported("xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="uslugi-2024-12-01.xlsx"'
    book = opened(response)
    assert book.sheet_names == ["Usługi  wykaz  2024 ", "Parametry"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Nazwa", "Dzień", "Czas (min)", "Stawka"],
        ["Żuraw", date(2024, 3, 9), 255.0, 12.5],
        ["=1+1", "", 0.0, ""],
    ]


def test_xlsx_says_what_it_is():
    assert opened(exported("xlsx")).get_sheet_by_name("Parametry").to_python() == [
        ["Parametr", "Wartość"],
        ["Lista", "Usługi: wykaz [2024]"],
        ["Sporządzono", "01.12.2024, 00:30"],
        ["Kto", "Ewa Próbna"],
        ["Liczba wierszy", 2.0],
        ["Szukaj", "=łąka"],
    ]


def test_csv_is_text_as_it_is_written_in_poland():
    response = exported("csv")
    assert response["Content-Disposition"] == 'attachment; filename="uslugi-2024-12-01.csv"'
    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Nazwa", "Dzień", "Czas (min)", "Stawka"],
        ["Żuraw", "09.03.2024", "255", "12,50"],
        ["'=1+1", "", "0", ""],
    ]


@pytest.mark.parametrize("wanted", ["xlsx", "csv"])
def test_file_has_the_rows_of_all_pages(wanted):
    response = exported(wanted, rows=ROWS * 20, per_page=3)
    if wanted == "csv":
        assert len(response.content.splitlines()) == 41
    else:
        assert len(opened(response).get_sheet_by_index(0).to_python()) == 41


@pytest.mark.parametrize("wanted", ["", "pdf"])
def test_page_that_asks_for_no_file_gets_none(wanted):
    assert exported(wanted) is None


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_of_a_formula_is_kept_as_text(start):
    assert safe_cell(f"{start}cmd|' /C calc'!A0")[0] == "'"


def test_control_characters_fall_off_before_the_beginning_is_looked_at():
    assert safe_cell("\x00=1+1\x07") == "'=1+1"
    assert safe_cell("'=1+1") == "''=1+1"


@given(st.text())
def test_no_text_becomes_a_formula_or_breaks_the_file(text):
    book = Workbook()
    book.sheet("A", ["a"], [[text]])
    content = io.BytesIO(book.bytes())
    CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    with zipfile.ZipFile(content) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert not safe_cell(text).startswith(FORMULA_STARTS)
