"""How an indicator counts: candidates, conditions, and rows of evidence that climb one ladder.

What is counted is declared in `indicators/counting/definitions.py`; the value, the records, the
reasons, the splits and the months all come from here. No page, document or file has a count of
its own.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, JSONObject, Least, NullIf
from django.db.models.lookups import Exact
from django.utils.dateparse import parse_date

from owes.formatting import NOT_GIVEN


class Remedy(NamedTuple):
    """What a person can do about a reason: a verb, and the thing it is done to.

    `target` is a key the pages turn into an address: `candidate`, `service`, `new_service`,
    `adoption`, `new_adoption`.
    """

    label: str
    target: str


class Condition(NamedTuple):
    """Something that must hold of a candidate, or (as a step of a ladder) of a row of evidence.

    A condition that cannot be judged holds, so that one gap does not show as two reasons.
    """

    code: str
    holds: Q
    missing: str
    remedy: Remedy | None = None

    @property
    def is_mendable(self):
        """True where the staff's own work can mend it: never a form, an area or a period."""
        return self.remedy is not None


class Reason(NamedTuple):
    """Why a record is not counted, with the row of evidence that got furthest (or None)."""

    code: str
    sentence: str
    remedy: Remedy | None = None
    row: dict | None = None


OUTSIDE_DATES = "counted_outside_dates"
OUTSIDE_DATES_WORDS = "Policzono poza wybranymi dniami."


def ladder(steps):
    """How many steps a row passes; an unknown (NULL) stops the climb.

    One flat CASE whose branches ask for what fails: nested ones are too deep for SQLite's parser.
    """
    fails = [
        Exact(Case(When(step.holds, then=Value(1)), default=Value(0)), Value(0)) for step in steps
    ]
    climbs = [When(failed, then=Value(number)) for number, failed in enumerate(fails)]
    return Case(*climbs, default=Value(len(steps)))


def earliest(*days):
    """The least of days that may be NULL: LEAST skips NULL on PostgreSQL, not on SQLite."""
    never = Value(date.max)
    return NullIf(Least(*(Coalesce(day, never) for day in days)), never)


def latest(*days):
    """The greatest of days, NULL when any of them is: GREATEST skips NULL on PostgreSQL."""
    never = Value(date.max)
    return NullIf(Greatest(*(Coalesce(day, never) for day in days)), never)


@dataclass(frozen=True)
class CountingSource:
    """The rows that speak for a candidate, and the steps a row must pass, in the rule's order.

    `rows` have a `day`; `match` ties them to the candidate. `details` names what a row is made of,
    for the pages and the splits; `order` decides between rows of one day. `first` is a faster
    way to the same earliest day, or another day than the row's (a registration).
    """

    rows: Callable
    steps: Callable
    details: dict = field(default_factory=dict)
    order: tuple = ("day",)
    match: Q = field(default_factory=lambda: Q(candidate=OuterRef("pk")))
    first: Callable | None = None

    def climbing(self, scope):
        return self.rows(scope).annotate(passed=ladder(self.steps(scope))).filter(self.match)

    def passing(self, scope):
        """`>=`, not `=`: PostgreSQL then walks the index in the order of days."""
        return self.climbing(scope).filter(passed__gte=len(self.steps(scope)))

    def first_day(self, scope):
        return Subquery(self.passing(scope).order_by("day").values("day")[:1])

    def counted_on(self, scope):
        return self.first(scope) if self.first else self.first_day(scope)

    def reached(self, scope):
        """The most steps a row of the candidate passed: the first step nothing got past."""
        rows = self.climbing(scope).order_by().annotate(together=Value(1)).values("together")
        best = Subquery(rows.annotate(best=Max("passed")).values("best"))
        return Coalesce(best, 0, output_field=IntegerField())

    def deciding(self, scope):
        """The row that decided, as JSON of `details`: the earliest of those that passed."""
        return self._one(self.passing(scope).order_by(*self.order))

    def furthest(self, scope):
        """The row that got furthest, as JSON of `details`; of candidates that have `reached`.

        Found by a filter: SQLite lets a step that looks at the candidate into WHERE, but not into
        the ORDER BY of a subquery.
        """
        return self._one(self._furthest(scope))

    def of_deciding(self, scope, detail):
        """One detail of the deciding row, for a split or a search."""
        rows = self.passing(scope).order_by(*self.order)
        return Subquery(rows.values(self.details[detail])[:1])

    def of_furthest(self, scope, detail):
        """The same of the row that got furthest; of candidates that have `reached`."""
        return Subquery(self._furthest(scope).values(self.details[detail])[:1])

    def _furthest(self, scope):
        rows = self.climbing(scope).filter(passed__gte=OuterRef("reached"))
        return rows.order_by(*self.order)

    def _one(self, rows):
        rows = rows.annotate(row=JSONObject(day="day", **self.details))
        return Subquery(rows.values("row")[:1])


