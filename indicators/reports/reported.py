"""Closed reports beside the records of now, and the reasons given for changing what they said.

`owes.rehearsal` and `owes.reasons` call `reported` and `keep` by their dotted names in settings.
"""

from itertools import groupby

from indicators.models import Report, ReportChange
from indicators.reports.builder import ReportBuilder
from indicators.reports.comparison import compare_entries, compare_numbers
from indicators.reports.indicator_report import IndicatorReport
from owes.periods import Period
from owes.personal_data import names_read_once
from owes.rehearsal import Now, ReportedThen


@names_read_once()
def reported():
    """`{key: ReportedThen}` of the reports in force of every project.

    Each project is read once however many reports it has closed; with none, one query in all.
    """
    reports = Report.objects.in_force().select_related("project", "corrects")
    reports = reports.order_by("project", "ends_on", "pk")
    return {
        report.pk: reported_then
        for _, of_project in groupby(reports, key=lambda report: report.project_id)
        for report, reported_then in _of_project(list(of_project))
    }


def _of_project(reports):
    project = reports[0].project
    first = min([project.starts_on, *(report.starts_on for report in reports)])
    builder = ReportBuilder(project, Period(first, max(report.ends_on for report in reports)))
    for report in reports:
        closed = IndicatorReport.of_json(report.document)
        live = builder.report(report.kind, report.period)
        yield (
            report,
            ReportedThen(
                project=project.pk,
                label=label(report),
                records={
                    difference.key: Now(difference.sentence, difference.facts)
                    for difference in compare_entries(closed, live)
                },
                numbers=compare_numbers(closed, live),
            ),
        )


def label(report):
    """ "raport częściowy nr 1 (05.04.2022–31.12.2022)"."""
    period = f"{report.starts_on:%d.%m.%Y}–{report.ends_on:%d.%m.%Y}"
    return f"{report.title[:1].lower()}{report.title[1:]} ({period})"


def keep(touched, reason, by):
    """Writes why and by whom what reports said was changed; `by` is None of a command."""
    ReportChange.objects.bulk_create(
        ReportChange(
            report_id=touch.key,
            by=by,
            reason=reason,
            records=[list(key) for key in touch.records],
            numbers=[change.label for change in touch.changes],
        )
        for touch in touched
    )
