"""Undoing an import: every row it wrote is restored to its state before, or none of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q

from owes.change_reasons import ReasonNeeded, explained
from owes.history import LONGEST
from owes.models import User
from support.models import (
    AcceptedWarning,
    Attendance,
    CalendarFeed,
    Import,
    PasteBatch,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    Session,
)
from support.workbook.imports import MOST_SHOWN, keep_result
from support.workbook.writing import Writer, batches

State = Import.State

# Rows without meaning when the record they lead to is deleted; they are deleted with it.
DELETED_ALONG = (AcceptedWarning, CalendarFeed, PasteBatch)


MOST_NAMED = 50
# By what a record without a code of its own is told, and on whose page it is.
HOLDERS = ("service", "session", "person", "entity", "adoption", "partnership", "staff_member")


class Changed(ValidationError):
    """Rows the import wrote were changed since; the message names the first of them.

    `stopping` are the first `MOST_NAMED` of them as `(label, address)`, without personal data.
    """

    def __init__(self, message: str, stopping: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.stopping = list(dict.fromkeys(stopping))


def undo(row: Import, by: User | None = None, reason: str = "") -> None:
    """Restores every row the import wrote to its state before the import, or none of them.

    It needs a reason where the import did, and where it touches a report closed or a service
    approved since. Without one `result["undo"]` holds the reports it would touch, and
    `result["undo_approved"]` the services. Where other records stop it, `result["undo_stopped"]`
    names them.
    """
    approved = _approved_since(row)
    row.result.pop("undo_stopped", None)
    try:
        with transaction.atomic():
            explained(lambda: _undo(row, reason, by), reason=reason, by=by)
            if (row.needs_reason or approved) and not reason:
                raise ReasonNeeded([])
    except ReasonNeeded as needed:
        touched = [touch.as_json() for touch in needed.touched]
        asked = {"undo": touched, "undo_approved": approved}
        keep_result(row, row.state, row.result | asked)
    except Changed as changed:
        keep_result(row, row.state, row.result | {"undo_stopped": changed.stopping})
        raise


def _approved_since(row: Import) -> list[str]:
    """Codes of approved services whose rows the import changed while they were not: one query.

    Those that it made itself it approved itself.
    """
    if row.needs_reason:
        return []
    own = row.own_history
    made = Service.history.filter(own, history_type="+").values("id")
    sessions = Attendance.history.filter(own).values("session")
    touched = Q(pk__in=Session.history.filter(Q(id__in=sessions) | own).values("service"))
    for model in (Recipient, ServiceAdviser, ServiceTheme):
        touched |= Q(pk__in=model.history.filter(own).values("service"))
    services = row.project.services.filter(touched, state=Service.State.APPROVED)
    codes = services.exclude(pk__in=made).order_by("code")
    return list(codes.values_list("code", flat=True)[:MOST_SHOWN])


def _undo(row: Import, why: str, by: User | None) -> None:
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=row.project_id)
        row = Import.objects.select_for_update().get(pk=row.pk)
        if not row.is_saved:
            raise ValidationError("Cofnąć można import, który zapisano.")
        written = {
            model: rows for model in _tracked() if (rows := _written(model, row.own_history))
        }
        undone = _of_undone(row.project)
        _refuse_changed(
            [later for model in written for later in _later(model, row.own_history, undone)]
        )
        reason = f"cofnięto import nr {row.pk}{': ' if why else ''}{why}"[:LONGEST]
        writer = Writer(reason, by=by)
        models_in_order = _parents_first(written)
        for model in models_in_order:
            for keys in batches(written[model].changed):
                _restore(writer, model, keys, written[model].changed)
        _refuse_referenced(
            [each for model in reversed(models_in_order) for each in _referring(model, written)]
        )
        for model in reversed(models_in_order):
            for keys in batches(written[model].created):
                writer.delete(model._base_manager.filter(pk__in=keys))
        row.state = State.UNDONE
        row.save(update_fields=["state"])


@dataclass(frozen=True)
class Written:
    """What the import did to the rows of a model.

    `created` are keys of new rows that are still there. `changed` is `{key: history_id}` of the
    rows it changed or deleted, with the first row of history it wrote about each.
    """

    created: set
    changed: dict


def _tracked() -> list[Any]:
    """Every model with history but the import itself, whose row says what became of it."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute") and model is not Import
    ]


def _written(model: Any, own: Q) -> Written | None:
    rows = model.history.filter(own).order_by("history_id")
    first: dict[int, dict[str, Any]] = {}
    deleted = set()
    for row in rows.values("id", "history_id", "history_type").iterator():
        first.setdefault(row["id"], row)
        if row["history_type"] == "-":
            deleted.add(row["id"])
    created = {key for key, row in first.items() if row["history_type"] == "+"}
    changed = {key: row["history_id"] for key, row in first.items() if key not in created}
    return Written(created - deleted, changed) if first else None


