"""What is taken for an xls, the binary workbook of older programs, and what failed in it.

Its records are looked through before the reader sees them: a cell far from the others makes it
allocate everything between, and it reads a failed formula as an empty cell.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from support.workbook.packages import (
    DAMAGED,
    LARGEST_FILE,
    MOST_CELLS,
    NOT_BOOK,
    PROTECTED,
    TOO_LARGE,
    UnreadableFile,
    is_large,
)

STREAMS = ("Workbook", "Book")
ENCRYPTED = "EncryptedPackage"  # an xlsx under a password
# Kinds of records.
START, SHEET, UNDER_PASSWORD, ERROR = 0x809, 0x85, 0x2F, 0x205
FORMULAS = {0x06, 0x206, 0x406}
CELLS = {0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, ERROR, *FORMULAS}
MANY_CELLS = 0x00BD  # several numbers of one row
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
FAILED = b"\x02\x00"  # how the result of a formula begins when it is an error
NO_NUMBER = b"\xff\xff"  # how it ends when it is no number

# `{sheet: {(row, column): text of the error}}`, counted from 0.
Failures = dict[str, dict[tuple[int, int], str]]


def is_old_book(path: Path) -> bool:
    """Whether it is a file of the kind in which an xls is kept."""
    with path.open("rb") as file:
        return file.read(len(olefile.MAGIC)) == olefile.MAGIC


def check_old_book(path: Path) -> Failures:
    """Refuses what is no xls, and what would fill the memory; answers the failed cells."""
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    try:
        with olefile.OleFileIO(path) as file:
            if file.exists(ENCRYPTED):
                raise UnreadableFile(PROTECTED)
            name = next(filter(file.exists, STREAMS), None)
            if name is None:
                raise UnreadableFile(NOT_BOOK)
            return _failures(file.openstream(name).read())
    except UnreadableFile:
        raise
    except (OSError, struct.error, IndexError, TypeError, ValueError):
        raise UnreadableFile(NOT_BOOK) from None


def _failures(stream: bytes) -> Failures:
    names: dict[int, str] = {}  # by the place where the sheet starts
    failures: Failures = {}
    name, rows, columns = "", 0, 0
    for count, (place, kind, body) in enumerate(_records(stream)):
        if count > MOST_CELLS:
            raise UnreadableFile(TOO_LARGE)
        if kind == UNDER_PASSWORD:
            raise UnreadableFile(PROTECTED)
        if kind == SHEET:
            names[int.from_bytes(body[:4], "little")] = _name(body)
        elif kind == START:
            name, rows, columns = names.get(place, ""), 0, 0
        elif kind in CELLS or kind == MANY_CELLS:
            if len(body) < 6:
                raise UnreadableFile(DAMAGED)
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0]
            rows = max(rows, row + 1)
            columns = max(columns, (last if kind == MANY_CELLS else column) + 1)
            if is_large(rows, columns):
                raise UnreadableFile(TOO_LARGE)
            if error := _error(kind, body):
                failures.setdefault(name, {})[row, column] = error
    return failures


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """`(place, kind, body)` of each record; nothing after one that does not end."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _name(body: bytes) -> str:
    """The name of a sheet: of two-byte letters, or of one-byte ones."""
    size, is_wide = body[6], body[7] & 1
    text = body[8 : 8 + size * (2 if is_wide else 1)]
    return text.decode("utf-16-le" if is_wide else "latin-1", "replace")


def _error(kind: int, body: bytes) -> str:
    if kind == ERROR and len(body) >= 8 and body[7]:
        return ERRORS.get(body[6], ERRORS[0x2A])
    if kind in FORMULAS and body[6:8] == FAILED and body[12:14] == NO_NUMBER:
        return ERRORS.get(body[8], ERRORS[0x2A])
    return ""
