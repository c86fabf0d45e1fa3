"""Where a count comes from: the rows of a candidate, and the steps that each row must pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, JSONObject, Least, NullIf
from django.db.models.lookups import Exact

if TYPE_CHECKING:
    from indicators.scope import Scope


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


def earliest(*days: Combinable) -> NullIf:
    """The least of days that may be NULL: LEAST skips NULL on PostgreSQL, not on SQLite."""
    never = Value(date.max)
    return NullIf(Least(*(Coalesce(day, never) for day in days)), never)


def latest(*days: Combinable) -> NullIf:
    """The greatest of days, NULL when any of them is: GREATEST skips NULL on PostgreSQL."""
    never = Value(date.max)
    return NullIf(Greatest(*(Coalesce(day, never) for day in days)), never)


@dataclass(frozen=True)
class CountingSource:
    """The rows that support a candidate, and the steps a row must pass, in the rule's order.

    `rows` have a `day`; `match` ties them to the candidate. `details` names what a row is made of,
    for the pages and the splits; `order` decides between rows of one day. `first` is a faster
    way to the same earliest day, or another day than the row's (a registration).
    """

    rows: Callable[[Scope], QuerySet]
    steps: Callable[[Scope], list[Condition]]
    details: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("day",)
    match: Q = field(default_factory=lambda: Q(candidate=OuterRef("pk")))
    first: Callable[[Scope], Combinable] | None = None

    def matching(self, scope: Scope) -> QuerySet:
        """The rows of the candidate, with `passed`: the number of steps each passed."""
        return self.rows(scope).annotate(passed=passed_steps(self.steps(scope))).filter(self.match)

    def passing(self, scope: Scope) -> QuerySet:
        """Those that passed every step.

        `>=`, not `=`: PostgreSQL then walks the index in the order of days.
        """
        return self.matching(scope).filter(passed__gte=len(self.steps(scope)))

    def first_day(self, scope: Scope) -> Subquery:
        return Subquery(self.passing(scope).order_by("day").values("day")[:1])

    def counted_on(self, scope: Scope) -> Combinable:
        return self.first(scope) if self.first else self.first_day(scope)

    def most_passed(self, scope: Scope) -> Coalesce:
        """The most steps that any row of the candidate passed; 0 without a row."""
        rows = self.matching(scope).order_by().annotate(together=Value(1)).values("together")
        best = Subquery(rows.annotate(best=Max("passed")).values("best"))
        return Coalesce(best, 0, output_field=IntegerField())

    def deciding_row(self, scope: Scope) -> Subquery:
        """The row that decided, as JSON of `details`: the earliest of those that passed."""
        return self._first_as_json(self.passing(scope).order_by(*self.order))

    def best_row(self, scope: Scope) -> Subquery:
        """The row that passed most steps, as JSON; of candidates annotated with `most_passed`.

        Found by a filter: SQLite lets a step that looks at the candidate into WHERE, but not into
        the ORDER BY of a subquery.
        """
        return self._first_as_json(self._best_rows(scope))

    def deciding_detail(self, scope: Scope, detail: str) -> Subquery:
        """One detail of the deciding row, for a split or a search."""
        rows = self.passing(scope).order_by(*self.order)
        return Subquery(rows.values(self.details[detail])[:1])

    def best_detail(self, scope: Scope, detail: str) -> Subquery:
        """The same of the best row; of candidates annotated with `most_passed`."""
        return Subquery(self._best_rows(scope).values(self.details[detail])[:1])

    def _best_rows(self, scope):
        rows = self.matching(scope).filter(passed__gte=OuterRef("most_passed"))
        return rows.order_by(*self.order)

    def _first_as_json(self, rows):
        rows = rows.annotate(row=JSONObject(day="day", **self.details))
        return Subquery(rows.values("row")[:1])
