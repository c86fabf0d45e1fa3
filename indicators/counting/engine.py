"""How an indicator counts: candidates, their conditions, and the rows that pass every step.

What is counted says a rule of the project, composed of blocks; the value, the records, the
reasons, the splits and the months all come from here. No page, document or file has a count of
its own. What is read is kept in the database and never stale (`indicators/counting/store.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from indicators.counting.blocks import blocks_of
from indicators.counting.composition import Composition, composed
from indicators.counting.judging import failed_bits
from indicators.counting.sources import Condition, CountingSource, Remedy
from indicators.counting.store import kept
from owes.periods import Period

if TYPE_CHECKING:
    from indicators.counting.scope import Scope
    from indicators.models import IndicatorRule, ProjectIndicator

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

    `passed` is the most steps that any of its rows passed.
    """

    pk: int
    code: str
    sort_key: str
    failed: int
    passed: int
    counted_on: date | None


@dataclass(frozen=True)
class Indicator:
    """An indicator of a project as it counts on a day.

    The words are as of `indicators.models.ProjectIndicator`, none of those empty that pages need;
    the blocks of the rule `in_force` make the `composition`.
    """

    code: str
    name: str
    short_name: str
    label: str
    source: str
    noun: str
    lacks: str
    achieved: tuple[str, str]
    in_force: IndicatorRule
    composition: Composition

    @classmethod
    def of(cls, row: ProjectIndicator, rule: IndicatorRule) -> Indicator:
        composition = composed(blocks_of(rule.blocks))
        base = composition.base
        return cls(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            label=row.label,
            source=row.source,
            noun=row.noun or base.noun,
            lacks=row.lacks or base.lacks,
            achieved=(row.achieved, row.achieved_noun),
            in_force=rule,
            composition=composition,
        )

    @property
    def model(self) -> Any:
        return self.composition.model

    @property
    def record_code(self) -> str:
        return self.composition.base.record_code

    @property
    def splits(self) -> Mapping[str, Callable[[Any, dict[str, Any]], str]]:
        return self.composition.splits

    @property
    def counting_source(self) -> CountingSource:
        return self.composition.counting_source

    @property
    def is_sum(self) -> bool:
        """Whether the value is a sum of what the records add, and not their number."""
        return bool(self.counting_source.amount)

    @property
    def unit(self) -> str:
        """As of `owes.formatting.amount`."""
        return self.composition.base.unit

    def records(self) -> QuerySet:
        """All there are of the model, with `record_code` and `sort_key`."""
        return self.composition.base.records()

    def candidates(self, scope: Scope) -> QuerySet:
        return self.composition.candidates(scope)

    def conditions(self, scope: Scope) -> list[Condition]:
        return self.composition.conditions(scope)

    @property
    def rule(self) -> str:
        return self.in_force.text or self.composition.sentence()

    @property
    def summary(self) -> str:
        """The rule in one sentence, for a table of a document."""
        return self.in_force.summary or self.composition.sentence()

    def counted(self, scope: Scope, period: Period) -> QuerySet:
        """The records whose first day is inside the period (both days), oldest first.

        With `counted_on`, with `row` of the row that decided (`CountingSource.details`), and with
        what each adds, `amount`.
        """
        rows = kept(scope, self)
        records = self.records().filter(pk__in=rows.counted_in(period).values("candidate"))
        records = _with_judgement(records, rows.filter(candidate=OuterRef("pk")))
        return records.order_by("counted_on", self.record_code)

    def days(self, scope: Scope) -> dict[date, int]:
        """`{day: what the records that count from it add}`; every value is a sum of it."""
        rows = kept(scope, self).counted().values_list("counted_on")
        return dict(rows.annotate(n=Sum("amount")).order_by())

    def split(self, scope: Scope, name: str, period: Period) -> dict[str, int]:
        """`{label: what they add}` of the counted."""
        rows = kept(scope, self).counted_in(period).values_list(KT(f"labels__{name}"))
        return dict(sorted(rows.annotate(n=Sum("amount")).order_by()))

    def value(self, scope: Scope, period: Period) -> int:
        """What those counted in the period add up to."""
        total = kept(scope, self).counted_in(period).aggregate(total=Sum("amount"))
        return total["total"] or 0

    def assessed(self, scope: Scope) -> QuerySet:
        """Every candidate with `counted_on`, and `failed` and `passed` as of a `Verdict`.

        One without a row in the project is not kept: no step of it passed.
        """
        judged = kept(scope, self).filter(candidate=OuterRef("pk"))
        records = _with_judgement(self.candidates(scope), judged)
        return records.annotate(
            failed=Coalesce(Subquery(judged.values("failed")), failed_bits(self, scope)),
            passed=Coalesce(Subquery(judged.values("passed")), 0),
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
        columns = ("pk", self.record_code, "sort_key", "failed", "passed", "counted_on")
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
                and candidate.passed in mendable_steps
            )
        ]

    def by_reason(
        self, scope: Scope, assessments: Iterable[Assessment], period: Period
    ) -> dict[str, tuple[str, list[Assessment]]]:
        """`{code: (sentence, those not counted for it)}`; one of two reasons is in both."""
        groups = defaultdict(list)
        for candidate in assessments:
            passed = candidate.passed if candidate.counted_on is None else None
            groups[candidate.failed, passed].append(candidate)
        by_code: dict[str, tuple[str, list[Assessment]]] = {}
        for group in groups.values():
            for reason in self.reasons(scope, group[0], period):
                sentence = reason.sentence if reason.code != OUTSIDE_DATES else OUTSIDE_DATES_WORDS
                by_code.setdefault(reason.code, (sentence, []))[1].extend(group)
        return by_code

    def failed_conditions(self, scope: Scope, record: Any) -> list[Condition]:
        """Those that an assessed record, or a judgement of it, does not meet."""
        conditions = enumerate(self.conditions(scope))
        return [condition for number, condition in conditions if record.failed & 2**number]

    def reasons(self, scope: Scope, record: Any, period: Period) -> list[Reason]:
        """Why an assessed record is not counted in the period, in plain Polish; never empty."""
        reasons = [
            Reason(condition.code, condition.sentence, condition.remedy)
            for condition in self.failed_conditions(scope, record)
        ]
        if record.counted_on is None:
            step = self.counting_source.steps(scope)[record.passed]
            row = getattr(record, "row", None)
            reasons.append(Reason(step.code, step.sentence, step.remedy, row))
        elif not reasons:
            word = "dopiero" if record.counted_on > period.end else "już"
            sentence = f"Policzono {word} {record.counted_on:%d.%m.%Y}."
            reasons.append(Reason(OUTSIDE_DATES, sentence))
        return reasons


def _with_judgement(records: QuerySet, judged: QuerySet) -> QuerySet:
    return records.annotate(
        counted_on=Subquery(judged.values("counted_on")),
        row=Subquery(judged.values("row")),
        amount=Subquery(judged.values("amount")),
    )
