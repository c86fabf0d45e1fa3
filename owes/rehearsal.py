"""Tries a change in a transaction and measures its effects before it is kept.

What is measured belongs to an app to the right, so dotted names in settings say who measures
(`indicators/records/effects.py`), what projects there are, and what watches closed reports
(`indicators/reports/touched_reports.py`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from owes.formatting import amount


@dataclass(frozen=True)
class Measurement:
    """What `settings.REHEARSAL_EFFECTS` answers of a project: numbers, their labels and units.

    Units are as of `owes.formatting.amount`; one that is not there is that of a plain number.
    """

    values: dict
    labels: dict
    units: dict = field(default_factory=dict)


class Effect(NamedTuple):
    code: str
    label: str
    before: int
    after: int
    unit: str = ""

    def said(self, value: int) -> str:
        return amount(value, self.unit) if self.unit else str(value)

    def __str__(self) -> str:
        return f"{self.label}: {self.said(self.before)} → {self.said(self.after)}"


@dataclass(frozen=True)
class Touch:
    """A closed report (by `key`) that a change moves the records further away from.

    `records` are the keys of those it touches, `told` the same in words.
    """

    key: int
    project: int
    label: str
    records: list
    told: list
    changes: list

    def as_json(self) -> dict[str, Any]:
        """What a page needs to show it later."""
        changes = [change._asdict() for change in self.changes]
        return {"label": self.label, "told": self.told, "changes": changes}


# Whether to keep a change; may be a function of its result and effects.
Confirm = bool | Callable[[Any, Any], bool]


class ReportsWatch(Protocol):
    """The closed reports of every project, from the moment it is made by `settings.REPORTS_WATCH`.

    False when there are none.
    """

    def __bool__(self) -> bool: ...

    def touches(self) -> list[Touch]:
        """The reports from which what was done since moves the records further away."""


def watch_reports() -> ReportsWatch:
    return import_string(settings.REPORTS_WATCH)()


@dataclass(frozen=True)
class Effects:
    before: Measurement
    after: Measurement
    touched: list = field(default_factory=list)

    @property
    def values(self) -> list[Effect]:
        """Every number before and after, changed or not; one that there is no more comes to 0."""
        labels = self.before.labels | self.after.labels
        before, after = self.before.values, self.after.values
        units = self.before.units | self.after.units
        return [
            Effect(
                code,
                labels[code],
                before.get(code, 0),
                after.get(code, 0),
                units.get(code, ""),
            )
            for code in dict.fromkeys([*before, *after])
        ]

    @property
    def changes(self) -> list[Effect]:
        return [change for change in self.values if change.before != change.after]

    @property
    def touched_reports(self) -> list[str]:
        return [touch.label for touch in self.touched]

    @property
    def is_none(self) -> bool:
        """Whether no number and no closed report is touched."""
        return not (self.changes or self.touched)


@dataclass(frozen=True)
class Rehearsal:
    """What the change answered, what it did to the numbers, and whether it was kept."""

    result: Any
    effects: Any
    saved: bool


def rehearse(change: Callable[[], Any], *, project: Any, confirm: Confirm = False) -> Rehearsal:
    """Runs `change()` and keeps it only if confirmed; what it raises leaves nothing behind.

    `confirm` may be a function of the result and the effects. The closed reports touched are those
    of every project, for the registers are shared.
    """

    def effects_of(before: list, after: list, touched: list[Touch]) -> Effects:
        return Effects(before[0], after[0], touched)

    return _rehearse(change, [project], effects_of, confirm)


def rehearse_everywhere(
    change: Callable[[], Any], *, projects: Iterable | None = None, confirm: Confirm = False
) -> Rehearsal:
    """As `rehearse`, for a change of what belongs to no project.

    The effects are `[(project, Effects)]` of the projects, all of them unless some are named.
    """
    if projects is None:
        projects = import_string(settings.REHEARSAL_PROJECTS)()

    def effects_of(before: list, after: list, touched: list[Touch]) -> list[tuple]:
        return [
            (
                project,
                Effects(was, now, [touch for touch in touched if touch.project == project.pk]),
            )
            for project, was, now in zip(projects, before, after, strict=True)
        ]

    return _rehearse(change, projects, effects_of, confirm)


def try_out(change: Callable[[], Any]) -> Any:
    """What `change()` answers; whatever it did to the database is taken back."""
    with transaction.atomic():
        answer = change()
        transaction.set_rollback(True)
    return answer


def _rehearse(
    change: Callable, projects: Iterable, effects_of: Callable, confirm: Confirm
) -> Rehearsal:
    measure = import_string(settings.REHEARSAL_EFFECTS)
    with transaction.atomic():
        reports, before = watch_reports(), [measure(project) for project in projects]
        result = change()
        after = [measure(project) for project in projects]
        effects = effects_of(before, after, reports.touches())
        saved = bool(confirm(result, effects) if callable(confirm) else confirm)
        if not saved:
            transaction.set_rollback(True)
    return Rehearsal(result, effects, saved)
