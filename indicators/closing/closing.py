"""Closing a report: its values, rules, targets and records are kept as they are, for good.

The closing itself is one transaction and reads one state of the data. The PDF is made afterwards
of what was kept, so that making it again, on any day, gives the same bytes.
"""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from indicators.checks.findings import accept, blocking
from indicators.models import Report, ReportLine, ReportRecord
from indicators.reports.builder import build_report
from indicators.reports.files import render_official, render_pdf
from indicators.reports.indicator_report import IndicatorReport
from owes.formatting import plural
from owes.jobs import order
from owes.models import Sequence


def close(report, by, reason=""):
    """Freezes a draft; raises `ValidationError` when somebody else did, or may not.

    What blocks a report is mended before, or accepted now with one reason for all that is left.
    """
    with transaction.atomic():
        _isolate()
        report = Report.objects.select_for_update().select_related("project").get(pk=report.pk)
        if report.is_closed:
            raise ValidationError(f"{report.title} jest już zamknięty.", code="moved")
        if report.project.needs_two_people and report.created_by == by:
            raise ValidationError("Raport zamyka inna osoba niż ta, która go przygotowała.")
        if report.ends_on > timezone.localdate():
            raise ValidationError("Okres raportu jeszcze się nie skończył.")
        report.number = next_number(report)
        report.closed_by, report.closed_at = by, timezone.now()
        values = build_report(
            report.project, report.kind, report.period, timezone.localdate(report.closed_at)
        ).closed(report)
        if unexplained := values.official.unexplained:
            names = "; ".join(field.label for field in unexplained)
            raise ValidationError(
                f"Uzupełnij teksty sprawozdania końcowego: {names}.", code="unexplained"
            )
        _accept_what_blocks(report, values, by, reason.strip())
        report.document = values.as_json()
        report.state, report._history_user = Report.State.CLOSED, by
        report.save()
        _save_rows(report, values)
        order("closed_report_file", params={"report": report.pk}, owner=by, key=str(report.pk))
    return report


def _accept_what_blocks(report, values, by, reason):
    """Accepts with the reason all that blocks the report; refuses without one."""
    left = blocking(report.project, report.period, report)
    gaps, lacks_costs = values.official.gaps, values.lacks_costs
    is_ready = not (left or gaps or lacks_costs)
    if not (is_ready or reason):
        counts = []
        if left:
            noun = "niezgodność,niezgodności,niezgodności"
            counts.append(f"{plural(len(left), noun)} w danych")
        if gaps:
            counts.append(f"{plural(len(gaps), 'brak,braki,braków')} w tekstach")
        if lacks_costs:
            counts.append("brak kwot w Części II")
        obstacles = " i ".join(counts)
        raise ValidationError(
            f"Zamknięcie wstrzymuje: {obstacles}. Popraw je albo podaj powód, dla którego mogą "
            "zostać.",
            code="blocked",
        )
    accept(report.project, left, reason, by)
    report.closing_reason = "" if is_ready else reason


def _isolate():
    """Makes all reads of the transaction see one moment, as SQLite does by itself."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def next_number(report):
    """Gapless in the project; a correction is numbered after what it corrects: "2/1"."""
    if report.corrects:
        number = Sequence.next(f"correction of report {report.corrects_id}")
        return f"{report.corrects.number}/{number}"
    return str(Sequence.next(f"report {report.project.slug}"))


def _save_rows(report, values):
    """Saves the lines and records as rows too, for queries."""
    lines = ReportLine.objects.bulk_create(
        ReportLine(
            report=report,
            indicator=line.code,
            name=line.name,
            rule=line.rule,
            means_of_verification=line.means_of_verification,
            target=line.target,
            in_period=line.in_period,
            cumulative=line.cumulative,
            position=position,
        )
        for position, line in enumerate(values.lines)
    )
    ReportRecord.objects.bulk_create(
        ReportRecord(
            line=line,
            code=entry.code,
            label=entry.label,
            counted_on=entry.counted_on,
            details=entry.decided_by,
        )
        for line, annex in zip(lines, values.annexes, strict=True)
        for entry in annex.entries
    )


def render_closed(report):
    """The bytes of the report's PDF, made only of what was kept at its closing."""
    return render_pdf(IndicatorReport.of_json(report.document), mark="")


def render_closed_official(report):
    """The same of the official report; None of a report closed before it was kept."""
    closed = IndicatorReport.of_json(report.document)
    return closed.official and render_official(closed, mark="")


def keep_file(report):
    """Stores the two PDFs and their checksums, once."""
    content, official = render_closed(report), render_closed_official(report)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.sha256:
            return report
        report.file.save(f"{report.pk}.pdf", ContentFile(content), save=False)
        report.sha256 = hashlib.sha256(content).hexdigest()
        if official:
            name = f"{report.pk}-sprawozdanie.pdf"
            report.official_file.save(name, ContentFile(official), save=False)
            report.official_sha256 = hashlib.sha256(official).hexdigest()
        report.save(update_fields=["file", "sha256", "official_file", "official_sha256"])
    return report


def correction_of(report, by):
    """A draft that will correct a closed report, of the same kind and period.

    It begins with the texts of that one; fields left to the program say today's numbers.
    """
    original = report.corrects or report
    if draft := original.corrections.filter(state=Report.State.DRAFT).first():
        return draft
    draft = Report.objects.create(
        project=report.project,
        kind=report.kind,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        corrects=original,
        created_by=by,
        leaves_costs_to_accounting=report.leaves_costs_to_accounting,
        other_public_body=report.other_public_body,
    )
    for rows in (report.texts, report.costs, report.sources):
        for row in rows.all():
            row.pk, row._state.adding, row.report = None, True, draft
            row.save()
    return draft