class Judgement(NamedTuple):
    """What was found of a candidate: `missing` has a bit for each condition that fails."""

    pk: int
    code: str
    sort_key: str
    missing: int
    reached: int
    counted_on: date | None


@dataclass(frozen=True)
class Indicator:
    """One indicator of the contract. The code is never renamed nor used again.

    `name` is the contract's, `short_name` heads pages, `label` fits a column or a line of effects;
    `rule` says it all, `readings` the sentences that depend on how the contract is read, and
    `summary` is one sentence for a table of a document. `noun` counts records
    (1, 2-4, 5), `lacks` says what is missing ("brakuje 1 podmiotu ..., 2 podmiotów ..."), and
    `achieved` begins the sentence of the official report: words with a place for the count, and
    the forms of what is counted there ("Objęto wsparciem 45 PES").
    """

    code: str
    name: str
    short_name: str
    label: str
    rule: str
    summary: str
    source: str
    noun: str
    lacks: str
    achieved: tuple[str, str]
    candidates: Callable
    conditions: Callable
    evidence: CountingSource
    record_code: str = "code"
    splits: dict = field(default_factory=dict)
    readings: Callable = lambda reading: []
    statements: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def rule_in(self, scope):
        """The rule as it is read on the day of the scope."""
        return " ".join([self.rule, *self.readings(scope.reading)])

    def eligible(self, scope):
        """Candidates for whom every condition holds, with `counted_on` (NULL: no row passed)."""
        records = self.candidates(scope).annotate(counted_on=self.evidence.counted_on(scope))
        for condition in self.conditions(scope):
            records = records.filter(condition.holds)
        return records

    def counted(self, scope, period):
        """The records whose first day is inside the period (both days), oldest first."""
        records = self.eligible(scope).filter(counted_on__range=(period.start, period.end))
        return records.order_by("counted_on", self.record_code)

    def with_deciding(self, scope, records):
        return records.annotate(deciding=self.evidence.deciding(scope))

    def days(self, scope):
        """`{day: how many records count from it}`; every value is a sum of it.

        Its SQL is made once for equal facts: making it takes longer than the database needs for
        the demonstration, and each change is measured before and after.
        """
        statement = self._statement_of_days(scope)
        if statement is None:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            # SQLite has no days, it answers in text.
            days = ((parse_date(str(day)), n) for day, n in cursor.fetchall() if day)
            return dict(days)

    def _statement_of_days(self, scope):
        """The SQL and its parameters; None where nothing can count (a project without an area)."""
        key = (connection.vendor, scope.facts)
        if key not in self.statements:
            rows = self.eligible(scope).order_by().values_list("counted_on")
            try:
                self.statements[key] = rows.annotate(n=Count("pk")).query.sql_with_params()
            except EmptyResultSet:
                self.statements[key] = None
        return self.statements[key]

    def split(self, scope, name, period):
        """`{label: how many}` of the counted; an empty label is "nie podano"."""
        counted = self.counted(scope, period).order_by()
        labelled = counted.annotate(label=self.splits[name](self, scope))
        rows = labelled.values_list("label").annotate(n=Count("pk")).order_by("label")
        return {label or NOT_GIVEN: n for label, n in rows}

    def judged(self, scope):
        """Every candidate with `counted_on`, `missing` (a bit per failed condition), `reached`."""
        bits = [
            Case(When(condition.holds, then=Value(0)), default=Value(2**number))
            for number, condition in enumerate(self.conditions(scope))
        ]
        return (
            self.candidates(scope)
            .annotate(counted_on=self.evidence.counted_on(scope))
            .annotate(missing=sum(bits, Value(0)), reached=self.evidence.reached(scope))
        )

    def not_counted(self, scope, period):
        """The other candidates, those counted on a day outside the period among them."""
        inside = Q(missing=0, counted_on__range=(period.start, period.end))
        return self.judged(scope).filter(~inside | Q(counted_on=None)).order_by(self.record_code)

    def has_remedies(self, scope):
        """Whether anything the staff can do makes a candidate count."""
        rules = [*self.conditions(scope), *self.evidence.steps(scope)]
        return any(rule.is_mendable for rule in rules)

    def judgements(self, records):
        """What was found of judged records, light enough to hold all: one query."""
        columns = ("pk", self.record_code, "sort_key", "missing", "reached", "counted_on")
        return [Judgement(*row) for row in records.values_list(*columns)]

    def near(self, scope, judgements):
        """Of those found, the ones with exactly one reason, and that one mendable."""
        bits = [2**n for n, one in enumerate(self.conditions(scope)) if one.is_mendable]
        steps = [n for n, one in enumerate(self.evidence.steps(scope)) if one.is_mendable]
        return [
            one
            for one in judgements
            if (one.missing in bits and one.counted_on)
            or (one.missing == 0 and one.counted_on is None and one.reached in steps)
        ]

    def by_reason(self, scope, judgements, period):
        """`{code: (sentence, those not counted for it)}`; one of two reasons is in both."""
        alike = defaultdict(list)
        for one in judgements:
            reached = one.reached if one.counted_on is None else None
            alike[one.missing, reached].append(one)
        found = {}
        for group in alike.values():
            for reason in self.reasons(scope, group[0], period):
                sentence = reason.sentence if reason.code != OUTSIDE_DATES else OUTSIDE_DATES_WORDS
                found.setdefault(reason.code, (sentence, []))[1].extend(group)
        return found

    def with_furthest(self, scope, records):
        return records.annotate(furthest=self.evidence.furthest(scope))

    def reasons(self, scope, record, period):
        """Why a judged record is not counted in the period, in plain Polish; never empty."""
        failed = [
            Reason(condition.code, condition.missing, condition.remedy)
            for number, condition in enumerate(self.conditions(scope))
            if record.missing & 2**number
        ]
        if record.counted_on is None:
            step = self.evidence.steps(scope)[record.reached]
            row = getattr(record, "furthest", None)
            failed.append(Reason(step.code, step.missing, step.remedy, row))
        elif not failed:
            word = "dopiero" if record.counted_on > period.end else "już"
            sentence = f"Policzono {word} {record.counted_on:%d.%m.%Y}."
            failed.append(Reason(OUTSIDE_DATES, sentence))
        return failed


@dataclass(frozen=True)
class Series:
    """The days of one indicator, read once: values on a day, in a period, by month."""

    days: dict

    def on(self, day):
        return sum(n for counted_on, n in self.days.items() if counted_on <= day)

    def within(self, period):
        return sum(n for counted_on, n in self.days.items() if counted_on in period)

    def months(self, period):
        """New records in each month the period touches, cut to the period."""
        return [self.within(month.overlap(period)) for month in period.months()]

    def cumulative(self, period):
        """The value at the end of each month, from the period's start."""
        return list(accumulate(self.months(period)))

    def reached_on(self, target):
        """The day the value came to the target, or None."""
        value = 0
        for day in sorted(self.days):
            value += self.days[day]
            if target and value >= target:
                return day
        return None
