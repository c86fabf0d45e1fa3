"""Totals and goals of a project on a day, kept until something changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from indicators.counting.scope import Scope
from indicators.counting.store import lock, refresh
from indicators.counting.totals import GoalTotal, goals, totals
from indicators.counting.versions import version_of
from indicators.models import DayWork
from owes.periods import Period


@dataclass(frozen=True)
class Work:
    """As `indicators.counting.totals` gives them from the project's start to a day."""

    totals: dict[str, int]
    goals: list[GoalTotal]


def work_on(scope: Scope, on: date) -> Work:
    """What was done until the day; one query where it is kept.

    To be asked of a scope whose judgements were just read: they are brought up to date then.
    """
    kept = DayWork.objects.filter(project=scope.project, on=on, version=version_of(scope)).first()
    numbers = kept.numbers if kept else _keep(scope, on)
    return Work(
        totals=numbers["totals"],
        goals=[
            GoalTotal(**goal | {"facts": tuple(map(tuple, goal["facts"]))})
            for goal in numbers["goals"]
        ],
    )


def numbers_on(scope: Scope, on: date) -> dict[str, Any]:
    """Of raw data, as they are kept."""
    period = Period(min(scope.period.start, on), on)
    return {
        "totals": totals(scope, period),
        "goals": [asdict(goal) for goal in goals(scope, period)],
    }


def _keep(scope, on):
    """Counted under the lock of readers: a change that is not seen here is still marked."""
    with transaction.atomic():
        lock(scope.project)
        refresh(scope)
        numbers = numbers_on(scope, on)
        DayWork.objects.update_or_create(
            project=scope.project,
            on=on,
            defaults={"version": version_of(scope), "numbers": numbers},
        )
    return numbers
