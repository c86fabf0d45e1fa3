"""Closings ordered as long work, and the files of closed reports."""

from indicators.models import Report
from owes.formatting import plural
from owes.jobs import order
from owes.models import Job

CLOSING, FILE = "report_closing", "closed_report_file"


def order_closing(report, by, reason):
    """Orders closing a draft; while it is not done, a second order finds the first."""
    params = {"report": report.pk, "reason": reason}
    return order(CLOSING, params=params, owner=by, key=str(report.pk))


def order_file(report, by):
    return order(FILE, params={"report": report.pk}, owner=by, key=str(report.pk))


def closing_job(report):
    """The work of closing a report, or None of one that nobody ordered to close."""
    return _job(CLOSING, report)


def file_job(report):
    """The work of making the file of a closed report, or None."""
    return _job(FILE, report)


def _job(kind, report):
    jobs = Job.objects.filter(kind=kind, params__report=report.pk)
    return jobs.select_related("owner").last()


def last_time(project):
    """How long the last closing in a project took, in words; empty before the first."""
    last = Report.objects.closed().filter(project=project).order_by("closed_at").last()
    job = last and closing_job(last)
    if not (job and job.is_done):
        return ""
    seconds = max(1, round((job.finished_at - last.closed_at).total_seconds()))
    if seconds < 100:
        return plural(seconds, "sekundę,sekundy,sekund")
    return plural(round(seconds / 60), "minutę,minuty,minut")
