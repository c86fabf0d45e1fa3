"""Where a count comes from: the rows of candidates, and the steps that each row must pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

from owes.formatting import hours, plural

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


GENITIVE = "usługi,usług,usług"


class Remedy(NamedTuple):
    """What a person can do about a reason: a verb, and the thing it is done to.

    `target` is a key the pages turn into an address: `candidate`, `service`, `new_service`,
    `adoption`, `new_adoption`.
    """

    label: str
    target: str


class Condition(NamedTuple):
    """Something that must hold of a candidate, or (as a step) of a row that supports it.

    `sentence` says that it does not hold. A condition that cannot be judged holds, so that one gap
    does not show as two reasons.
    """

    code: str
    holds: Q
    sentence: str
    remedy: Remedy | None = None

    @property
    def is_mendable(self) -> bool:
        """True where the staff's own work can mend it: never a form, an area or a period."""
        return self.remedy is not None


def passed_steps(steps: list[Condition]) -> Case:
    """How many steps a row passes before the first that fails; an unknown (NULL) fails.

    One flat CASE whose branches ask for what fails: nested ones are too deep for SQLite's parser.
    """
    fails: list[Exact] = [
        Exact(Case(When(step.holds, then=Value(1)), default=Value(0)), Value(0)) for step in steps
    ]
    branches = [When(failed, then=Value(number)) for number, failed in enumerate(fails)]
    return Case(*branches, default=Value(len(steps)))


class Rows(NamedTuple):
    """Rows of a project with a `day`; `candidate` is the column that leads to whom a row supports.

    `counted_on` is the column of the day that the candidate counts from when a row passes.
    """

    of: Callable[[Scope], QuerySet]
    candidate: str
    counted_on: str = "day"


class Received(NamedTuple):
    """What a candidate got on its support days, in the order of days.

    `(first day, type)` of each service; `(day, type, minutes)` of each day and type.
    """

    services: list[tuple[date, int]]
    minutes: list[tuple[date, int, int]]


class Threshold(NamedTuple):
    """So many services and so many minutes, of these types (none: of any), until a day counts.

    `code` and `sentence` are of the reason of a candidate that has less.
    """

    code: str
    sentence: str
    services: int
    minutes: int
    types: tuple[int, ...] = ()

    def condition(self) -> Condition:
        return Condition(self.code, Q(), self.sentence, Remedy("Dodaj usługę", "new_service"))

    def so_far(self, received: Received) -> tuple[int, int]:
        """`(services, minutes)` that the candidate has of it."""
        minutes = sum(n for _, kind, n in received.minutes if self._asks_for(kind))
        return sum(self._asks_for(kind) for _, kind in received.services), minutes

    def told(self, services: int, minutes: int) -> str:
        """How far a candidate is: "Ma 2 z 3 usług, 6 h z 10 h." """
        parts = [f"{services} z {plural(self.services, GENITIVE)}"] * bool(self.services)
        parts += [f"{hours(minutes)} z {hours(self.minutes)}"] * bool(self.minutes)
        return f"Ma {', '.join(parts)}."

    def reached_on(self, received: Received) -> date | None:
        """The first day by which, that day whole, the candidate has all of it."""
        firsts = [day for day, kind in received.services if self._asks_for(kind)]
        days = [(day, n) for day, kind, n in received.minutes if self._asks_for(kind)]
        sums = accumulate(n for _, n in days)
        enough = [day for (day, _), total in zip(days, sums, strict=True) if total >= self.minutes]
        if len(firsts) < max(self.services, 1) or not enough:
            return None
        return max(firsts[max(self.services, 1) - 1], enough[0])

    def _asks_for(self, kind):
        return not self.types or kind in self.types


@dataclass(frozen=True, eq=False)
class CountingSource:
    """The rows that support candidates, and the steps a row must pass, in the rule's order.

    `rows` are several where a candidate is reached in several ways; they are of one model.
    `details` names what a row is made of, for the pages and the splits; `order` decides between
    rows that passed as many steps, an unknown value last.

    `amount` names the detail that says how much a row adds to the value; empty where each adds 1.

    `thresholds` ask for more than one passing row of a candidate, each as one more condition after
    the steps; a source that has some has rows of one kind, of services.
    """

    rows: tuple[Rows, ...]
    row_steps: Callable[[Scope], list[Condition]]
    details: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("day",)
    thresholds: tuple[Threshold, ...] = ()
    amount: str = ""

    def added_by(self, row: dict[str, Any] | None) -> int:
        """What a row (its JSON) adds to the value; unknown is nothing."""
        return (row or {}).get(self.amount) or 0 if self.amount else 1

    def passing(self, scope: Scope) -> QuerySet:
        """Of a source of one kind: the rows that pass every step, whatever thresholds ask for."""
        [rows] = self.rows
        steps = self.row_steps(scope)
        return rows.of(scope).annotate(passed=passed_steps(steps)).filter(passed=len(steps))

    def steps(self, scope: Scope) -> list[Condition]:
        """The steps of a row, then what is asked of all rows of a candidate together."""
        asked = [threshold.condition() for threshold in self.thresholds]
        return [*self.row_steps(scope), *asked]
