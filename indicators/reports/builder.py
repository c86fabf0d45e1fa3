"""Builds a report of indicators from the records of now."""

from collections import Counter

from django.conf import settings
from django.utils import timezone

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.definitions import INDICATORS
from indicators.counting.proofs import Proofs
from indicators.counting.row_objects import SourceRows
from indicators.counting.series import Series
from indicators.counting.support_rows import SUPPORT
from indicators.counting.totals import by_activity, totals
from indicators.models import Report, Target
from indicators.reports.annexes import CountedRecord, annex_of
from indicators.reports.indicator_report import IndicatorLine, IndicatorReport, ProjectFacts
from indicators.scope import Scope
from owes.formatting import NOT_GIVEN
from owes.free_text import withheld
from owes.periods import Period
from owes.personal_data import names_read_once
from support.models import StaffMember

RELATED = {Entity: ["seat"], LocalGovernment: [], Person: [], StaffMember: []}


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
        self.proofs = Proofs(project)
        self._by_reading = {}

    def counted(self, scope):
        """`{code: [CountedRecord]}` as the contract is read in the scope."""
        reading = scope.reading.pk
        if reading not in self._by_reading:
            by_code = self._by_reading[reading] = {}
            for number, (code, indicator) in enumerate(INDICATORS.items(), start=1):
                by_code[code] = _counted(scope, indicator, self.whole)
                self.tell(number, len(INDICATORS) + 1)
        return self._by_reading[reading]

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
                _line(
                    scope, indicator, counted[code], targets.get(code), period, whole, self.proofs
                )
                for code, indicator in INDICATORS.items()
            ],
            annexes=[
                annex_of(indicator, indicator.candidates(scope).model, counted[code], period)
                for code, indicator in INDICATORS.items()
            ],
            activities=by_activity(scope, whole),
            totals=totals(scope, period),
            totals_whole=totals(scope, whole),
            reading=scope.reading.as_said(),
            site=settings.SITE_ADDRESS,
        )


def _counted(scope, indicator, whole):
    counted = indicator.counted(scope, whole)
    splits = {f"in_{name}": label(indicator, scope) for name, label in indicator.splits.items()}
    counted = counted.select_related(*RELATED[counted.model]).annotate(**splits)
    records = list(indicator.with_deciding_row(scope, counted))
    rows = SourceRows.bare(record.deciding_row for record in records)
    return [
        CountedRecord(
            record=record,
            labels={name: getattr(record, f"in_{name}") or NOT_GIVEN for name in indicator.splits},
            **rows.named_by(record.deciding_row),
        )
        for record in records
    ]


def _line(scope, indicator, counted, target, period, whole, proofs):
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
        without_proof=sum(proofs.lack(row.record.deciding_row) for row in counted),
    )


def _split(counted, name):
    """As `Indicator.split`, of what is read already; in the same order on every database."""
    return dict(sorted(Counter(row.labels[name] for row in counted).items()))
