"""Where the rows of a workbook come from: an xlsx file, or a folder of CSV files.

Both answer a mapping from the name of a sheet to its rows, the header first.
"""

import csv
import re
import zipfile
import zlib
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from support.workbook.contract import SHEETS

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


class UnreadableFile(ValueError):
    """The file is no workbook that can be read; the message is for the person who gave it."""


NOT_XLSX = "To nie jest plik xlsx. Zapisz skoroszyt jako „Skoroszyt programu Excel (.xlsx)”."
TOO_LARGE = "Skoroszyt jest za duży, aby go bezpiecznie odczytać."
DAMAGED = "Plik xlsx jest uszkodzony. Otwórz go w arkuszu kalkulacyjnym i zapisz ponownie."


class XlsxFile:
    """The sheets of an xlsx file. A row is read when it is asked for, with its first cell in A."""

    def __init__(self, path):
        path = Path(path)
        check_package(path)
        try:
            with path.open("rb") as file:  # by content: the name need not end in .xlsx
                self.workbook = CalamineWorkbook.from_filelike(file)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None

    def __contains__(self, name):
        return name in self.workbook.sheet_names

    def __getitem__(self, name):
        try:
            sheet = self.workbook.get_sheet_by_name(name)
        except CalamineError:
            raise UnreadableFile(DAMAGED) from None
        before = [""] * (sheet.start[1] if sheet.start else 0)
        return (before + row for row in sheet.iter_rows())


def read_csv_folder(folder):
    """`{sheet: rows}` of a folder with a UTF-8 file for each sheet; a missing file is no sheet."""
    tables = {}
    for sheet in SHEETS:
        path = Path(folder) / f"{sheet.stem}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                tables[sheet.name] = list(csv.reader(file))
    return tables


def check_package(path):
    """Refuses what is not xlsx, and what would fill the memory once unpacked.

    The sizes a package declares may lie, so every member is unpacked once, piece by piece: zipfile
    stops at the declared size and then compares the checksum. A cell far from the others makes
    the reader allocate everything between, so addresses have a limit too.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package.infolist(), path.stat().st_size)
            for member in package.infolist():
                with package.open(member) as content:
                    _check_member(content, is_sheet=member.filename.startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise UnreadableFile(DAMAGED if zipfile.is_zipfile(path) else NOT_XLSX) from None


def _check_sizes(members, packed):
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise UnreadableFile(NOT_XLSX)
    content = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or content > LARGEST_CONTENT
        or content > max(SMALL_CONTENT, HIGHEST_RATIO * packed)
    ):
        raise UnreadableFile(TOO_LARGE)


def _check_member(content, is_sheet):
    area = Area()
    rest = b""
    while piece := content.read(CHUNK):
        if is_sheet:
            whole, _, rest = (rest + piece).rpartition(b"<")
            rest = b"<" + rest
            if len(rest) > CHUNK:
                raise UnreadableFile(DAMAGED)
            area.grow(whole)
    area.grow(rest)
    if area.is_too_large:
        raise UnreadableFile(TOO_LARGE)


class Area:
    """The rows and columns the filled cells of a sheet reach to.

    Rows and cells that only carry a format do not count: spreadsheets write them down to the
    last row there can be. A cell without an address stands in the row around it.
    """

    def __init__(self):
        self.row = self.rows = self.columns = 0

    def grow(self, xml):
        for tag, attributes in OPENED.findall(xml):
            address = ADDRESS.search(attributes)
            if tag == b"row":
                self.row = int(address[2][:9]) if address else self.row + 1
            else:
                self.rows = max(self.rows, int(address[2][:9]) if address else self.row)
                self.columns = max(self.columns, column_number(address[1]) if address else 0)

    @property
    def is_too_large(self):
        return (
            self.rows > MOST_ROWS
            or self.columns > MOST_COLUMNS
            or self.rows * self.columns > MOST_CELLS
        )


def column_number(letters):
    """1 of `A`, 27 of `AA`, 0 of nothing."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
