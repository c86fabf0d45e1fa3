"""What data control finds in a project: for the page, the command, and the closing of a report."""

import hashlib
from collections import Counter
from operator import attrgetter

from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.checks.checking import run_checks
from indicators.checks.declarations import CHECKS
from indicators.checks.project_data import ProjectData
from indicators.models import AcceptedFinding, CheckRun
from owes.history import record_creation
from support.models import AcceptedWarning


def findings(project, now=None, **progress):
    """Every finding of every check, accepted ones too; a fixed number of queries."""
    return run_checks(CHECKS.values(), ProjectData(project, now), **progress)


def findings_of(check, project, now=None):
    """Those of one check, accepted ones too."""
    return run_checks([check], ProjectData(project, now))


def blocking(project, period, report=None):
    """What stands in the way of closing a report of the period: findings not accepted.

    Only the checks that block a report are run. A report says values since the beginning of the
    project, so all that matters by the last day of the period blocks, whenever it began; what has
    no day (a gap in the project's own data) blocks every report; a text of a report blocks that
    one alone. Called inside the transaction that closes, so that nothing slips in between.
    """
    checks = [check for check in CHECKS.values() if check.severity.blocks_report]
    return [
        finding
        for finding in run_checks(checks, ProjectData(project))
        if finding.acceptance is None
        and (finding.offender.day is None or finding.offender.day <= period.end)
        and (
            finding.offender.reports is None or (report and report.pk in finding.offender.reports)
        )
    ]


def accept(project, findings, reason, by, at=None):
    """Keeps findings as ones that may stay, with the reason, while their facts are the same.

    What somebody has accepted stays theirs. The queries do not grow with the findings. They are
    accepted now, or at the moment `at`.
    """
    given = {"reason": reason, "by": by, "at": at or timezone.now()}
    try:
        _accept(project, findings, given)
    except IntegrityError:  # somebody accepted one of them between the look and the writing
        _accept(project, findings, given)


@transaction.atomic
def _accept(project, findings, given):
    rows = [_acceptance(project, finding, **given) for finding in findings]
    by, at = given["by"], given["at"]
    for kept, columns in (
        (project.accepted_findings.all(), ("check_code", "record", "facts")),
        (AcceptedWarning.objects.filter(service__project=project), ("service_id", "code", "key")),
    ):
        key_of, known = attrgetter(*columns), set(kept.values_list(*columns))
        own = {key_of(row): row for row in rows if isinstance(row, kept.model)}
        new = [row for key, row in own.items() if key not in known]
        if new:
            kept.model.objects.bulk_create(new)
            record_creation(kept.filter(by=by, at=at), by, at)


def _acceptance(project, finding, **fields):
    """The row, not saved yet, that accepts a finding."""
    fields["sentence"] = finding.offender.sentence[:500]
    if warning := finding.offender.warning:
        return AcceptedWarning(
            service_id=finding.offender.pk, code=warning.code, key=warning.key, **fields
        )
    code, record, facts = finding.identity
    return AcceptedFinding(project=project, check_code=code, record=record, facts=facts, **fields)


def digest_of(findings):
    """A digest that is equal for equal findings only."""
    lines = sorted("|".join(finding.identity) for finding in findings)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def keep_run(project, findings, now):
    """Saves the counts of a run, to compare those of the next day with; returns the row."""
    standing = [finding for finding in findings if finding.acceptance is None]
    return CheckRun.objects.update_or_create(
        project=project,
        on=timezone.localdate(now),
        defaults={
            "at": now,
            "counts": dict(Counter(finding.check.code for finding in standing)),
            "accepted": len(findings) - len(standing),
            "digest": digest_of(standing),
        },
    )[0]


def last_run(user, project):
    """The last saved run of the checks or None; the menu and a page ask once a request."""
    if not hasattr(user, "_last_runs"):
        user._last_runs = {}
    if project.pk not in user._last_runs:
        user._last_runs[project.pk] = CheckRun.objects.filter(project=project).first()
    return user._last_runs[project.pk]


def blocking_count(run):
    """How many findings of a saved run block a report."""
    return sum(n for code, n in run.counts.items() if CHECKS[code].severity.blocks_report)
