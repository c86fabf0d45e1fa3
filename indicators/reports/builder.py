"""Builds a report of indicators from the records of now."""

from collections import Counter, defaultdict
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from indicators.counting.scope import Scope
from indicators.counting.series import Series
from indicators.counting.store import kept
from indicators.counting.totals import by_activity, totals
from indicators.models import Report, Target
from indicators.reports.annexes import annex_of
from indicators.reports.indicator_report import IndicatorLine, IndicatorReport, ProjectFacts
from owes.formatting import day as as_day
from owes.free_text import withheld
from owes.periods import Period
from owes.personal_data import names_read_once


def build_report(project, kind, period, made_on=None, tell=lambda done, total: None):
    """The `IndicatorReport` of a period, of the records of now.

    `tell` hears of each step done, printing being the last. The report is the same whoever asks:
    what it prints of texts is covered where it leads to somebody.
    """
    with withheld(False), names_read_once():
        return _report(project, kind, period, made_on or timezone.localdate(), tell)


def _report(project, kind, period, made_on, tell):
    scope = Scope.of(project, period.end)
    whole = Period(min(project.starts_on, period.start), period.end)
    targets = Target.objects.with_milestones().in_force(project, period.end)
    counted = {indicator.code: [] for indicator in scope.indicators}
    for judgement in kept(scope).counted_in(whole).order_by("counted_on", "code"):
        counted[judgement.indicator].append(judgement)
    lines, annexes = [], []
    for number, indicator in enumerate(scope.indicators, start=1):
        code, rows = indicator.code, counted[indicator.code]
        line = line_of(scope, indicator, rows, targets.get(code), period, whole)
        lines.append(_measured(line, targets.get(code), kind, period.end, scope.period))
        annexes.append(annex_of(indicator, rows, period))
        tell(number, len(counted) + 1)
    return IndicatorReport(
        project=ProjectFacts.of(project),
        kind=Report.Kind(kind).label,
        period=period,
        whole=whole,
        made_on=made_on,
        lines=lines,
        annexes=annexes,
        activities=by_activity(scope, whole),
        totals=totals(scope, period),
        totals_whole=totals(scope, whole),
        reading=said_of(scope),
        site=settings.SITE_ADDRESS,
    )


def line_of(scope, indicator, counted, target, period, whole):
    days = Counter()
    for row in counted:
        days[row.counted_on] += row.amount
    series = Series(days)
    in_period = [row for row in counted if row.counted_on in period]
    return IndicatorLine(
        code=indicator.code,
        name=indicator.name,
        short_name=indicator.short_name,
        label=indicator.label,
        rule=indicator.rule,
        summary=indicator.summary,
        achieved=list(indicator.achieved),
        blocks=indicator.in_force.blocks,
        ruled_from=indicator.in_force.valid_from.isoformat(),
        is_support=indicator.composition.base.is_support,
        unit=indicator.unit,
        target=target.value if target else None,
        means_of_verification=target.means_of_verification if target else "",
        in_period=series.within(period),
        cumulative=series.within(whole),
        months=series.cumulative(whole),
        splits={name: _split(counted, name) for name in indicator.splits},
        splits_in_period={name: _split(in_period, name) for name in indicator.splits},
        without_proof=sum(row.amount for row in counted if row.lacks_proof),
        changes=[
            [rule.valid_from.isoformat(), rule.basis]
            for rule in scope.rule_changes(indicator.code, whole.end)
        ],
    )


def said_of(scope):
    """Since when and by what each rule is counted; one sentence for rules of one basis."""
    labels = defaultdict(list)
    for indicator in scope.indicators:
        rule = indicator.in_force
        labels[rule.valid_from, rule.basis].append(indicator.label)
    return {
        "sentences": [
            f"Zasady liczenia ({', '.join(own)}): {basis}, od {as_day(valid_from)}."
            for (valid_from, basis), own in labels.items()
        ]
    }


def _measured(line, target, kind, day, project_period):
    """With what was due by the last day of a partial report; a final one is of the whole target.

    Without milestones the even plan says only whether a reason is asked for.
    """
    if line.target is None or kind == Report.Kind.FINAL:
        return line
    due = target.planned_on(day, project_period)
    return replace(line, planned=due if target.steps else None, is_behind=line.cumulative < due)


def _split(counted, name):
    """As `Indicator.split`, of what is read already; in the same order on every database."""
    parts = Counter()
    for row in counted:
        parts[row.labels[name]] += row.amount
    return dict(sorted(parts.items()))
