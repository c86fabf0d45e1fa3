"""Takes somebody out of a file that was imported; the rest of the file stays."""

import csv
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from owes.folding import fold
from owes.formatting import day
from owes.privacy.redaction import Redaction
from support.workbook.files import BookFile, is_spreadsheet, read_table
from support.workbook.packages import UnreadableFile

XLSX = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Traces:
    """By what a row is known to be of the record, and the words that go out of such a row.

    A surname alone may be of somebody else: the row has a code of the record, both names that
    nobody else bears, or a contact.
    """

    codes: set[str]
    words: set[str]
    redaction: Redaction

    @classmethod
    def of(cls, forgetting: Any, redaction: Redaction) -> "Traces":
        names = {fold(name) for pair in forgetting.names for name in (*pair, " ".join(pair))}
        days = {text for born in forgetting.days for text in (day(born), born.isoformat())}
        words = names | {fold(" ".join(reversed(pair))) for pair in forgetting.names} | days
        return cls({fold(code) for code in forgetting.codes}, words - {""}, redaction)

    def row(self, cells: list[Any]) -> list[Any]:
        texts = [_text(cell) for cell in cells]
        is_own = bool(self.codes.intersection(map(fold, texts)))
        own = self.words if is_own or self.redaction.is_about(" ".join(texts)) else set()
        return [
            self.redaction.label if fold(text) in own else self.redaction.value(cell)
            for cell, text in zip(cells, texts, strict=True)
        ]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def holds(path: str, words: Collection[str]) -> bool:
    """Whether any of the words stands in the bytes of a file, or of what is packed in it."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            texts = [package.read(name) for name in package.namelist()]
    else:
        texts = [Path(path).read_bytes()]
    codes = ("utf-8", "cp1250", "iso8859-2", "utf-16-le", "utf-16-be")
    spelt = {word.encode(code, "ignore") for word in words for code in codes} - {b""}
    return any(word in text for text in texts for word in spelt)


def redacted(path: str, traces: Traces) -> bytes | None:
    """The file with other cells as they are; None where it cannot be read any more."""
    try:
        if is_spreadsheet(path):
            return _workbook(BookFile(path), traces)
        return _text_file(read_table(path).rows, traces)
    except UnreadableFile:
        return None


def _workbook(book: BookFile, traces: Traces) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, XLSX) as target:
        dates = target.add_format({"num_format": "dd.mm.yyyy"})
        for name in book.workbook.sheet_names:
            sheet = target.add_worksheet(name)
            for number, cells in enumerate(book[name]):
                for column, cell in enumerate(traces.row(cells)):
                    is_date = isinstance(cell, date)  # a moment is one too
                    sheet.write(number, column, cell, *[dates] * is_date)
    return content.getvalue()


def _text_file(rows: list[list], traces: Traces) -> bytes:
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=";").writerows(map(traces.row, rows))
    return content.getvalue().encode("utf-8-sig")
