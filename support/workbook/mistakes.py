"""A file sent back to be mended: with the errors of each row in the last column."""

from collections.abc import Collection, Iterable
from typing import Any

from owes.exports import Workbook
from owes.folding import fold
from support.models import Import
from support.workbook.columns import cell_at, headers_of
from support.workbook.contract import MISTAKE, SHEETS, Sheet
from support.workbook.files import BookFile
from support.workbook.imports import reading_of, sheet_of
from support.workbook.layout import table_in

Sentences = dict[tuple[str | None, int | None], list[str]]


def with_errors(row: Import) -> bytes:
    """The file as xlsx; of an import in part only the rows that were not saved.

    The rows above the header, the columns, their headers and their order are those of the file,
    so that it may be sent again as it is.
    """
    sheet, book = sheet_of(row), Workbook()
    sentences = _sentences(row, sheet)
    if sheet:
        rows = reading_of(row).rows
        header_row = table_in(rows, sheet).header_row
        _add_sheet(book, sheet.name, rows, sentences, header_row, row.is_partial)
        return book.bytes()
    source = BookFile(row.file.path)
    for each in SHEETS:
        if each.name in source:
            _add_sheet(book, each.name, source[each.name], sentences, 1, row.is_partial)
    return book.bytes()


def _sentences(row: Import, sheet: Sheet | None) -> Sentences:
    """What is wrong, by sheet and row, under the headers of the file."""
    own: dict[str, str | None] = {}
    if sheet:
        headers = headers_of(table_in(reading_of(row).rows, sheet).rows)
        own = {name: headers.get(fold(row.columns.get(name, name))) for name in sheet.headers}
    sentences: Sentences = {}
    for error in row.result.get("errors", []):
        column = own.get(error["column"]) or error["column"]
        sentence = f"{column}: {error['message']}" if column else error["message"]
        sentences.setdefault((error["sheet"], error["row"]), []).append(sentence)
    for name, number, sentence in row.result.get("held", []):
        sentences.setdefault((name, number), []).append(sentence)
    return sentences


def _add_sheet(
    book: Workbook,
    name: str,
    rows: Iterable[list],
    sentences: Sentences,
    header_row: int,
    only_named: bool,
) -> None:
    numbered = list(enumerate(rows, 1))
    above = [cells for number, cells in numbered if number < header_row]
    headers = [str(cell) for number, cells in numbered if number == header_row for cell in cells]
    places = [place for place, text in enumerate(headers) if fold(text) != fold(MISTAKE)]
    body = [
        _with_sentence(cells, places, sentences.get((name, number), []))
        for number, cells in numbered
        if number > header_row and (not only_named or (name, number) in sentences)
    ]
    book.sheet(name, [*(headers[place] for place in places), MISTAKE], body, above)


def _with_sentence(cells: list, places: Collection[int], sentences: list[str]) -> list[Any]:
    return [*(cell_at(cells, place) for place in places), "; ".join(sentences)]
