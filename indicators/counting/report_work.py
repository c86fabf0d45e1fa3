"""The work on the days of closed reports, as the records say it now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from indicators.counting.marks import Mark
from indicators.counting.totals import by_activity, totals
from indicators.counting.versions import version_of
from indicators.models.judgement import ChangeMark, ReportWork
from owes.periods import Period

if TYPE_CHECKING:
    from indicators.counting.scope import Scope
    from indicators.models import Report

# What moves the numbers of work, and the targets.
MOVING = {ChangeMark.Kind.SERVICE, ChangeMark.Kind.TARGET, ChangeMark.Kind.PROJECT}


def whole_of(report: Report) -> Period:
    """The days from the project's start to the end of the report."""
    return Period(min(report.project.starts_on, report.starts_on), report.ends_on)


def is_moved(report: Report, marks: Iterable[Mark]) -> bool:
    return any(
        mark.kind in MOVING and (mark.day is None or mark.day <= report.ends_on) for mark in marks
    )


def work_of(report: Report, scope: Scope) -> dict[str, Any]:
    """Totals of the period and from the start, rows of activities, and targets by indicator."""
    whole = whole_of(report)
    targets = scope.project.targets.in_force(scope.project, report.ends_on)
    return {
        "totals": totals(scope, report.period),
        "totals_whole": totals(scope, whole),
        "activities": by_activity(scope, whole),
        "targets": {code: target.value for code, target in targets.items()},
    }


def keep_work(scope: Scope, marks: Iterable[Mark]) -> None:
    """Brings the work of the closed reports of a project up to date."""
    marks = list(marks)
    reports = scope.project.reports.in_force().defer("document").select_related("project", "work")
    for report in reports:
        own = scope.at(report.ends_on)
        kept = getattr(report, "work", None)
        if kept and kept.version == version_of(own) and not is_moved(report, marks):
            continue
        ReportWork.objects.update_or_create(
            report=report,
            defaults={"version": version_of(own), "numbers": work_of(report, own)},
        )
