"""What is taken for a package of a workbook (xlsx, ods): refused before it fills the memory."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED

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
XLSX, ODS = "xl/workbook.xml", "content.xml"  # the main parts of packages
# A cell or a row that opens (one closed at once is empty), with its address if it has one.
OPENED = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s>])([^<>]*)(?<!/)>")
ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Z]*)([0-9]+)[\"']")
# The type of a cell whose formula failed; its value is the error, as text.
FAILED = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*["'])e(?=["'])""")
# Of an ods: what a sheet is made of, and how often it is repeated.
ODS_TAG = re.compile(
    rb"<(?:\w+:)?(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>"
)
ODS_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"']([0-9]+)[\"']")
ODS_VALUE = re.compile(rb"\bvalue-type\s*=")
# A failed cell of an ods hides its error behind an empty value.
ODS_FAILED = re.compile(
    rb"""(<(?:\w+:)?table-cell(?=[^<>]*\bvalue-type\s*=\s*["']error["'])[^<>]*?)"""
    rb"""\s\w+:string-value\s*=\s*(?:""|'')"""
)


class UnreadableFile(ValueError):
    """The file is no workbook that can be read; the message is for the person who gave it."""


NOT_BOOK = (
    "To nie jest skoroszyt xlsx, xls ani ods. Zapisz go jako „Skoroszyt programu Excel (.xlsx)”."
)
TOO_LARGE = "Skoroszyt jest za duży, aby go bezpiecznie odczytać."
DAMAGED = "Skoroszyt jest uszkodzony. Otwórz go w arkuszu kalkulacyjnym i zapisz ponownie."
PROTECTED = "Skoroszyt jest chroniony hasłem. Zapisz go bez hasła i wyślij jeszcze raz."


def check_package(path: Path) -> set[str]:
    """Refuses what is neither xlsx nor ods, and what would fill the memory once unpacked.

    The sizes a package declares may be false, so every member is unpacked once, piece by piece:
    zipfile stops at the declared size and then compares the checksum. A cell far from the others
    makes the reader allocate everything between, so addresses have a limit too. Answers the names
    of the members in which a formula failed.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package.infolist(), path.stat().st_size)
            return {
                member.filename for member in package.infolist() if _check_member(package, member)
            }
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise UnreadableFile(DAMAGED if zipfile.is_zipfile(path) else NOT_BOOK) from None


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    if not any(member.filename in (XLSX, ODS) for member in members):
        raise UnreadableFile(NOT_BOOK)
    content = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or content > LARGEST_CONTENT
        or content > max(SMALL_CONTENT, HIGHEST_RATIO * packed)
    ):
        raise UnreadableFile(TOO_LARGE)


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether it has a sheet in which a formula failed."""
    is_ods = member.filename == ODS
    with package.open(member) as content:
        if not is_ods and not member.filename.startswith("xl/worksheets/"):
            while content.read(CHUNK):
                pass
            return False
        area: Area | OdsArea = OdsArea() if is_ods else Area()
        failed, has_failed = ODS_FAILED if is_ods else FAILED, False
        for tags in _tags(content):
            area.grow(tags)
            has_failed = has_failed or bool(failed.search(tags))
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


def errors_as_text(file: BinaryIO, members: Collection[str]) -> BinaryIO:
    """A copy of the package in which the failed cells of these members hold text.

    The library reads an error as an empty cell, and an empty cell may have a meaning: an entity
    that is not struck off.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(copy, "w", ZIP_DEFLATED) as changed:
        for member in package.infolist():
            name = member.filename
            with package.open(member) as content, changed.open(name, "w") as target:
                if name in members:
                    mend: Callable = ODS_FAILED.sub if name == ODS else FAILED.sub
                    text = rb"\1" if name == ODS else rb"\1str"
                    target.writelines(mend(text, tags) for tags in _tags(content))
                else:
                    copyfileobj(content, target, CHUNK)
    copy.seek(0)
    return copy


def is_large(rows: int, columns: int) -> bool:
    """Whether a sheet that reaches so far is more than the reader may allocate."""
    return rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS


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
        return is_large(self.rows, self.columns)


class OdsArea:
    """The same of an ods, whose rows and cells are repeated by a number; the largest sheet."""

    def __init__(self) -> None:
        self.row = self.last_row = self.column = self.rows = self.columns = 0
        self.is_too_large = False

    def grow(self, xml: bytes) -> None:
        for tag, attributes in ODS_TAG.findall(xml):
            repeated = ODS_REPEATED.search(attributes)
            times = int(repeated[1][:9]) if repeated else 1
            if tag == b"table":
                self.row = self.last_row = self.rows = self.columns = 0
            elif tag == b"table-row":
                self.row, self.last_row, self.column = self.last_row, self.last_row + times, 0
            else:
                self.column += times
                if ODS_VALUE.search(attributes):
                    self.rows = max(self.rows, self.last_row)
                    self.columns = max(self.columns, self.column)
                    self.is_too_large = self.is_too_large or is_large(self.rows, self.columns)


def column_number(letters: bytes) -> int:
    """1 of `A`, 27 of `AA`, 0 of nothing."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
