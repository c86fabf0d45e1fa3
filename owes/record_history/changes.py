"""What was changed on a record and on the rows under it, by their history: who, when, why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from owes.versions import history_of, links_of, model_of

SHOWN = 10
TOGETHER = timedelta(seconds=2)  # rows of one saving are not of one moment
PROGRAM = "program"


@dataclass(frozen=True)
class Change:
    """A row of history and the one before it, None for the first known.

    `parent` is the field by which a row under the record leads up, None for the record itself;
    `links`: of a many-to-many that changed, the keys it no longer leads to and those added.
    """

    older: Any
    newer: Any
    parent: Any
    links: Mapping[Any, tuple[set[int], set[int]]]

    @property
    def is_of_part(self) -> bool:
        return self.parent is not None

    @property
    def at(self) -> datetime:
        return self.newer.history_date

    @property
    def by(self) -> str:
        return str(self.newer.history_user or "")

    @property
    def reason(self) -> str:
        return self.newer.history_change_reason or ""

    @property
    def is_removal(self) -> bool:
        return self.newer.history_type == "-"

    @property
    def is_return(self) -> bool:
        return bool(self.older and self.older.history_type == "-" and not self.is_removal)

    @property
    def summary(self) -> str:
        """Which columns changed, without what is in them; empty when none did."""
        noun = f"{self.newer.instance_type._meta.verbose_name}: " if self.is_of_part else ""
        if self.is_removal:
            return f"{noun}usunięto"
        if self.is_return:
            return f"{noun}przywrócono"
        if self.older is None:
            first = "dodano" if self.is_of_part else "zapisano po raz pierwszy"
            return f"{noun}{first if self.newer.history_type == '+' else 'zmieniono'}"
        fields = [
            str(field.verbose_name)
            for field in self.newer.tracked_fields
            if getattr(self.newer, field.attname) != getattr(self.older, field.attname)
        ]
        fields += [str(link.verbose_name) for link in self.links]
        return f"{noun}{', '.join(fields)}" if fields else ""


def changes_of(record: Any, *parts: str) -> list[Change]:
    """The last changes of a record and of its `parts`, newest first."""
    return all_changes_of(record, *parts)[:SHOWN]


def all_changes_of(record: Any, *parts: str) -> list[Change]:
    """The same, all of them. `parts` are relations as those of `owes/versions.py`.

    One query for the record and one for each part.
    """
    changes = [
        change
        for part in ("", *parts)
        for change in _changes(history_of(record, part), model_of(type(record), part)[1])
        if change.summary
    ]
    return sorted(changes, key=lambda change: (change.at, change.newer.pk), reverse=True)


def _changes(history: Any, parent: Any) -> Iterable[Change]:
    rows = history.select_related("history_user").order_by("id", "history_date", "history_id")
    linked = {link: _linked(history, link) for link in links_of(history.model.instance_type)}
    for older, newer in pairwise([None, *rows]):
        before = older if older and older.id == newer.id else None
        links = {}
        for link, keys in linked.items():
            now, then = keys[newer.pk], keys[before.pk] if before else set()
            if now != then:
                links[link] = (then - now, now - then)
        yield Change(before, newer, parent, links)


def _linked(history: Any, link: Any) -> dict[int, set[int]]:
    """`{key of a row of history: keys that a many-to-many led to}`."""
    keys: dict[int, set[int]] = defaultdict(set)
    through = getattr(history.model, link.name).model
    rows = through.objects.filter(history__in=history.values("pk"))
    for row, key in rows.values_list("history", link.m2m_reverse_field_name()):
        keys[row].add(key)
    return keys


def savings(changes: list[Change]) -> list[list[Change]]:
    """Changes that were made together, by one person with one reason; of the record itself one."""
    together: list[list[Change]] = []
    for change in changes:
        if together and _are_together(together[-1], change):
            together[-1].append(change)
        else:
            together.append([change])
    return together


def _are_together(group: list[Change], change: Change) -> bool:
    last = group[-1]
    return (
        last.at - change.at <= TOGETHER
        and (last.newer.history_user_id, last.reason)
        == (change.newer.history_user_id, change.reason)
        and (change.is_of_part or all(each.is_of_part for each in group))
    )
