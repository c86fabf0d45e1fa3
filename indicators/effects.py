"""What a change does to the indicators and to closed reports, measured before and after it.

`owes.rehearsal` calls `of` by its dotted name in settings.
"""

from collections import defaultdict

from indicators.counting import Scope
from indicators.definitions import INDICATORS
from indicators.models import Report, ReportRecord
from owes.rehearsal import Measurement
from support.models import Project


def projects():
    """All that a change of the registers may touch."""
    return list(Project.objects.order_by("pk"))


def of(project):
    """The value of each indicator at the project's end, and where closed reports differ by now.

    One query for each indicator, two of the scope, two of the reports, however many records.
    """
    scope = Scope.of(project)
    counted = {
        code: set(
            indicator.eligible(scope)
            .filter(counted_on__isnull=False)
            .order_by()
            .values_list(indicator.record_code, "counted_on")
        )
        for code, indicator in INDICATORS.items()
    }
    return Measurement(
        values={
            code: sum(day <= scope.period.end for _, day in records)
            for code, records in counted.items()
        },
        labels={code: indicator.label for code, indicator in INDICATORS.items()},
        differences=_differences(project, counted),
    )


def _differences(project, counted):
    """`{report: what it counted and is not counted now, or the other way round}`."""
    reports = Report.objects.filter(project=project).exclude(state=Report.State.DRAFT)
    reports = list(reports.order_by("ends_on", "pk"))
    frozen = defaultdict(lambda: defaultdict(set))
    records = ReportRecord.objects.filter(line__report__in=reports).order_by()
    for report, indicator, code, day in records.values_list(
        "line__report", "line__indicator", "code", "counted_on"
    ):
        frozen[report][indicator].add((code, day))
    differences = {}
    for report in reports:
        differences[_label(report)] = {
            (indicator, *record)
            for indicator, now in counted.items()
            for record in _until(report.ends_on, now) ^ frozen[report.pk][indicator]
        }
    return differences


def _until(day, records):
    return {record for record in records if record[1] <= day}


def _label(report):
    return (
        f"raport {report.get_kind_display()} {report.number}".strip()
        + f" ({report.starts_on:%d.%m.%Y}–{report.ends_on:%d.%m.%Y}, nr {report.pk})"
    )
