"""A file imported in the browser: checked, saved as a whole, sent back with its errors."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.models import NotDuplicate
from owes.change_reasons import accepted
from owes.models import User
from owes.rehearsal import Effects, rehearse
from support.models import Import, ImportRow
from support.workbook.columns import missing_from
from support.workbook.contract import Sheet
from support.workbook.files import BookFile, Reading, read_register, read_table
from support.workbook.flat_reading import read_flat, settle
from support.workbook.identity import KINDS, identify, key_of
from support.workbook.importing import ALONE, Outcome, save_book
from support.workbook.outcomes import asked_rows, keep_rows, outcomes_of, refused_rows, rows_left
from support.workbook.packages import UnreadableFile
from support.workbook.parts import Part, good_part
from support.workbook.reader import Book, Error, read_book

MOST_SHOWN = 500
State = Import.State


def sheet_of(row: Import) -> Sheet | None:
    """The one sheet of an import, or None of a whole workbook."""
    return next((sheet for sheet in ALONE if sheet.stem == row.register), None)


def reading_of(row: Import) -> Reading:
    """The table of an import of one register, read as it was told or guessed at first."""
    told = row.reading
    named, encoding = told.get("sheet", ""), told.get("encoding", "")
    return read_table(row.file.path, sheet_of(row), named, encoding)


def missing_headers(row: Import) -> list[str]:
    """Headers of the register that the file does not have."""
    sheet = sheet_of(row)
    if not sheet or not row.columns:
        return []
    return [name for name in sheet.headers if name not in row.columns]


def check(row: Import) -> Import:
    """Reads the file and rehearses saving it; keeps errors, or what would become of the rows."""
    return _rehearse(row, confirm=False)


def save(row: Import, by: User | None = None) -> Import:
    """Saves the file, unless something new forbids it or needs a reason."""
    return _rehearse(row, confirm=True, by=by)


def _read(row: Import, without: Collection[tuple[str, int]] = frozenset()) -> Book:
    """The book of the file, without some rows; of one that cannot be read it has that error alone.

    What is wrong is told all at once: of cells, of rows, and of whom they mean.
    """
    sheet = sheet_of(row)
    try:
        book = _book_of(row, sheet, without)
    except UnreadableFile as error:
        return Book(errors=[Error.of_file("unreadable_file", str(error))])
    has_codes = sheet is not None and sheet in KINDS
    code_header = row.columns.get(sheet.header("code"), "") if sheet and has_codes else ""
    identify(book, row.answers, code_header)
    if book.is_flat:
        settle(book)
    return book


def _book_of(row: Import, sheet: Sheet | None, without: Collection[tuple[str, int]]) -> Book:
    if not sheet:
        return read_book(BookFile(row.file.path), project=row.project, without=without)
    missing = missing_from(row.columns, sheet) if row.columns else frozenset()
    table = read_register(reading_of(row).rows, sheet, row.columns)
    if sheet.is_flat:
        book = read_flat(table.rows, sheet, row.project, missing, table.header_row, without)
    else:
        tables = {sheet.name: table.rows}
        book = read_book(tables, sheet, row.project, missing, table.header_row, without)
    book.left_out, book.maiden_names = table.left_out, table.maiden_names
    return book


def _refuse(row: Import, errors: list[Error], to_ask: int = 0) -> Import:
    """Nothing can be saved; `to_ask` are rows that will be asked about when this is mended."""
    result = {
        "errors": [error._asdict() for error in errors],
        "to_ask": to_ask,
        "may_part": all(error.sheet and error.row for error in errors) and not row.is_partial,
        "has_no_part": row.is_partial,
    }
    row.is_partial = False
    row = keep_result(row, State.REFUSED, result)
    keep_rows(row, refused_rows(errors))
    return row


def _part_of(row: Import, book: Book) -> Part:
    """What may be saved: the whole book, or its good rows where the user chose so.

    A book with errors is answered where it cannot be parted, or nothing of it remains.
    """
    if not (book.errors and row.is_partial):
        return Part(book)
    part = good_part(book, lambda without: _read(row, without))
    return part if part and part.book.row_count else Part(book)


def _rehearse(row: Import, confirm: bool, by: User | None = None) -> Import:
    """Saves only the effect that was shown. When it is another now, the import is only checked.

    The result of such a check has `is_other`.
    """
    part = _part_of(row, _read(row))
    book = part.book
    if book.errors:
        return _refuse(row, book.errors, len(book.doubts))
    told = {"left_out": list(book.left_out), **part.as_json()}
    if book.doubts:
        asked = [doubt.as_json() for doubt in book.doubts]
        row = keep_result(row, State.ASKED, {"doubts": asked, **told})
        keep_rows(row, [*asked_rows(book, book.doubts), *rows_left(part)])
        return row
    fingerprint = row.effect_fingerprint
    rows: list[ImportRow] = []

    def change() -> Outcome:
        outcome = save_book(book, row.project, row.reason, by=by, keeps_filled=row.keeps_filled)
        rows[:] = [*outcomes_of(book, outcome.written), *rows_left(part)]
        if confirm:
            _remember_answers(row, book)
            keep_result(row, State.SAVED, row.result | {"fates": outcome.counts})
        return outcome

    def is_free(outcome: Outcome, effects: Effects) -> bool:
        tried = Import(result=_effect(outcome, effects))
        if not confirm or tried.effect_fingerprint != fingerprint:
            return False
        has_reason = row.why or not outcome.approved
        return bool(has_reason and accepted(effects.touched, row.why, by))

    try:
        tried = rehearse(change, project=row.project, confirm=is_free)
    except ValidationError as error:
        return _refuse(row, [Error.of_file("refused", error.messages[0])])
    result = _effect(tried.result, tried.effects) | told
    is_other = confirm and Import(result=result).effect_fingerprint != fingerprint
    if is_other and not tried.saved:
        result |= {"is_other": True}
    keep_result(row, State.SAVED if tried.saved else State.CHECKED, result)
    keep_rows(row, rows)
    return row


def _remember_answers(row: Import, book: Book) -> None:
    """Keeps which records the rows without a known code became, and which they are not."""
    for sheet, number, other in book.others:
        _, key = book.saved[sheet, number]
        NotDuplicate.say(KINDS[sheet], key, other, by=row.by)
    without_code = {(sheet, row.number) for sheet in KINDS for row in book[sheet] if not row.code}
    row.answers |= {
        key_of(sheet, number): code
        for (sheet, number), (code, _) in book.saved.items()
        if (sheet, number) in without_code
    }


def _effect(outcome: Outcome, effects: Effects) -> dict[str, Any]:
    """What the user reads before saving; see `Import.EFFECT`."""
    return {
        "fates": outcome.counts,
        "total": outcome.total,
        "approved": outcome.approved[:MOST_SHOWN],
        "emptied": outcome.emptied[:MOST_SHOWN],
        "touched": [touch.as_json() for touch in effects.touched],
        "effects": [[value.label, value.before, value.after] for value in effects.values],
    }


def keep_result(row: Import, state: str, result: dict[str, Any]) -> Import:
    row.state, row.result = state, result
    row.saved_at = timezone.now() if state == State.SAVED else row.saved_at
    row.save(update_fields=["state", "result", "saved_at", "answers", "is_partial"])
    return row
