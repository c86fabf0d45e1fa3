"""A file imported in the browser: checked, saved as a whole, sent back with its errors."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.exports import Workbook
from owes.folding import fold
from owes.reasons import accepted
from owes.rehearsal import rehearse
from support.models import Import
from support.workbook.columns import cell_at, headers_of, missing_from
from support.workbook.contract import MISTAKE, SHEETS
from support.workbook.files import UnreadableFile, XlsxFile, read_register, register_rows
from support.workbook.importing import ALONE, save_book
from support.workbook.reader import Error, read_book

MOST_SHOWN = 500
State = Import.State


def sheet_of(row):
    """The one sheet of an import, or None of a whole workbook."""
    return next((sheet for sheet in ALONE if sheet.stem == row.register), None)


def tables_of(row):
    sheet = sheet_of(row)
    if sheet:
        return read_register(row.file.path, sheet, row.columns)
    return XlsxFile(row.file.path)


def missing_headers(row):
    """Headers of the register that the file does not have."""
    sheet = sheet_of(row)
    if not sheet or not row.columns:
        return []
    return [name for name in sheet.headers if name not in row.columns]


def check(row):
    """Reads the file and rehearses saving it; keeps errors, or what would become of the rows."""
    return _rehearse(row, confirm=False)


def save(row, by=None):
    """Saves the file, unless something new forbids it or needs a reason."""
    return _rehearse(row, confirm=True, by=by)


def _read(row):
    """`(book, errors)`; the book of a file that cannot be read is None."""
    sheet = sheet_of(row)
    missing = missing_from(row.columns, sheet) if row.columns else frozenset()
    try:
        book = read_book(tables_of(row), sheet, row.project, missing)
    except UnreadableFile as error:
        return None, [Error.of_file("unreadable_file", str(error))]
    return book, book.errors


def _refuse(row, errors):
    return keep_result(row, State.REFUSED, {"errors": [error._asdict() for error in errors]})


def _rehearse(row, confirm, by=None):
    """Saves only the effect that was shown. When it is another now, the import is only checked.

    The result of such a check has `is_other`.
    """
    book, errors = _read(row)
    if errors:
        return _refuse(row, errors)
    fingerprint = row.effect_fingerprint

    def change():
        outcome = save_book(book, row.project, row.reason)
        if confirm:
            keep_result(row, State.SAVED, row.result | {"fates": outcome.counts})
        return outcome

    def is_free(outcome, effects):
        tried = Import(result=_effect(outcome, effects))
        if not confirm or tried.effect_fingerprint != fingerprint:
            return False
        has_reason = row.why or not outcome.approved
        return bool(has_reason and accepted(effects.touched, row.why, by))

    try:
        tried = rehearse(change, project=row.project, confirm=is_free)
    except ValidationError as error:
        return _refuse(row, [Error.of_file("refused", error.messages[0])])
    result = _effect(tried.result, tried.effects)
    if tried.saved:
        return keep_result(row, State.SAVED, result)
    is_other = confirm and Import(result=result).effect_fingerprint != fingerprint
    return keep_result(row, State.CHECKED, result | ({"is_other": True} if is_other else {}))


def _effect(outcome, effects):
    """What the user reads before saving; see `Import.EFFECT`."""
    return {
        "fates": outcome.counts,
        "total": outcome.total,
        "approved": outcome.approved[:MOST_SHOWN],
        "touched": [touch.as_json() for touch in effects.touched],
        "effects": [[value.label, value.before, value.after] for value in effects.values],
    }


def keep_result(row, state, result):
    row.state, row.result = state, result
    row.saved_at = timezone.now() if state == State.SAVED else row.saved_at
    row.save(update_fields=["state", "result", "saved_at"])
    return row


def with_errors(row):
    """The file as xlsx, with the errors of each row in the last column.

    The columns keep the headers and the order of the file.
    """
    sheet, own_headers = sheet_of(row), {}
    if sheet:
        tables = {sheet.name: register_rows(row.file.path, sheet)}
        headers = headers_of(tables[sheet.name])
        own_headers = {
            name: headers.get(fold(row.columns.get(name, name))) for name in sheet.headers
        }
    else:
        tables = XlsxFile(row.file.path)
    sentences = {}
    for error in row.result.get("errors", []):
        column = own_headers.get(error["column"]) or error["column"]
        sentence = f"{column}: {error['message']}" if column else error["message"]
        sentences.setdefault((error["sheet"], error["row"]), []).append(sentence)
    book = Workbook()
    for name in [sheet.name] if sheet else [sheet.name for sheet in SHEETS]:
        if name in tables:
            _add_sheet(book, name, iter(tables[name]), sentences)
    return book.bytes()


def _add_sheet(book, name, rows, sentences):
    headers = [str(cell) for cell in next(rows, [])]
    places = [place for place, text in enumerate(headers) if text != MISTAKE]
    book.sheet(
        name,
        [*(headers[place] for place in places), MISTAKE],
        (
            [
                *(cell_at(cells, place) for place in places),
                "; ".join(sentences.get((name, number), [])),
            ]
            for number, cells in enumerate(rows, 2)
        ),
    )
