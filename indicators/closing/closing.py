"""Closing a report: its values, rules, targets and records are kept as they are, for good.

The closing itself is one transaction and reads one state of the data. The PDF is made afterwards
of what was kept, so that making it again, on any day, gives the same bytes.
"""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from indicators.checks.findings import accept
from indicators.closing.obstacles import Obstacles, refuse_at_once
from indicators.closing.orders import order_file
from indicators.models import Report, ReportLine, ReportRecord
from indicators.reports.builder import build_report
from indicators.reports.files import render_official, render_pdf
from indicators.reports.indicator_report import IndicatorReport
from owes.models import Sequence
from owes.operating.faults import again_after_collision

# What closing does, in its order.
STEPS = ["Liczby i listy zapisów", "Teksty sprawozdania", "Kontrola danych", "Zapis sprawozdania"]


@again_after_collision
def close(report, by, reason="", tell=lambda done, total: None, at=None):
    """Freezes a draft; raises `ValidationError` when somebody else did, or may not.

    What blocks a report is mended before, or accepted now with one reason for all that is left.
    `tell` hears of each of `STEPS` when it is done. Only the demonstration, whose reports are of
    past years, says another moment than now (`at`).
    """
    reason = reason.strip()
    with transaction.atomic():
        _isolate()
        reports = Report.objects.select_for_update(of=("self",)).select_related("project")
        report = reports.get(pk=report.pk)
        refuse_at_once(report, by)
        report.number = next_number(report)
        report.closed_by, report.closed_at = by, at or timezone.now()
        values = build_report(
            report.project, report.kind, report.period, timezone.localdate(report.closed_at)
        )
        tell(1, len(STEPS))
        values = values.closed(report)
        _refuse_unexplained(values)
        tell(2, len(STEPS))
        obstacles = Obstacles.of(report, values)
        if obstacles.are_there and not reason:
            raise ValidationError(obstacles.refusal, code="blocked")
        tell(3, len(STEPS))
        accept(report.project, obstacles.findings, reason, by, report.closed_at)
        report.closing_reason = reason if obstacles.are_there else ""
        report.document = values.as_json()
        report.state, report._history_user = Report.State.CLOSED, by
        report._history_date = report.closed_at
        report.save()
        _save_rows(report, values)
        order_file(report, by)
    return report


def _refuse_unexplained(values):
    if unexplained := values.unexplained:
        names = "; ".join(field.label for field in unexplained)
        raise ValidationError(
            f"Uzupełnij teksty sprawozdania końcowego: {names}.", code="unexplained"
        )


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
