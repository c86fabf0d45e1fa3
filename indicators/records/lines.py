"""Each indicator on a day: its progress, its charts, and what the last report said."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from indicators.counting.progress import Progress
from indicators.counting.series import Series
from indicators.counting.store import kept
from indicators.models import Report, Target
from owes.charts import meter, spark
from owes.formatting import day as as_day
from owes.formatting import in_unit
from owes.periods import Period
from support.models import Service


@dataclass(frozen=True)
class LastReport:
    """A closed report; `lines`: `(line, value it says, value of that day by the records now)`."""

    report: Report
    lines: list

    @classmethod
    def of(cls, lines, scope, on):
        """Of the last report that ends by the day, read as it was; None before the first."""
        report = scope.project.reports.last_by(on)
        if report is None:
            return None
        reported = {line.indicator: line.cumulative for line in report.lines.all()}
        report_scope = scope.at(report.ends_on)
        is_read_the_same = report_scope.ruleset.is_same_as(scope.ruleset)
        compared = []
        for line in lines:
            code = line.indicator.code
            if code in reported:
                series = (
                    line.series if is_read_the_same else Series(line.indicator.days(report_scope))
                )
                compared.append((line, reported[code], series.on(report.ends_on)))
        return cls(report, compared)

    @property
    def differs(self):
        return any(then != now for _, then, now in self.lines)


def services_behind(scope, on):
    """The query of the list of services that totals until the day are made of."""
    return {
        "state": Service.State.APPROVED.value,
        "support": "yes",
        "from_day": as_day(scope.period.start),
        "to_day": as_day(on),
    }


def progress_lines(scope, on):
    """Each indicator on the day, in the order of the contract: a fixed number of queries."""
    targets = Target.objects.with_milestones().in_force(scope.project, on)
    codes = [indicator.code for indicator in scope.indicators]
    candidates = Counter()
    days, unproven, counted, bare = ({code: Counter() for code in codes} for _ in range(4))
    told = ("indicator", "failed", "counted_on", "lacks_proof")
    groups = kept(scope).order_by().values_list(*told)
    for code, failed, day, lacks_proof, n, added in groups.annotate(
        n=Count("pk"), added=Sum("amount")
    ):
        candidates[code] += n
        if not failed and day:
            days[code][day] += added
            counted[code][day] += n
            if lacks_proof:
                unproven[code][day] += added
                bare[code][day] += n
    steps = {code: tuple(target.steps) for code, target in targets.items()}
    return [
        Progress(
            indicator=indicator,
            series=Series(days[indicator.code]),
            target=targets[indicator.code].value if indicator.code in targets else None,
            period=scope.period,
            on=on,
            candidates=candidates[indicator.code],
            unproven=Series(unproven[indicator.code]),
            milestones=steps.get(indicator.code, ()),
            records=(Series(counted[indicator.code]), Series(bare[indicator.code]))
            if indicator.is_sum
            else None,
        )
        for indicator in scope.indicators
    ]


def drawn(line, values):
    """`(values, target)` as a chart has them: hours as hours."""
    return [in_unit(value, line.unit) for value in values], in_unit(line.target, line.unit)


def with_charts(lines, scope, on):
    """`(line, meter, sparkline)` of each line, for a table."""
    period = Period(scope.period.start, max(on, scope.period.start))
    return [
        (
            line,
            meter(line.value, line.target, line.due_share),
            spark(line.indicator.short_name, *drawn(line, line.series.cumulative(period))),
        )
        for line in lines
    ]
