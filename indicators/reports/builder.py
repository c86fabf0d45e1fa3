"""Builds a report of indicators from the records of now."""

from collections import Counter

from django.conf import settings
from django.utils import timezone

from indicators.counting.definitions import INDICATORS
from indicators.counting.scope import Scope
from indicators.counting.series import Series
from indicators.counting.store import kept
from indicators.counting.support_rows import SUPPORT
from indicators.counting.totals import by_activity, totals
from indicators.models import Report, Target
from indicators.reports.annexes import annex_of
from indicators.reports.indicator_report import IndicatorLine, IndicatorReport, ProjectFacts
from owes.free_text import withheld
from owes.periods import Period
from owes.personal_data import names_read_once


def build_report(project, kind, period, made_on=None, tell=lambda done, total: None):
    """The `IndicatorReport` of a period, of the records of now.

    `tell` hears of each step done, printing being the last. The report is the same whoever asks:
    what it prints of texts is covered where it leads to somebody.
    """
    whole = Period(min(project.starts_on, period.start), period.end)
    with withheld(False), names_read_once():
        return ReportBuilder(project, whole, tell).report(kind, period, made_on)


class ReportBuilder:
    """What counts in a project on the days of `whole`, read once.

    It builds any report whose days, from the project's start, lie inside them.
    """

    def __init__(self, project, whole, tell=lambda done, total: None):
        self.project, self.whole, self.tell = project, whole, tell
        self.scope = Scope.of(project)

    def counted(self, scope):
        """`{code: judgements of those that count, oldest first}` as read in the scope."""
        by_code = {indicator.code: [] for indicator in scope.indicators}
        for row in kept(scope).counted_in(self.whole).order_by("counted_on", "code"):
            by_code[row.indicator].append(row)
        return by_code

    def report(self, kind, period, made_on=None):
        project, scope = self.project, self.scope.at(period.end)
        whole = Period(min(project.starts_on, period.start), period.end)
        targets = Target.objects.in_force(project, period.end)
        counted = {
            code: [record for record in records if record.counted_on in whole]
            for code, records in self.counted(scope).items()
        }
        return IndicatorReport(
            project=ProjectFacts.of(project),
            kind=Report.Kind(kind).label,
            period=period,
            whole=whole,
            made_on=made_on or timezone.localdate(),
            lines=[
                line_of(scope, indicator, counted[code], targets.get(code), period, whole)
                for code, indicator in INDICATORS.items()
            ],
            annexes=[self._annex(indicator, counted, period) for indicator in scope.indicators],
            activities=by_activity(scope, whole),
            totals=totals(scope, period),
            totals_whole=totals(scope, whole),
            reading=scope.reading.as_said(),
            site=settings.SITE_ADDRESS,
        )

    def _annex(self, indicator, counted, period):
        self.tell(list(counted).index(indicator.code) + 1, len(counted) + 1)
        return annex_of(indicator, counted[indicator.code], period)


def line_of(scope, indicator, counted, target, period, whole):
    series = Series(Counter(row.counted_on for row in counted))
    in_period = [row for row in counted if row.counted_on in period]
    return IndicatorLine(
        code=indicator.code,
        name=indicator.name,
        short_name=indicator.short_name,
        label=indicator.label,
        rule=indicator.rule_in(scope),
        summary=indicator.summary,
        is_support=indicator.counting_source is SUPPORT,
        target=target.value if target else None,
        means_of_verification=target.means_of_verification if target else "",
        in_period=series.within(period),
        cumulative=series.within(whole),
        months=series.cumulative(whole),
        splits={name: _split(counted, name) for name in indicator.splits},
        splits_in_period={name: _split(in_period, name) for name in indicator.splits},
        without_proof=sum(row.lacks_proof for row in counted),
    )


def _split(counted, name):
    """As `Indicator.split`, of what is read already; in the same order on every database."""
    return dict(sorted(Counter(row.labels[name] for row in counted).items()))
