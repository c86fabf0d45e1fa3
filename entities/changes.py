"""What has changed on a record and on the rows under it, in words, from their history."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

SHOWN = 10


@dataclass(frozen=True)
class RecordChange:
    """One saving: who, when, and which columns changed; values are never shown."""

    at: datetime
    by: str
    summary: str
    reason: str


def changes_of(record: Any, *parts: str) -> list[RecordChange]:
    """The last changes of a record and of its `parts` (names of relations), newest first.

    One query for the record and one for each part.
    """
    changes = _changes(record.history.all(), of_part=False)
    for name in parts:
        relation = record._meta.get_field(name)
        rows = relation.related_model.history.filter(**{relation.field.attname: record.pk})
        changes += _changes(rows, of_part=True)
    return sorted(changes, key=lambda change: change.at, reverse=True)[:SHOWN]


def _changes(history: Any, of_part: bool) -> list[RecordChange]:
    """The changes between each row of history and the one before it; equal ones are skipped."""
    rows = history.select_related("history_user").order_by("id", "history_date", "history_id")
    return [
        RecordChange(
            at=newer.history_date,
            by=str(newer.history_user or ""),
            summary=summary,
            reason=newer.history_change_reason or "",
        )
        for older, newer in pairwise([None, *rows])
        if (summary := _summary(newer, older if older and older.id == newer.id else None, of_part))
    ]


def _summary(newer: Any, older: Any, of_part: bool) -> str:
    noun = f"{newer.instance_type._meta.verbose_name}: " if of_part else ""
    if newer.history_type == "-":
        return f"{noun}usunięto"
    if older and older.history_type == "-":
        return f"{noun}przywrócono"
    if older is None:
        first = "dodano" if of_part else "zapisano po raz pierwszy"
        return f"{noun}{first if newer.history_type == '+' else 'zmieniono'}"
    fields = [
        str(field.verbose_name)
        for field in newer.tracked_fields
        if getattr(newer, field.attname) != getattr(older, field.attname)
    ]
    return f"{noun}{', '.join(fields)}" if fields else ""
