"""A change tried in a transaction: what it would do to the numbers, before it is kept.

What is measured belongs to an app to the right, so dotted names in settings say who measures, and
what projects there are.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Measurement:
    """What `settings.REHEARSAL_EFFECTS` answers: numbers with their labels, and frozen reports.

    `differences` is, for each closed report by its label, the set of what differs between it and
    the records of now.
    """

    values: dict
    labels: dict
    differences: dict = field(default_factory=dict)


class Change(NamedTuple):
    code: str
    label: str
    before: int
    after: int

    def __str__(self):
        return f"{self.label}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Effects:
    before: Measurement
    after: Measurement

    @property
    def values(self):
        """Every number before and after, changed or not."""
        return [
            Change(code, self.after.labels[code], self.before.values.get(code, 0), value)
            for code, value in self.after.values.items()
        ]

    @property
    def changes(self):
        return [change for change in self.values if change.before != change.after]

    @property
    def touched_reports(self):
        """Labels of the closed reports from which the records differ more than before."""
        return [
            label
            for label, found in self.after.differences.items()
            if found - self.before.differences.get(label, set())
        ]

    @property
    def is_none(self):
        """Whether no number and no closed report is touched."""
        return not (self.changes or self.touched_reports)


@dataclass(frozen=True)
class Rehearsal:
    """What the change answered, what it did to the numbers, and whether it was kept."""

    result: Any
    effects: Effects
    saved: bool


def rehearse(change, *, project, confirm=False):
    """Runs `change()` and keeps it only if confirmed; what it raises leaves nothing behind.

    `confirm` may be a function of the result and the effects.
    """
    measure = import_string(settings.REHEARSAL_EFFECTS)
    with transaction.atomic():
        before = measure(project)
        result = change()
        effects = Effects(before, measure(project))
        saved = bool(confirm(result, effects) if callable(confirm) else confirm)
        if not saved:
            transaction.set_rollback(True)
    return Rehearsal(result, effects, saved)


def rehearse_everywhere(change, *, confirm=False):
    """As `rehearse`, for a change of what belongs to no project.

    The effects are `[(project, Effects)]` of all projects.
    """
    measure = import_string(settings.REHEARSAL_EFFECTS)
    projects = import_string(settings.REHEARSAL_PROJECTS)()
    with transaction.atomic():
        before = [measure(project) for project in projects]
        result = change()
        effects = [
            (project, Effects(earlier, measure(project)))
            for project, earlier in zip(projects, before, strict=True)
        ]
        saved = bool(confirm(result, effects) if callable(confirm) else confirm)
        if not saved:
            transaction.set_rollback(True)
    return Rehearsal(result, effects, saved)
