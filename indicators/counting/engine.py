"""How an indicator counts: candidates, their conditions, and the rows that pass every step.

What is counted is declared in `indicators/counting/definitions.py`; the value, the records, the
reasons, the splits and the months all come from here. No page, document or file has a count of
its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from indicators.counting.sources import Condition, CountingSource, Remedy
from owes.formatting import NOT_GIVEN
from owes.periods import Period

if TYPE_CHECKING:
    from indicators.models import Reading
    from indicators.scope import Scope

OUTSIDE_DATES = "counted_outside_dates"
OUTSIDE_DATES_WORDS = "Policzono poza wybranymi dniami."


class Reason(NamedTuple):
    """Why a record is not counted, with the row that passed most steps (or None)."""

    code: str
    sentence: str
    remedy: Remedy | None = None
    row: dict | None = None


class Assessment(NamedTuple):
    """How a candidate meets the rule: `failed` has a bit for each condition that fails.

    `most_passed` is the most steps that any of its rows passed.
    """

    pk: int
    code: str
    sort_key: str
    failed: int
    most_passed: int
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
    candidates: Callable[[Scope], QuerySet]
    conditions: Callable[[Scope], list[Condition]]
    counting_source: CountingSource
    record_code: str = "code"
    splits: Mapping[str, Callable[[Indicator, Scope], Combinable]] = field(default_factory=dict)
    readings: Callable[[Reading], list[str]] = lambda reading: []
    statements: dict[tuple, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def rule_in(self, scope: Scope) -> str:
        """The rule as it is read on the day of the scope."""
        return " ".join([self.rule, *self.readings(scope.reading)])

    def eligible(self, scope: Scope) -> QuerySet:
        """Candidates for whom every condition holds, with `counted_on` (NULL: no row passed)."""
        counted_on = self.counting_source.counted_on(scope)
        records = self.candidates(scope).annotate(counted_on=counted_on)
        for condition in self.conditions(scope):
            records = records.filter(condition.holds)
        return records

    def counted(self, scope: Scope, period: Period) -> QuerySet:
        """The records whose first day is inside the period (both days), oldest first."""
        records = self.eligible(scope).filter(counted_on__range=(period.start, period.end))
        return records.order_by("counted_on", self.record_code)

    def with_deciding_row(self, scope: Scope, records: QuerySet) -> QuerySet:
        return records.annotate(deciding_row=self.counting_source.deciding_row(scope))

    def days(self, scope: Scope) -> dict[date, int]:
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
            return {date.fromisoformat(str(day)): n for day, n in cursor.fetchall() if day}

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

    def split(self, scope: Scope, name: str, period: Period) -> dict[str, int]:
        """`{label: how many}` of the counted; an empty label is "nie podano"."""
        counted = self.counted(scope, period).order_by()
        labelled = counted.annotate(label=self.splits[name](self, scope))
        rows = labelled.values_list("label").annotate(n=Count("pk")).order_by("label")
        return {label or NOT_GIVEN: n for label, n in rows}

    def assessed(self, scope: Scope) -> QuerySet:
        """Every candidate with `counted_on`, and `failed` and `most_passed` of `Assessment`."""
        bits = [
            Case(When(condition.holds, then=Value(0)), default=Value(2**number))
            for number, condition in enumerate(self.conditions(scope))
        ]
        source = self.counting_source
        return (
            self.candidates(scope)
            .annotate(counted_on=source.counted_on(scope))
            .annotate(failed=sum(bits, Value(0)), most_passed=source.most_passed(scope))
        )

    def not_counted(self, scope: Scope, period: Period) -> QuerySet:
        """The other candidates, those counted on a day outside the period among them."""
        inside = Q(failed=0, counted_on__range=(period.start, period.end))
        return self.assessed(scope).filter(~inside | Q(counted_on=None)).order_by(self.record_code)

    def has_remedies(self, scope: Scope) -> bool:
        """Whether anything the staff can do makes a candidate count."""
        rules = [*self.conditions(scope), *self.counting_source.steps(scope)]
        return any(rule.is_mendable for rule in rules)

    def assessments(self, records: QuerySet) -> list[Assessment]:
        """An `Assessment` of each of assessed records, light enough to hold all: one query."""
        columns = ("pk", self.record_code, "sort_key", "failed", "most_passed", "counted_on")
        return [Assessment(*row) for row in records.values_list(*columns)]

    def nearest(self, scope: Scope, assessments: Iterable) -> list:
        """Those with exactly one reason, and that one mendable."""
        conditions, steps = self.conditions(scope), self.counting_source.steps(scope)
        mendable_bits = [2**n for n, condition in enumerate(conditions) if condition.is_mendable]
        mendable_steps = [n for n, step in enumerate(steps) if step.is_mendable]
        return [
            candidate
            for candidate in assessments
            if (candidate.failed in mendable_bits and candidate.counted_on)
            or (
                candidate.failed == 0
                and candidate.counted_on is None
                and candidate.most_passed in mendable_steps
            )
        ]

    def by_reason(
        self, scope: Scope, assessments: Iterable[Assessment], period: Period
    ) -> dict[str, tuple[str, list[Assessment]]]:
        """`{code: (sentence, those not counted for it)}`; one of two reasons is in both."""
        groups = defaultdict(list)
        for candidate in assessments:
            passed = candidate.most_passed if candidate.counted_on is None else None
            groups[candidate.failed, passed].append(candidate)
        by_code: dict[str, tuple[str, list[Assessment]]] = {}
        for group in groups.values():
            for reason in self.reasons(scope, group[0], period):
                sentence = reason.sentence if reason.code != OUTSIDE_DATES else OUTSIDE_DATES_WORDS
                by_code.setdefault(reason.code, (sentence, []))[1].extend(group)
        return by_code

    def with_best_row(self, scope: Scope, records: QuerySet) -> QuerySet:
        return records.annotate(best_row=self.counting_source.best_row(scope))

    def reasons(self, scope: Scope, record: Any, period: Period) -> list[Reason]:
        """Why an assessed record is not counted in the period, in plain Polish; never empty."""
        reasons = [
            Reason(condition.code, condition.sentence, condition.remedy)
            for number, condition in enumerate(self.conditions(scope))
            if record.failed & 2**number
        ]
        if record.counted_on is None:
            step = self.counting_source.steps(scope)[record.most_passed]
            row = getattr(record, "best_row", None)
            reasons.append(Reason(step.code, step.sentence, step.remedy, row))
        elif not reasons:
            word = "dopiero" if record.counted_on > period.end else "już"
            sentence = f"Policzono {word} {record.counted_on:%d.%m.%Y}."
            reasons.append(Reason(OUTSIDE_DATES, sentence))
        return reasons
