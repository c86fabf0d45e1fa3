"""Where the rows of a workbook come from: an xlsx file, or a folder of CSV files.

Both answer a mapping from the name of a sheet to its rows, the header first.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED

from python_calamine import CalamineError, CalamineWorkbook

from owes.folding import fold
from support.workbook.columns import cell_at, matched, with_constants
from support.workbook.contract import SHEETS, Sheet
from support.workbook.layout import RegisterTable, table_in, without_totals
from support.workbook.text_files import UnreadableText, table_of

MEBIBYTE = 2**20
LARGEST_FILE = 20 * MEBIBYTE
LARGEST_CONTENT = 200 * MEBIBYTE
HIGHEST_RATIO = 100
SMALL_CONTENT = MEBIBYTE  # below it a high ratio does no harm
MOST_MEMBERS = 500
MOST_ROWS = 200_000
MOST_COLUMNS = 100
MOST_CELLS = 3_000_000  # all of them are allocated, the empty ones too

CHUNK = MEBIBYTE
# A cell or a row that opens (one closed at once is empty), with its address if it has one.
OPENED = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s>])([^<>]*)(?<!/)>")
ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Z]*)([0-9]+)[\"']")
# The type of a cell whose formula failed; its value is the error, as text.
FAILED = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*["'])e(?=["'])""")


class UnreadableFile(ValueError):
    """The file is no workbook that can be read; the message is for the person who gave it."""


NOT_XLSX = "To nie jest plik xlsx. Zapisz skoroszyt jako „Skoroszyt programu Excel (.xlsx)”."
TOO_LARGE = "Skoroszyt jest za duży, aby go bezpiecznie odczytać."
NOT_TEXT = "To nie jest ani plik xlsx, ani plik tekstowy csv. Zapisz go w jednym z nich."
DAMAGED = "Plik xlsx jest uszkodzony. Otwórz go w arkuszu kalkulacyjnym i zapisz ponownie."


class XlsxFile:
    """The sheets of an xlsx file. A row is read when it is asked for, with its first cell in A.

    A cell whose formula failed reads as the text of its error, such as `#N/A`.
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        failed = check_package(path)
        try:
            with path.open("rb") as file:  # by content: the name need not end in .xlsx
                source = _errors_as_text(file, failed) if failed else file
                self.workbook = CalamineWorkbook.from_filelike(source)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None

    def __contains__(self, name: object) -> bool:
        return name in self.workbook.sheet_names

    def __getitem__(self, name: str) -> Iterator[list]:
        try:
            sheet = self.workbook.get_sheet_by_name(name)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None
        before = [""] * (sheet.start[1] if sheet.start else 0)
        return (before + row for row in sheet.iter_rows())


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
    path: str | Path, sheet: Sheet, columns: Mapping[str, str] | None = None
) -> RegisterTable:
    """The table of one register with the columns of the contract, known by their headers.

    The columns may stand in any order. `columns` are as in `support.workbook.columns.matched`.
    """
    table = register_table(path, sheet)
    rows = matched(table.rows, sheet, columns) if columns else in_order(table.rows, sheet)
    table = without_totals(table._replace(rows=rows), sheet)
    return table._replace(rows=with_constants(table.rows, sheet, columns or {}))


def register_table(path: str | Path, sheet: Sheet) -> RegisterTable:
    """The table as it stands in the file: an xlsx of one sheet, or a text file."""
    return table_in(read_rows(path, sheet.name), sheet)


def read_rows(path: str | Path, named: str = "") -> list[list]:
    """The rows of a text file; of an xlsx those of the sheet of this name, else of the first."""
    path = Path(path)
    if not zipfile.is_zipfile(path):
        return _text_rows(path)
    book = XlsxFile(path)
    name = named if named in book else next(iter(book.workbook.sheet_names), None)
    return [] if name is None else list(book[name])


def _text_rows(path: Path) -> list[list]:
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        rows = table_of(path.read_bytes())
    except UnreadableText as error:
        raise UnreadableFile(str(error) or NOT_TEXT) from None
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise UnreadableFile(TOO_LARGE)
    return rows


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


def check_package(path: Path) -> set[str]:
    """Refuses what is not xlsx, and what would fill the memory once unpacked.

    The sizes a package declares may be false, so every member is unpacked once, piece by piece:
    zipfile stops at the declared size and then compares the checksum. A cell far from the others
    makes the reader allocate everything between, so addresses have a limit too. Answers the names
    of the sheets in which a formula failed.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package.infolist(), path.stat().st_size)
            return {
                member.filename for member in package.infolist() if _check_member(package, member)
            }
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise UnreadableFile(DAMAGED if zipfile.is_zipfile(path) else NOT_XLSX) from None


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise UnreadableFile(NOT_XLSX)
    content = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or content > LARGEST_CONTENT
        or content > max(SMALL_CONTENT, HIGHEST_RATIO * packed)
    ):
        raise UnreadableFile(TOO_LARGE)


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether it is a sheet in which a formula failed."""
    with package.open(member) as content:
        if not member.filename.startswith("xl/worksheets/"):
            while content.read(CHUNK):
                pass
            return False
        area, has_failed = Area(), False
        for tags in _tags(content):
            area.grow(tags)
            has_failed = has_failed or bool(FAILED.search(tags))
    if area.is_too_large:
        raise UnreadableFile(TOO_LARGE)
    return has_failed


def _tags(content: Any) -> Iterator[bytes]:
    """The content of a sheet piece by piece, never cut inside a tag."""
    rest = b""
    while piece := content.read(CHUNK):
        rest += piece
        cut = max(rest.rfind(b"<"), 0)
        whole, rest = rest[:cut], rest[cut:]
        if len(rest) > CHUNK:
            raise UnreadableFile(DAMAGED)
        yield whole
    yield rest


def _errors_as_text(file: BinaryIO, sheets: Collection[str]) -> BinaryIO:
    """A copy of the package in which the failed cells of these sheets hold text.

    The library reads an error as an empty cell, and an empty cell may have a meaning: an entity
    that is not struck off.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(copy, "w", ZIP_DEFLATED) as changed:
        for member in package.infolist():
            with package.open(member) as content, changed.open(member.filename, "w") as target:
                if member.filename in sheets:
                    target.writelines(FAILED.sub(rb"\1str", tags) for tags in _tags(content))
                else:
                    copyfileobj(content, target, CHUNK)
    copy.seek(0)
    return copy


class Area:
    """How many rows and columns the filled cells of a sheet reach.

    Rows and cells that only carry a format do not count: spreadsheets write them down to the
    last row there can be. A cell without an address stands in the row around it.
    """

    def __init__(self) -> None:
        self.row = self.rows = self.columns = 0

    def grow(self, xml: bytes) -> None:
        for tag, attributes in OPENED.findall(xml):
            address = ADDRESS.search(attributes)
            if tag == b"row":
                self.row = int(address[2][:9]) if address else self.row + 1
            else:
                self.rows = max(self.rows, int(address[2][:9]) if address else self.row)
                self.columns = max(self.columns, column_number(address[1]) if address else 0)

    @property
    def is_too_large(self) -> bool:
        return (
            self.rows > MOST_ROWS
            or self.columns > MOST_COLUMNS
            or self.rows * self.columns > MOST_CELLS
        )


def column_number(letters: bytes) -> int:
    """1 of `A`, 27 of `AA`, 0 of nothing."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
