"""What has changed on a record, in words, from its history."""

from dataclasses import dataclass
from datetime import datetime

SHOWN = 10


@dataclass(frozen=True)
class Change:
    """One saving: who, when, and the columns that changed; a first one made the record."""

    at: datetime
    by: str
    what: str
    reason: str


def changes_of(record):
    """The last changes, newest first; two queries."""
    rows = list(record.history.select_related("history_user").order_by("-history_date")[: SHOWN + 1])
    found = [_change(newer, older) for newer, older in zip(rows, [*rows[1:], None], strict=True)]
    return found[:SHOWN]


def _change(newer, older):
    return Change(
        at=newer.history_date,
        by=str(newer.history_user or ""),
        what=_what(newer, older),
        reason=newer.history_change_reason or "",
    )


def _what(newer, older):
    if older is None:
        return "zapisano po raz pierwszy" if newer.history_type == "+" else "zmieniono"
    fields = [
        field.verbose_name
        for field in newer.tracked_fields
        if getattr(newer, field.attname) != getattr(older, field.attname)
    ]
    return ", ".join(str(name) for name in fields) or "bez zmiany danych"
