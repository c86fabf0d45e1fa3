"""A file imported in the browser: checked, saved all or nothing, sent back, taken back."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from owes.exports import Workbook
from owes.folding import fold
from owes.history import LONGEST
from owes.reasons import ReasonNeeded, accepted, explained
from owes.rehearsal import rehearse
from support.models import AcceptedWarning, CalendarFeed, Import, PasteBatch, Project
from support.workbook.columns import headers_of, missing_from
from support.workbook.contract import MISTAKE, SHEETS
from support.workbook.files import UnreadableFile, XlsxFile, read_register, register_rows
from support.workbook.importing import ALONE, save_book
from support.workbook.reader import Error, read_book
from support.workbook.writing import Writer, batches

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


def not_told(row):
    """Columns of the register that the file does not have."""
    sheet = sheet_of(row)
    if not sheet or not row.columns:
        return []
    return [name for name in sheet.headers if name not in row.columns]


def check(row):
    """Reads the file and rehearses saving it; keeps errors, or what would become of the rows."""
    book = _read(row)
    if isinstance(book, list):
        return _keep(row, State.REFUSED, {"errors": [error._asdict() for error in book]})
    return _tried(row, book, confirm=False)


def save(row, by=None):
    """Saves the file, unless there is something new that forbids it or needs a reason."""
    book = _read(row)
    if isinstance(book, list):
        return _keep(row, State.REFUSED, {"errors": [error._asdict() for error in book]})
    return _tried(row, book, confirm=True, by=by)


def _read(row):
    """The book, or the errors of the file."""
    sheet = sheet_of(row)
    missing = missing_from(row.columns, sheet) if row.columns else frozenset()
    try:
        book = read_book(tables_of(row), sheet, row.project, missing)
    except UnreadableFile as error:
        return [Error(None, None, None, "unreadable_file", str(error), None)]
    return book.errors or book


def _tried(row, book, confirm, by=None):
    """Saves only what was shown: of another effect the import is checked anew, and says so."""
    shown = row.shown

    def change():
        outcome = save_book(book, row.project, row.reason)
        if confirm:
            _keep(row, State.SAVED, row.result | {"fates": outcome.fates})
        return outcome

    def is_free(outcome, effects):
        if not confirm or Import(result=_effect(outcome, effects)).shown != shown:
            return False
        has_reason = row.why or not outcome.approved
        return bool(has_reason and accepted(effects.touched, row.why, by))

    try:
        tried = rehearse(change, project=row.project, confirm=is_free)
    except ValidationError as error:
        refusal = Error(None, None, None, "refused", error.messages[0], None)
        return _keep(row, State.REFUSED, {"errors": [refusal._asdict()]})
    result = _effect(tried.result, tried.effects)
    if tried.saved:
        return _keep(row, State.SAVED, result)
    is_other = confirm and Import(result=result).shown != shown
    return _keep(row, State.CHECKED, result | ({"is_other": True} if is_other else {}))


def _effect(outcome, effects):
    """What one reads before saving; see `Import.EFFECT`."""
    return {
        "fates": outcome.fates,
        "total": outcome.total,
        "approved": outcome.approved[:MOST_SHOWN],
        "touched": [touch.as_json() for touch in effects.touched],
        "effects": [[one.label, one.before, one.after] for one in effects.values],
    }


def _keep(row, state, result):
    row.state, row.result = state, result
    row.saved_at = timezone.now() if state == State.SAVED else row.saved_at
    row.save(update_fields=["state", "result", "saved_at"])
    return row


def sent_back(row):
    """The file as xlsx, each row with what is wrong with it in the last column.

    Its columns stand under their own headers, in their own order.
    """
    sheet, own = sheet_of(row), {}
    if sheet:
        tables = {sheet.name: register_rows(row.file.path, sheet)}
        headers = headers_of(tables[sheet.name])
        own = {name: headers.get(fold(row.columns.get(name, name))) for name in sheet.headers}
    else:
        tables = XlsxFile(row.file.path)
    told = {}
    for error in row.result.get("errors", []):
        column = own.get(error["column"]) or error["column"]
        words = f"{column}: {error['message']}" if column else error["message"]
        told.setdefault((error["sheet"], error["row"]), []).append(words)
    book = Workbook()
    for one in [sheet] if sheet else SHEETS:
        if one.name in tables:
            _send_sheet(book, one.name, iter(tables[one.name]), told)
    return book.bytes()


def _send_sheet(book, name, rows, told):
    header = [str(cell) for cell in next(rows, [])]
    places = [place for place, text in enumerate(header) if text != MISTAKE]
    book.sheet(
        name,
        [*(header[place] for place in places), MISTAKE],
        (
            [
                *(cells[place] if place < len(cells) else "" for place in places),
                "; ".join(told.get((name, number), [])),
            ]
            for number, cells in enumerate(rows, 2)
        ),
    )


# Undoing

# Rows that say something of the record they lead to, and nothing without it.
GOES_ALONG = (AcceptedWarning, CalendarFeed, PasteBatch)


class Changed(ValidationError):
    """Rows the import wrote were changed since; the message names the first of them."""


def undo(row, by=None, reason=""):
    """Brings every row the import wrote to what it was before; all or nothing.

    It asks why where the import did, and where it touches a report closed since; without a
    reason `result["undo"]` says what it would touch.
    """
    try:
        with transaction.atomic():
            explained(lambda: _undo(row, reason), reason=reason, by=by)
            if row.needs_reason and not reason:
                raise ReasonNeeded([])
    except ReasonNeeded as needed:
        touched = [touch.as_json() for touch in needed.touched]
        _keep(row, row.state, row.result | {"undo": touched})


def _undo(row, why):
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=row.project_id)
        row = Import.objects.select_for_update().get(pk=row.pk)
        if row.state != State.SAVED:
            raise ValidationError("Cofnąć można import, który zapisano.")
        written = {model: found for model in _tracked() if (found := _written(model, row.reason))}
        came_to_nothing = _of_undone(row.project)
        for model in written:
            _refuse_changed(model, row.reason, came_to_nothing)
        writer = Writer(f"cofnięto import nr {row.pk}{': ' if why else ''}{why}"[:LONGEST])
        models_in_order = _parents_first(written)
        for model in models_in_order:
            for keys in batches(written[model].changed):
                _restore(writer, model, keys, written[model].changed)
        for model in reversed(models_in_order):
            _refuse_pointed_at(model, written)
        for model in reversed(models_in_order):
            for keys in batches(written[model].made):
                writer.delete(model._base_manager.filter(pk__in=keys))
        row.state = State.UNDONE
        row.save(update_fields=["state"])


@dataclass(frozen=True)
class Written:
    """What the import did to the rows of a model.

    `made` are keys of new rows that are still there; `changed` leads from the keys of those it
    changed or deleted to the first row of history it wrote about each.
    """

    made: set
    changed: dict


def _tracked():
    return [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    ]


def _written(model, reason):
    rows = model.history.filter(history_change_reason=reason).order_by("history_id")
    first, gone = {}, set()
    for key, place, kind in rows.values_list("id", "history_id", "history_type").iterator():
        first.setdefault(key, (place, kind))
        if kind == "-":
            gone.add(key)
    made = {key for key, (_, kind) in first.items() if kind == "+"}
    changed = {key: place for key, (place, _) in first.items() if key not in made}
    return Written(made - gone, changed) if first else None


def _of_undone(project):
    """Rows of history written by imports that were taken back, and by the taking back."""
    undone = project.imports.filter(state=State.UNDONE).values_list("pk", flat=True)
    numbers = "|".join(map(str, undone))
    return Q(history_change_reason__regex=rf"^(cofnięto )?import nr ({numbers})(:|$)")


def _refuse_changed(model, reason, came_to_nothing):
    """Refuses when a row the import wrote was changed later, and stayed so."""
    mine = Q(history_change_reason=reason)
    ids = model.history.filter(mine).values("id")
    ends = model.history.filter(id__in=ids).order_by().values("id")
    ends = ends.annotate(
        last=Max("history_id", filter=mine), newest=Max("history_id", filter=~came_to_nothing)
    )
    later = ends.filter(newest__gt=F("last")).order_by("newest").first()
    if later:
        name = model._base_manager.filter(pk=later["id"]).first() or f"nr {later['id']}"
        raise Changed(
            f"Po imporcie zmieniono: {model._meta.verbose_name} „{name}”. Najpierw cofnij tę "
            "zmianę albo popraw zapisy ręcznie."
        )


def _restore(writer, model, keys, changed):
    """Rows the import changed or deleted, as they were before its first touch."""
    before = {}
    for one in model.history.filter(id__in=keys).order_by("history_id"):
        if one.history_id < changed[one.id]:
            before[one.id] = one
    if unknown := set(keys) - before.keys():
        raise Changed(
            f"Historia nie zna stanu sprzed importu: {model._meta.verbose_name} {min(unknown)}."
        )
    there = model._base_manager.in_bulk(keys)
    fields = [field for field in model.history.model.tracked_fields if not field.primary_key]
    records = [there.get(key) or model(pk=key) for key in keys]
    for record in records:
        for field in fields:
            setattr(record, field.attname, getattr(before[record.pk], field.attname))
    if there:
        kept = [record for record in records if record.pk in there]
        writer.update(kept, [field.name for field in fields])
    if len(there) < len(records):
        writer.create([record for record in records if record.pk not in there])


def _refuse_pointed_at(model, written):
    """Refuses when a row of somebody else's leads to one the import made.

    What only says something of the record goes with it.
    """
    made = written[model].made
    for relation in model._meta.related_objects:
        source = relation.related_model
        if relation.many_to_many:  # its rows are asked for by themselves
            continue
        own = written[source].made if source in written else set()
        for keys in batches(made):
            rows = source._base_manager.filter(**{f"{relation.field.name}__in": keys})
            if source in GOES_ALONG:
                rows.delete()
                continue
            others = [row for row in rows.values_list("pk", flat=True) if row not in own]
            if others:
                name = source._base_manager.get(pk=others[0])
                raise Changed(
                    f"Do zapisu z importu ({model._meta.verbose_name}) prowadzi inny: "
                    f"{source._meta.verbose_name} „{name}”. Najpierw usuń go albo przenieś."
                )


def _parents_first(found):
    """The models so that each stands after those it points at."""
    ordered, waiting = [], list(found)
    while waiting:
        ready = [
            model
            for model in waiting
            if not {
                field.related_model
                for field in model._meta.concrete_fields
                if field.is_relation and field.related_model is not model
            }
            & set(waiting)
        ]
        ready = ready or waiting[:1]
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered
