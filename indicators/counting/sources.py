"""Where a count comes from: the rows of candidates, and the steps that each row must pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


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


@dataclass(frozen=True, eq=False)
class CountingSource:
    """The rows that support candidates, and the steps a row must pass, in the rule's order.

    `rows` are several where a candidate is reached in several ways; they are of one model.
    `details` names what a row is made of, for the pages and the splits; `order` decides between
    rows that passed as many steps, an unknown value last.

    `least_support` says of a reading what more than one passing row is asked of a candidate, as
    one more condition after the steps; None asks for nothing.
    """

    rows: tuple[Rows, ...]
    row_steps: Callable[[Scope], list[Condition]]
    details: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("day",)
    least_support: Callable[[Scope], Condition | None] = lambda scope: None

    def steps(self, scope: Scope) -> list[Condition]:
        """The steps of a row, then what is asked of all rows of a candidate together."""
        least_support = self.least_support(scope)
        return [*self.row_steps(scope), *([least_support] if least_support else [])]
