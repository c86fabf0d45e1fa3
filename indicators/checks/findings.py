"""What data control finds in a project: for the page, the command, and the closing of a report."""

import hashlib
from collections import Counter

from django.utils import timezone

from indicators.checks.checking import Material, examined
from indicators.checks.declarations import CHECKS
from indicators.models import AcceptedFinding, CheckRun
from support.models import AcceptedWarning


def findings(project, now=None):
    """Every finding of every check, accepted ones too; a fixed number of queries."""
    return examined(CHECKS.values(), Material(project, now))


def blocking(project, period, report=None):
    """What stands in the way of closing a report of the period: findings not accepted.

    Only the checks that block a report are run. A report says values since the beginning of the
    project, so all that matters by the last day of the period blocks, whenever it began; what has
    no day (a gap in the project's own data) blocks every report; a text of a report blocks that
    one alone. Each `Finding` has `check.code`, `check.sentence`, `found.code`, `found.name`,
    `found.sentence`; `addresses` of `indicators.checks.mending` tells where each is mended, and
    the page of checks accepts it with a reason:

        obstacles = blocking(report.project, report.period, report)
        if obstacles:
            raise ValidationError("...")

    Inside the transaction that closes, so that nothing slips in between.
    """
    checks = [check for check in CHECKS.values() if check.severity.blocks_report]
    return [
        one
        for one in examined(checks, Material(project))
        if one.acceptance is None
        and (one.found.day is None or one.found.day <= period.end)
        and (one.found.reports is None or (report and report.pk in one.found.reports))
    ]


def accept(project, finding, reason, by):
    """Keeps a finding as one that may stay, with the reason, while its facts are the same."""
    kept = {"sentence": finding.found.sentence[:500], "reason": reason, "by": by}
    if warning := finding.found.warning:
        return AcceptedWarning.objects.get_or_create(
            service_id=finding.found.pk, code=warning.code, key=warning.key, defaults=kept
        )[0]
    code, record, facts = finding.identity
    return AcceptedFinding.objects.get_or_create(
        project=project, check_code=code, record=record, facts=facts, defaults=kept
    )[0]


def digest_of(found):
    """The same of the same findings, and of no others."""
    lines = sorted("|".join(one.identity) for one in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def keep_run(project, found, now):
    """Keeps the counts of a look, to compare the next day's with; answers the row."""
    standing = [one for one in found if one.acceptance is None]
    return CheckRun.objects.update_or_create(
        project=project,
        on=timezone.localdate(now),
        defaults={
            "at": now,
            "counts": dict(Counter(one.check.code for one in standing)),
            "accepted": len(found) - len(standing),
            "digest": digest_of(standing),
        },
    )[0]


def blocking_count(run):
    """How many findings of a kept look stop a report."""
    return sum(n for code, n in run.counts.items() if CHECKS[code].severity.blocks_report)
