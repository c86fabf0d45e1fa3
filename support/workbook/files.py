"""Where the rows of a workbook come from: a spreadsheet, a text file, or a folder of CSV files.

A spreadsheet is xlsx, xls or ods, known by its content. Spreadsheets and folders answer a mapping
from the name of a sheet to its rows, the header first.
"""

import csv
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from owes.folding import fold
from support.workbook.columns import cell_at, matched, with_constants
from support.workbook.contract import SHEETS, Sheet
from support.workbook.layout import RegisterTable, named_columns, table_in, without_totals
from support.workbook.old_books import Failures, check_old_book, is_old_book
from support.workbook.packages import (
    DAMAGED,
    LARGEST_FILE,
    MOST_COLUMNS,
    MOST_ROWS,
    PROTECTED,
    TOO_LARGE,
    UnreadableFile,
    check_package,
    errors_as_text,
)
from support.workbook.text_files import TITLES, UnreadableText, table_of

NOT_TEXT = (
    "To nie jest ani arkusz xlsx, xls lub ods, ani plik tekstowy csv. Zapisz go w jednym z nich."
)


class Reading(NamedTuple):
    """The rows of one table as they stand in a file, and how it was read.

    `sheets` are the sheets of a spreadsheet of which `sheet` was read, `encoding` is that of a
    text file.
    """

    rows: list[list]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""

    def as_json(self) -> dict:
        return {"sheet": self.sheet, "sheets": list(self.sheets), "encoding": self.encoding}


@contextmanager
def _refused() -> Iterator[None]:
    """Turns what the library says of a file into words for the person who gave it."""
    try:
        yield
    except PasswordError:
        raise UnreadableFile(PROTECTED) from None
    except CalamineError:
        raise UnreadableFile(DAMAGED) from None
    except BaseException as fault:
        # So the library stops at a broken file; the class can be imported from nowhere.
        if type(fault).__name__ != "PanicException":
            raise
        raise UnreadableFile(DAMAGED) from None


class BookFile:
    """The sheets of a spreadsheet. A row is read when it is asked for, with its first cell in A.

    A cell whose formula failed reads as the text of its error, such as `#N/A`.
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        self.failures: Failures = {}
        failed: set[str] = set()
        if is_old_book(path):
            self.failures = check_old_book(path)
        else:
            failed = check_package(path)
        with path.open("rb") as file, _refused():  # by content: the name need not end in .xlsx
            source = errors_as_text(file, failed) if failed else file
            self.workbook = CalamineWorkbook.from_filelike(source)

    @property
    def names(self) -> list[str]:
        """Its sheets with cells that a user sees, in order; all of them when all are hidden."""
        sheets = [
            sheet
            for sheet in self.workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        seen = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        return seen or [sheet.name for sheet in sheets]

    def __contains__(self, name: object) -> bool:
        return name in self.workbook.sheet_names

    def __getitem__(self, name: str) -> Iterator[list]:
        with _refused():
            sheet = self.workbook.get_sheet_by_name(name)
        before = [""] * (sheet.start[1] if sheet.start else 0)
        rows: Iterator[list] = (before + row for row in sheet.iter_rows())
        failures = self.failures.get(name)
        return _with_failures(rows, failures) if failures else rows


def _with_failures(rows: Iterator[list], failures: dict[tuple[int, int], str]) -> Iterator[list]:
    by_row: dict[int, dict[int, str]] = {}
    for (number, column), text in failures.items():
        by_row.setdefault(number, {})[column] = text
    for number, row in enumerate(rows):
        for column, text in by_row.get(number, {}).items():
            row += [""] * (column + 1 - len(row))
            row[column] = text
        yield row


def is_spreadsheet(path: str | Path) -> bool:
    """Whether it is to be read as one; what else there is would be a text."""
    return zipfile.is_zipfile(path) or is_old_book(Path(path))


def read_csv_folder(folder: str | Path) -> dict[str, list[list]]:
    """`{sheet: rows}` of a folder with a UTF-8 file for each sheet; a missing file is no sheet."""
    tables = {}
    for sheet in SHEETS:
        path = Path(folder) / f"{sheet.stem}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                tables[sheet.name] = list(csv.reader(file))
    return tables


def read_register(
    rows: list[list], sheet: Sheet, columns: Mapping[str, str] | None = None
) -> RegisterTable:
    """The table of one register with the columns of the contract, known by their headers.

    `rows` are those of the file. The columns may stand in any order. `columns` are as in
    `support.workbook.columns.matched`.
    """
    table = table_in(rows, sheet)
    rows = matched(table.rows, sheet, columns) if columns else in_order(table.rows, sheet)
    table = without_totals(table._replace(rows=rows), sheet)
    return table._replace(rows=with_constants(table.rows, sheet, columns or {}))


def read_table(
    path: str | Path, sheet: Sheet | None = None, named: str = "", encoding: str = ""
) -> Reading:
    """The rows of a text file, or of the sheet of this name of a spreadsheet.

    Without a name the sheet is the one of the register, by its own name or by its columns; of no
    register the first. Without an encoding it is the one in which the text is Polish.
    """
    path = Path(path)
    if not is_spreadsheet(path):
        return _text_rows(path, encoding)
    book = BookFile(path)
    names = book.names
    if named not in book:
        named = _sheet_of_register(book, names, sheet) if sheet else next(iter(names), "")
    rows = list(book[named]) if named else []
    return Reading(rows, named, tuple(names))


def _sheet_of_register(book: BookFile, names: list[str], sheet: Sheet) -> str:
    """The sheet called as the register, else the first of those with most of its columns."""
    called = [name for name in names if fold(name) == fold(sheet.name)]
    if called or len(names) < 2:
        return next(iter(called or names), "")
    return max(names, key=lambda name: named_columns(list(islice(book[name], TITLES)), sheet))


def _text_rows(path: Path, encoding: str) -> Reading:
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        table = table_of(path.read_bytes(), encoding)
    except UnreadableText as error:
        raise UnreadableFile(str(error) or NOT_TEXT) from None
    if len(table.rows) > MOST_ROWS or max(map(len, table.rows), default=0) > MOST_COLUMNS:
        raise UnreadableFile(TOO_LARGE)
    return Reading(table.rows, encoding=table.encoding)


def in_order(rows: list[list], sheet: Sheet) -> list[list]:
    """The rows with the columns of the contract first, in its order; then the other columns.

    A missing column gets an empty header, which `read_book` refuses: empty cells would delete
    what is known. Headers are compared without regard to case, diacritics and dashes.
    """
    if not rows:
        return rows
    headers = [fold(str(cell)) for cell in rows[0]]
    places: list[int | None] = []
    names = []
    for name in sheet.headers:
        place = headers.index(fold(name)) if fold(name) in headers else None
        places.append(place)
        names.append(name if place is not None else "")
    others = [place for place, text in enumerate(headers) if place not in places and text]
    places += others
    names += [str(rows[0][place]).strip() for place in others]
    return [names, *([cell_at(row, place) for place in places] for row in rows[1:])]
