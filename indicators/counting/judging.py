"""Judges candidates in sets: one query over the rows of a source, one over the candidates.

No row is looked for candidate by candidate. The rows of a source are ordered within each
candidate, those that passed most steps first. The first one decides: the candidate counts from its
day, or it shows how far the candidate came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, F, Min, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from entities.models import Entity
from indicators.counting.sources import CountingSource, Received, Rows, passed_steps
from indicators.counting.statements import among, day_of, rows_of

if TYPE_CHECKING:
    from indicators.counting.engine import Indicator
    from indicators.counting.scope import Scope

# Candidates by key; None is all of them.
Keys = frozenset[int] | None
MOMENTS = {"start"}  # details that are a day and an hour


class BestRow(NamedTuple):
    """The row of a candidate that passed most steps; `counted_on` is the day it would give."""

    passed: int
    counted_on: date | None
    row: dict[str, Any] | None


NO_ROW = BestRow(0, None, None)


class Verdict(NamedTuple):
    """How a candidate meets the rule of an indicator.

    `failed` has a bit for each condition that fails, `passed` is the most steps that any row
    passed, `row` (as JSON) the row that did. A candidate counts from `counted_on` when nothing
    failed, and then adds `amount` to the value.
    """

    candidate: int
    code: str
    failed: int
    passed: int
    counted_on: date | None
    row: dict[str, Any] | None
    amount: int = 1

    @property
    def is_counted(self) -> bool:
        return self.failed == 0 and self.counted_on is not None


def judge(
    indicators: Iterable[Indicator], scope: Scope, keys: Mapping[type, Keys] | None = None
) -> dict[str, list[Verdict]]:
    """`{code: verdicts}` of the candidates that the project has touched, of raw data.

    They have a row in it, or joined it. `keys` narrow them, by model: a model that is missing has
    none. Equal sources are read once.
    """
    joined = _joined(scope, None if keys is None else keys.get(Entity, frozenset()))
    best: dict[CountingSource, dict[int, BestRow]] = {}
    verdicts: dict[str, list[Verdict]] = {}
    for indicator in indicators:
        if keys is not None and indicator.model not in keys:
            verdicts[indicator.code] = []
            continue
        own = None if keys is None else keys[indicator.model]
        source = indicator.counting_source
        if source not in best:
            best[source] = best_rows(source, scope, own)
        touched = joined | best[source] if indicator.model is Entity else best[source]
        verdicts[indicator.code] = _verdicts(indicator, scope, touched)
    return verdicts


def _joined(scope, keys) -> dict[int, BestRow]:
    """Entities that joined, as if nothing else was known of them."""
    enrolments = scope.project.enrolments.order_by()
    if keys is not None:
        enrolments = enrolments.filter(entity__in=keys) if keys else enrolments.none()
    return dict.fromkeys(enrolments.values_list("entity", flat=True), NO_ROW)


def best_rows(source: CountingSource, scope: Scope, keys: Keys = None) -> dict[int, BestRow]:
    """The best row of each candidate that has any: a query for each kind of rows."""
    ranked: dict[int, tuple[tuple, BestRow]] = {}
    for rows in source.rows:
        for candidate, rank, row in _first_rows(source, rows, scope, keys):
            if candidate not in ranked or rank < ranked[candidate][0]:
                ranked[candidate] = rank, row
    best = {candidate: row for candidate, (_, row) in ranked.items()}
    if source.thresholds:
        best |= _measured(source, scope, best)
    return best


def _first_rows(source, rows, scope, keys, days=None):
    """`(candidate, rank, best row)` of each; the lesser of two ranks is better."""
    columns = [rows.candidate, rows.counted_on, "day", *source.details.values(), *source.order]
    columns = list(dict.fromkeys(columns))  # a column named twice would come once
    found = rows_of(
        ("first", source, rows, scope.facts, keys is None, days is None),
        lambda: _ranked(source, rows, scope, keys, days).values_list("passed", *columns),
        keys or (),
        days,
    )
    for passed, *values in found:
        value = dict(zip(columns, values, strict=True))
        rank = (-passed, *((value[name] is None, value[name]) for name in source.order))
        day = day_of_database(value["day"])
        row = {"day": day.isoformat() if day else None} | {
            name: _moment(value[path]) if name in MOMENTS else value[path]
            for name, path in source.details.items()
        }
        yield (
            value[rows.candidate],
            rank,
            BestRow(passed, day_of_database(value[rows.counted_on]), row),
        )


def _ranked(source, rows, scope, keys, days):
    order = [F(name).asc(nulls_last=True) for name in source.order]
    place = Window(
        RowNumber(), partition_by=[F(rows.candidate)], order_by=[F("passed").desc(), *order]
    )
    ranked = _narrowed(source, rows, scope, keys).annotate(place=place)
    if days is not None:
        ranked = ranked.filter(day=day_of(rows.candidate))
    return ranked.filter(place=1)


def _narrowed(source, rows, scope, keys) -> QuerySet:
    narrowed = rows.of(scope).filter(**{f"{rows.candidate}__isnull": False})
    if keys is not None:
        narrowed = narrowed.filter(among(rows.candidate))
    return narrowed.annotate(passed=passed_steps(source.row_steps(scope))).order_by()


def _measured(source, scope, best):
    """The best rows of those with a support day, by what is asked of all their rows together.

    One that has it all passed every step: its row is that of the day it had it. Another passed as
    many more as thresholds in a row, and its row keeps `so_far` of the next. Three queries.
    """
    [rows] = source.rows
    steps = len(source.row_steps(scope))
    supported = frozenset(key for key, row in best.items() if row.passed == steps)
    measured, days = {}, {}
    for key, received in _received(source, rows, scope, supported).items():
        reached = [threshold.reached_on(received) for threshold in source.thresholds]
        if all(reached):
            days[key] = max(reached)
        else:
            missing = reached.index(None)
            so_far = list(source.thresholds[missing].so_far(received))
            row = best[key].row | {"so_far": so_far}
            measured[key] = best[key]._replace(passed=steps + missing, row=row)
    enough = _first_rows(source, rows, scope, frozenset(days), days)
    return measured | {
        candidate: row._replace(passed=steps + len(source.thresholds))
        for candidate, _, row in enough
    }


def _received(source: CountingSource, rows: Rows, scope: Scope, keys: frozenset[int]):
    """`{candidate: Received}` of rows that passed every step: two queries."""
    steps, key, kind = len(source.row_steps(scope)), rows.candidate, "service__type"
    received: dict[int, Received] = defaultdict(lambda: Received([], []))

    def passing():
        return _narrowed(source, rows, scope, keys).filter(passed=steps)

    for candidate, _, of_type, first in rows_of(
        ("services", source, scope.facts),
        lambda: passing().values_list(key, "service", kind).annotate(first=Min("day")),
        keys,
    ):
        received[candidate].services.append((_known_day(first), of_type))
    for candidate, day, of_type, total in rows_of(
        ("minutes", source, scope.facts),
        lambda: passing().values_list(key, "day", kind).annotate(total=Sum("minutes")),
        keys,
    ):
        received[candidate].minutes.append((_known_day(day), of_type, total))
    for of_candidate in received.values():
        of_candidate.services.sort()
        of_candidate.minutes.sort()
    return received


def _verdicts(indicator, scope, best):
    source = indicator.counting_source
    enough = len(source.steps(scope))
    days = {key: row.counted_on for key, row in best.items() if row.passed == enough}
    found = rows_of(
        ("candidates", indicator.composition, scope.facts),
        lambda: _judged_candidates(indicator, scope),
        best,
        {key: day for key, day in days.items() if day},
    )
    return [
        Verdict(
            candidate=key,
            code=code,
            failed=failed,
            passed=best[key].passed,
            counted_on=days.get(key),
            row=best[key].row,
            amount=source.added_by(best[key].row),
        )
        for key, code, failed in found
    ]


def _judged_candidates(indicator, scope):
    candidates = indicator.candidates(scope).filter(among("pk")).order_by()
    candidates = candidates.annotate(counted_on=day_of("pk")).annotate(
        failed=failed_bits(indicator, scope)
    )
    return candidates.values_list("pk", indicator.record_code, "failed")


def failed_bits(indicator: Indicator, scope: Scope) -> Any:
    """Of candidates with `counted_on`: a bit for each condition that fails."""
    bits = [
        Case(When(condition.holds, then=Value(0)), default=Value(2**number))
        for number, condition in enumerate(indicator.conditions(scope))
    ]
    return sum(bits, Value(0))


def day_of_database(value: Any) -> date | None:
    """SQLite gives days as text, and sometimes as days."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    return date.fromisoformat(str(value)[:10])


def _known_day(value: Any) -> date:
    """Of a row that passed every step: a support day is never unknown."""
    day = day_of_database(value)
    assert day is not None  # noqa: S101
    return day


def _moment(value) -> str | None:
    """Of UTC, as JSON keeps it; SQLite gives it as text without a zone."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat()