def _of_undone(project: Project) -> Q:
    """Condition of the rows of history written by undone imports and by undoing them."""
    undone = project.imports.filter(state=State.UNDONE).values_list("pk", flat=True)
    numbers = "|".join(map(str, undone))
    return Q(history_change_reason__regex=rf"^(cofnięto )?import nr ({numbers})(:|$)")


def _later(model: Any, own: Q, undone: Q) -> list[tuple[Any, int, Any]]:
    """`(model, key, record)` of rows the import wrote that what was not undone changed later.

    The record is None of one that was deleted.
    """
    ids = model.history.filter(own).values("id")
    changes = model.history.filter(id__in=ids).order_by().values("id")
    changes = changes.annotate(
        last=Max("history_id", filter=own), newest=Max("history_id", filter=~undone)
    )
    later = changes.filter(newest__gt=F("last")).order_by("newest")
    keys = [change["id"] for change in later[:MOST_NAMED]]
    records = model._base_manager.in_bulk(keys) if keys else {}
    return [(model, key, records.get(key)) for key in keys]


def _refuse_changed(later: list[tuple[Any, int, Any]]) -> None:
    if later:
        model, key, record = later[0]
        raise Changed(
            f"Po imporcie zmieniono: {model._meta.verbose_name} „{record or f'nr {key}'}”. "
            "Najpierw cofnij tę zmianę albo popraw zapisy ręcznie.",
            [_told(*each) for each in later[:MOST_NAMED]],
        )


def _told(model: Any, key: int, record: Any) -> tuple[str, str]:
    """The label of a record by its code, or by that of the record it is part of, and its page."""
    kind, holder = str(model._meta.verbose_name), record
    while holder is not None and not getattr(holder, "code", ""):
        links = (getattr(holder, name, None) for name in HOLDERS)
        holder = next((link for link in links if link is not None), None)
    if holder is None:
        return f"{kind} nr {key}", getattr(record, "get_absolute_url", str)()
    part = "" if holder is record else f", {holder._meta.verbose_name}"
    return f"{kind}{part} {holder.code}", holder.get_absolute_url()


def _restore(writer: Writer, model: Any, keys: list[int], changed: dict[int, int]) -> None:
    """Makes rows the import changed or deleted as they were before its first change."""
    before = {}
    for version in model.history.filter(id__in=keys).order_by("history_id"):
        if version.history_id < changed[version.id]:
            before[version.id] = version
    if unknown := set(keys) - before.keys():
        raise Changed(
            f"Historia nie zna stanu sprzed importu: {model._meta.verbose_name} {min(unknown)}."
        )
    existing = model._base_manager.in_bulk(keys)
    fields = [field for field in model.history.model.tracked_fields if not field.primary_key]
    records = [existing.get(key) or model(pk=key) for key in keys]
    for record in records:
        for field in fields:
            setattr(record, field.attname, getattr(before[record.pk], field.attname))
    if existing:
        to_update = [record for record in records if record.pk in existing]
        writer.update(to_update, [field.name for field in fields])
    if len(existing) < len(records):
        writer.create([record for record in records if record.pk not in existing])


def _referring(model: Any, written: dict[Any, Written]) -> Iterator[tuple[Any, Any]]:
    """`(model, row)` of rows that the import did not write and that lead to one it created.

    Rows of `DELETED_ALONG` are deleted instead.
    """
    for relation in model._meta.related_objects:
        source = relation.related_model
        if relation.many_to_many:  # its rows are asked for by themselves
            continue
        own = written[source].created if source in written else set()
        for keys in batches(written[model].created):
            rows = source._base_manager.filter(**{f"{relation.field.name}__in": keys})
            if source in DELETED_ALONG:
                rows.delete()
                continue
            others = [row for row in rows.values_list("pk", flat=True) if row not in own]
            named = others[:MOST_NAMED]
            yield from ((model, row) for row in source._base_manager.filter(pk__in=named))


def _refuse_referenced(referring: list[tuple[Any, Any]]) -> None:
    if referring:
        model, name = referring[0]
        raise Changed(
            f"Do zapisu z importu ({model._meta.verbose_name}) prowadzi inny: "
            f"{name._meta.verbose_name} „{name}”. Najpierw usuń go albo przenieś.",
            [_told(type(row), row.pk, row) for _, row in referring[:MOST_NAMED]],
        )


def _parents_first(models: Iterable[Any]) -> list[Any]:
    """The models ordered so that each stands after those it points at."""
    ordered, waiting = [], list(models)
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
