"""Changes of a record from what to what, in words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, IntegerField

from owes.record_history.changes import PROGRAM, Change, all_changes_of, savings
from owes.versions import fields_of, names_of, value_words

EMPTY = "puste"


@dataclass(frozen=True)
class Line:
    """A field of the record, or a row under it, before and after; empty where there was none.

    `is_withheld`: that it changed is told, and not from what to what.
    """

    label: str
    before: str
    after: str
    is_withheld: bool = False


@dataclass(frozen=True)
class Saving:
    """What somebody saved at once. `version` is the newest row of history of the record itself."""

    at: datetime
    by: str
    reason: str
    lines: Sequence[Line]
    is_first: bool
    version: int | None

    def without_values(self) -> "Saving":
        """For those who may not read what is in the columns, nor why it was changed."""
        labels = dict.fromkeys(line.label for line in self.lines)
        lines = [Line(label, "", "", is_withheld=True) for label in labels]
        return replace(self, reason="", lines=lines)


def savings_of(record: Any, *parts: str) -> list[Saving]:
    """Every saving of a record and of its parts, newest first.

    A query for the record, for each part, and for each field that points at other records.
    """
    together = savings(all_changes_of(record, *parts))
    words = _Words([change for changes in together for change in changes])
    return [_saving(changes, words) for changes in together]


def _saving(changes: list[Change], words: "_Words") -> Saving:
    own = [change for change in changes if not change.is_of_part]
    return Saving(
        at=changes[0].at,
        by=changes[0].by or PROGRAM,
        reason=changes[0].reason,
        lines=[line for change in (*own, *_of_parts(changes)) for line in words.lines(change)],
        is_first=any(change.older is None for change in own),
        version=own[0].newer.history_id if own else None,
    )


def _of_parts(changes: list[Change]) -> list[Change]:
    """In the order in which they were saved."""
    return [change for change in reversed(changes) if change.is_of_part]


class _Words:
    """What the rows of changes say; names are read once for each field."""

    def __init__(self, changes: list[Change]) -> None:
        rows: dict[Any, list[Any]] = defaultdict(list)
        for change in changes:
            rows[change.newer.instance_type] += filter(None, (change.older, change.newer))
        self.fields = {model: fields_of(model) for model in rows}
        self.names = {model: names_of(self.fields[model], own) for model, own in rows.items()}
        keys: dict[Any, set[int]] = defaultdict(set)
        for change in changes:
            for link, (gone, added) in change.links.items():
                keys[link] |= gone | added
        self.linked = {
            link: link.related_model._base_manager.in_bulk(own) for link, own in keys.items()
        }

    def lines(self, change: Change) -> list[Line]:
        if change.is_of_part:
            noun = change.newer.instance_type._meta.verbose_name
            gone = change.is_return or change.older is None
            before = "" if gone else self._row(change.older, change.parent)
            after = "" if change.is_removal else self._row(change.newer, change.parent)
            return [Line(str(noun), before, after)] if before != after else []
        if change.is_removal:
            return [Line("cały zapis", "był", "usunięty")]
        fields = self.fields[change.newer.instance_type]
        lines = [
            Line(str(field.verbose_name), before, after)
            for field in fields
            for before, after in [(self._of(field, change.older), self._of(field, change.newer))]
            if before != after
        ]
        return lines + self._of_links(change)

    def _of(self, field: Any, row: Any) -> str:
        return value_words(field, row, self.names[field.model]) if row else ""

    def _row(self, row: Any, parent: Any) -> str:
        """A row under the record, without what leads up to it."""
        fields = [field for field in self.fields[row.instance_type] if field != parent]
        return ", ".join(filter(None, (self._of_row(field, row) for field in fields)))

    def _of_row(self, field: Any, row: Any) -> str:
        """A yes and a number need the label of their field; a no and a zero are left out."""
        value = getattr(row, field.attname)
        if isinstance(field, BooleanField):
            return str(field.verbose_name) if value else ""
        if isinstance(field, IntegerField) and not field.choices:
            return f"{field.verbose_name} {value}" if value else ""
        return self._of(field, row)

    def _of_links(self, change: Change) -> list[Line]:
        return [
            Line(str(link.verbose_name), self._linked(link, gone), self._linked(link, added))
            for link, (gone, added) in change.links.items()
        ]

    def _linked(self, link: Any, keys: set[int]) -> str:
        known = self.linked[link]
        return ", ".join(sorted(str(known.get(key, "zapis usunięty")) for key in keys))
