"""Tables as files: real dates and numbers, no live formula."""

import builtins
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import HttpResponse

from owes.formatting import day, moment

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plain_text(text: object) -> str:
    """Text without control characters. An xlsx keeps it as text, whatever it begins with."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def safe_cell(text: object) -> str:
    """Text that no spreadsheet reads as a formula from a csv; the import takes the sign off.

    A text that begins like a guarded one is guarded too, so that it keeps its own sign.
    """
    text = plain_text(text)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def _typed(value: Any) -> Any:
    """A value as a file keeps it: numbers and days as they are, all else as text."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "tak", False: "nie"}[value]
    if isinstance(value, int | float | Decimal | date):
        return value
    return plain_text(value)


class Workbook:
    """An xlsx written sheet by sheet; `close()` or `bytes()` ends it.

    With `made_at` the same sheets give the same bytes. With `to`, an open file, no more than a row
    is held in memory.
    """

    def __init__(self, made_at: datetime | None = None, to: IO[bytes] | None = None) -> None:
        self.buffer = io.BytesIO()
        memory = {"constant_memory": True} if to else {"in_memory": True}
        self.book = xlsxwriter.Workbook(to or self.buffer, memory | {"strings_to_formulas": False})
        if made_at:
            self.book.set_properties({"created": made_at.replace(tzinfo=None)})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.day = self.book.add_format({"num_format": "dd.mm.yyyy"})

    def sheet(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Iterable[Any]],
        above: Sequence[Iterable[Any]] = (),
    ) -> int:
        """Writes a sheet, with the rows `above` its header; how many rows it has below it."""
        sheet = self.book.add_worksheet(NOT_IN_SHEET_NAMES.sub(" ", name)[:31])
        sheet.freeze_panes(len(above) + 1, 0)
        for number, row in enumerate(above):
            for column, value in enumerate(row):
                self._write(sheet, number, column, _typed(value))
        for column, title in enumerate(header):
            sheet.write_string(len(above), column, plain_text(title), self.head)
        widths = [len(str(title)) for title in header]
        number = len(above)
        for number, row in enumerate(rows, start=len(above) + 1):
            for column, value in enumerate(row):
                self._write(sheet, number, column, _typed(value))
                widths[column] = max(widths[column], len(str(value or "")))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, 9), 60))
        return number - len(above)

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            sheet.write_string(row, column, moment(value))
        elif isinstance(value, date):
            sheet.write_datetime(
                row, column, datetime(value.year, value.month, value.day), self.day
            )
        elif isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, value)

    def parameters(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """The sheet that says what the file is: title, filters, when and by whom it was made."""
        self.sheet("Parametry", ["Parametr", "Wartość"], pairs)

    def close(self) -> None:
        self.book.close()

    def bytes(self) -> builtins.bytes:
        self.close()
        return self.buffer.getvalue()


def attachment(content: bytes | str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write_csv(file: IO[bytes], header: Iterable[str], rows: Iterable[Iterable]) -> None:
    """A text table as Polish Excel opens it: UTF-8 with its mark, semicolons, decimal commas."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(title) for title in header])
    writer.writerows([_text(value) for value in row] for row in rows)
    text.detach()


def _text(value: Any) -> Any:
    """As `_typed`, for a file that has only text: Polish days and decimal commas."""
    value = _typed(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    return safe_cell(value) if isinstance(value, str) else value
