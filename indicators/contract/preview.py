"""What a rule that nobody saved would count, beside the rule in force."""

from dataclasses import dataclass
from datetime import date

from indicators.counting.engine import Assessment, Indicator
from indicators.counting.judging import Verdict, judge
from indicators.counting.scope import Scope
from indicators.models import ProjectIndicator
from owes.periods import Period

SHOWN = 5
MOST_LISTED = 200


@dataclass(frozen=True)
class PreviewedReason:
    sentence: str
    count: int
    records: list


@dataclass(frozen=True)
class RulePreview:
    """Counted of raw data, nothing saved.

    `records` are `(record, day, what it adds)`, the earliest first.

    Of a rule that changes another: `before` is its value at the end, `gone` and `come` are the
    records that drop out and that come in, `lost` the clauses that it does not hold any more.
    """

    clauses: list
    lost: list
    unit: str
    is_sum: bool
    today: int
    at_end: int
    records: list
    others: int
    reasons: list
    before: int | None
    gone: list
    come: list


def preview_of(project, rule, row, today):
    """Of an unsaved rule, beside the one in force of the indicator `row`, which may be None."""
    scope = Scope.of(project)
    words = row or ProjectIndicator(code="preview", name="", short_name="", label="")
    indicator = Indicator.of(words, rule)
    period = Period(project.starts_on, project.ends_on)
    verdicts = judge([indicator], scope)[indicator.code]
    counted = _counted(verdicts, period)
    clauses = indicator.composition.clauses()
    before, old_clauses = {}, []
    if current := row and scope.at(rule.valid_from).indicator(row.code):
        before = _counted(judge([current], scope)[current.code], period)
        old_clauses = current.composition.clauses()
    names = _records(indicator, [*counted, *before])
    return RulePreview(
        clauses=[(clause, not old_clauses or clause in old_clauses) for clause in clauses],
        lost=[clause for clause in old_clauses if clause not in clauses],
        unit=indicator.unit,
        is_sum=indicator.is_sum,
        today=_total(counted, scope.as_of(today)),
        at_end=_total(counted),
        records=_listed(counted, names),
        others=len(verdicts) - len(counted),
        reasons=_reasons(indicator, scope, verdicts, counted, period),
        before=_total(before) if row else None,
        gone=_listed({key: one for key, one in before.items() if key not in counted}, names),
        come=_listed(
            {key: one for key, one in counted.items() if key not in before} if row else {}, names
        ),
    )


def _total(counted, until=date.max):
    """What those counted by the day add up to."""
    return sum(each.amount for each in counted.values() if each.counted_on <= until)


def _counted(verdicts, period) -> dict[int, Verdict]:
    return {
        each.candidate: each for each in verdicts if each.is_counted and each.counted_on in period
    }


def _records(indicator, keys):
    return indicator.records().in_bulk(keys)


def _listed(counted, names):
    listed = sorted(counted.values(), key=lambda one: (one.counted_on, one.candidate))
    return [
        (names[one.candidate], one.counted_on, one.amount)
        for one in listed[:MOST_LISTED]
        if one.candidate in names
    ]


def _reasons(indicator, scope, verdicts, counted, period):
    """The reasons of the others, the most frequent first, with the first few records of each."""
    assessments = [
        Assessment(each.candidate, each.code, "", each.failed, each.passed, each.counted_on)
        for each in verdicts
        if each.candidate not in counted
    ]
    by_reason = indicator.by_reason(scope, assessments, period).values()
    told = sorted(by_reason, key=lambda reason: -len(reason[1]))
    names = _records(indicator, [one.pk for _, own in told for one in own[:SHOWN]])
    return [
        PreviewedReason(sentence, len(own), [names[each.pk] for each in own[:SHOWN]])
        for sentence, own in told
    ]
