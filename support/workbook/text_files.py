"""Rows of a text file as spreadsheets and registers save it: its encoding, separator and quotes.

The encoding is not told by the file, so it is the one in which the text is Polish.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SEPARATORS = ";,\t"
TITLES = 20  # lines among which the header is looked for
SEPARATOR_TOLD = re.compile("sep=(.)", re.IGNORECASE)
# Encodings that a user may choose, with the names by which they are known.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO-8859-2",
    "cp852": "CP852 (DOS)",
    "mac_latin2": "Mac (Europa Środkowa)",
}
# Those of one byte, in the order in which equal answers are taken.
GUESSED = ("cp1250", "iso8859-2", "cp852", "mac_latin2")
WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
POLISH = set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
TYPOGRAPHIC = set("„”“«»–—…’‘§°€\u00a0")


class UnreadableText(ValueError):
    """The text is no table; the message is for the person who gave it, empty for no text."""


class TextTable(NamedTuple):
    rows: list[list[str]]
    encoding: str


def table_of(content: bytes, encoding: str = "") -> TextTable:
    """The rows of the file as they stand in it, the line that tells the separator left empty."""
    encoding = encoding or encoding_of(content)
    text = _decoded(content, encoding)
    first, _, rest = text.partition("\n")
    if told := SEPARATOR_TOLD.fullmatch(first.strip()):
        return TextTable([[], *_rows(rest, told[1], first_number=2)], encoding)
    return TextTable(list(_rows(text, _separator(text))), encoding)


def encoding_of(content: bytes) -> str:
    """One of `ENCODINGS`, told by the file or guessed; raises `UnreadableText` of no text."""
    if encoding := WIDE.get(content[:2]):
        return encoding
    if b"\x00" in content or not content.strip():
        raise UnreadableText
    texts = {name: _or_none(content, name) for name in ("utf-8-sig", *GUESSED)}
    if texts["utf-8-sig"] is not None:
        return "utf-8-sig"
    readable = {name: text for name, text in texts.items() if text is not None}
    if not readable:
        raise UnreadableText
    return max(readable, key=lambda name: _polishness(readable[name]))


def _decoded(content: bytes, encoding: str) -> str:
    text = _or_none(content, encoding)
    if text is None and encoding not in WIDE.values():
        raise UnreadableText(
            f"W pliku są znaki, których nie ma w kodowaniu {ENCODINGS[encoding]}. Wybierz inne."
        )
    if text is None or "\x00" in text or not text.strip():
        raise UnreadableText
    return text


def _or_none(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _polishness(text: str) -> int:
    """Polish letters, less signs that no Polish text has: the wrong encoding makes those."""
    foreign = [sign for sign in text if not sign.isascii()]
    polish = sum(sign in POLISH for sign in foreign)
    return polish - 2 * sum(sign not in POLISH | TYPOGRAPHIC for sign in foreign)


def _separator(text: str) -> str:
    """The sign that the header has most of; a title above it may hold one comma."""
    counts = ({sign: line.count(sign) for sign in SEPARATORS} for line in text.splitlines())
    found = [line for line in islice(counts, TITLES) if any(line.values())] or [{";": 0}]
    header = next((line for line in found if max(line.values()) > 1), found[0])
    return max(header, key=header.__getitem__)


def _rows(text: str, separator: str, first_number: int = 1) -> Iterator[list[str]]:
    """The rows; quotes that do not match name their row, and no row hides inside a cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, width = first_number, 0
    try:
        for row in reader:
            width = max(width, len(row))
            if any(_holds_a_row(cell, separator, width) for cell in row):
                raise UnreadableText(
                    f"Wiersz {number}: cudzysłów otwarty w komórce zamyka się dopiero w dalszym "
                    "wierszu, więc ten dalszy wiersz by przepadł. Popraw cudzysłowy."
                )
            yield row
            number += 1
    except csv.Error:
        raise UnreadableText(
            f"Wiersz {number}: cudzysłów otwarty na początku komórki nie zamyka się na jej końcu. "
            "Usuń cudzysłowy z tej komórki albo podwój te w jej środku."
        ) from None


def _holds_a_row(cell: str, separator: str, width: int) -> bool:
    return "\n" in cell and width > 1 and cell.count(separator) >= width - 1
