"""Cells of a workbook replaced at random: refused with their place, or read and shown.

RANDOM_CELLS says how many changes are tried.
"""

import os
import random
from datetime import date, datetime, time

import pytest
import xlsxwriter
from django.db import transaction

from indicators.counting.verifying import numbers_by_day
from support.workbook.contract import SHEETS
from support.workbook.files import BookFile
from support.workbook.identity import identify
from support.workbook.importing import save_book
from support.workbook.outcomes import outcomes_of
from support.workbook.reader import read_book
from tests.support.workbook.workbooks import Tables, with_failed_cells

CHANGES = int(os.environ.get("RANDOM_CELLS", "30"))
FAILED = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"]
VALUES = [
    *(None, "", " ", "\xa0", 0, -1, 7, 3.5, 10**15, True, False, 45000, 0.5),
    *("x", "P1", "P9", "O1", "U/1", "U/9", "Ł" * 400, "a\nb", "\x01", "_x0000_", "\ufffd", "🙂"),
    *("30.02.2023", "5.4.2022", "2022-04-05", "05/04/22", "wczoraj", "9:75", "9.30", "24:00"),
    *("=1+1", "'05", "K", "kobieta", "zatwierdzona", "ZATWIERDZONA", "anulowana", "szkolenie"),
    *("P1; P2", "P1;;P1", "1419022", "1419999", "141902", "1462011", "00-000", "***"),
    *(date(2023, 1, 1), datetime(2023, 1, 1, 12, 30), time(9), date(1899, 12, 31)),
    *FAILED,
]


class Rolled(Exception):
    """Takes back what was tried."""


def written(path, tables, hidden, merged):
    """As `Tables.xlsx`, with a sheet hidden or two cells of a column merged."""
    tables.xlsx(path)
    if not (hidden or merged):
        return path
    book = xlsxwriter.Workbook(path)
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                is_moment = isinstance(cell, date | time)
                write = sheet.write_datetime if is_moment else sheet.write
                if cell is not None:
                    write(number, column, cell, *([days] if is_moment else []))
        if name == hidden:
            sheet.hide()
        if merged and merged[0] == name:
            _, row, column = merged
            sheet.merge_range(row, column, row + 1, column, "x")
            sheet.write(row, column, rows[row][column] or "")
    book.worksheets()[-1].activate()
    book.close()
    return path


def read(path, project):
    book = read_book(BookFile(path), project=project)
    identify(book, {})
    return book


def tried(book, project):
    """`(rows shown to be others, numbers after)`; nothing is saved."""
    try:
        with transaction.atomic():
            outcome = save_book(book, project, "próba")
            shown = [
                row for row in outcomes_of(book, outcome.written) if row.outcome != "unchanged"
            ]
            found = shown, numbers_by_day()
            raise Rolled
    except Rolled:
        return found


@pytest.mark.parametrize("seed", range(CHANGES))
def test_a_changed_cell_is_refused_by_name_or_read_and_shown(project, tmp_path, seed, settled):
    chance = random.Random(seed)
    tables = Tables()
    sheet = chance.choice(SHEETS)
    row = chance.randrange(1, len(tables[sheet.name]))
    column = chance.randrange(len(sheet.columns))
    value, old = chance.choice(VALUES), tables[sheet.name][row][column]
    tables[sheet.name][row][column] = value
    hidden = chance.choice([None, None, None, sheet.name])
    is_merged = chance.random() < 0.1 and row + 1 < len(tables[sheet.name])
    path = written(
        tmp_path / "x.xlsx", tables, hidden, (sheet.name, row, column) if is_merged else None
    )
    if value in FAILED:
        with_failed_cells(path, value)
    book = read(path, project)
    assert all(error.sheet and error.row and error.message for error in book.errors)
    if book.errors:
        places = {(error.sheet, error.row) for error in book.errors}
        said = " ".join(f"{error.message} {error.value}" for error in book.errors)
        below = {(sheet.name, row + 2)} if is_merged else set()
        assert {(sheet.name, row + 1), *below} & places or str(old) in said
        return
    if book.doubts:
        return
    shown, after = tried(book, project)
    if after != settled:
        assert shown != []


@pytest.fixture
def settled(project, tmp_path):
    """The numbers of the workbook as it is, saved."""
    book = read(Tables().xlsx(tmp_path / "a.xlsx"), project)
    save_book(book, project, "pierwszy")
    return numbers_by_day()
