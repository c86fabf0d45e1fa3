"""The nightly letter to the coordinators of each project, sent when anything changed.

It holds counts, dates and links only; names and records stay in the program.
"""

from dataclasses import dataclass
from datetime import date

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from indicators.checks.declarations import CHECKS
from indicators.checks.findings import blocking_count, findings, keep_run
from indicators.models import CheckRun
from owes.formatting import plural
from owes.links import address
from support.models import Membership

DUE = "V37"


@dataclass(frozen=True)
class CheckChange:
    """A check whose count is not the same as in the run before."""

    check: object
    count: int
    before: int
    url: str

    @property
    def words(self):
        difference = self.count - self.before
        return f"{abs(difference)} {'więcej' if difference > 0 else 'mniej'}"

    @property
    def counted(self):
        return plural(self.count, self.check.noun)


@dataclass(frozen=True)
class Letter:
    """A run of the checks compared with one of an earlier day; `since` is None for the first."""

    project: object
    run: CheckRun
    since: date | None
    changes: list
    deadlines: list
    url: str

    @classmethod
    def of(cls, project, now):
        """Runs the checks and saves the run; None when nothing changed since the run before."""
        today = timezone.localdate(now)
        before = CheckRun.objects.filter(project=project, on__lt=today).first()
        all_findings = findings(project, now)
        run = keep_run(project, all_findings, now)
        if run.digest == before.digest if before else not run.total:
            return None
        url = address(reverse("indicators:check_list", args=[project.slug]))
        counts = before.counts if before else {}
        return cls(
            project=project,
            run=run,
            since=before.on if before else None,
            changes=[
                CheckChange(check, now_count, counts.get(code, 0), f"{url}?check={code}")
                for code, check in CHECKS.items()
                if (now_count := run.counts.get(code, 0)) != counts.get(code, 0)
            ],
            deadlines=[
                finding.offender
                for finding in all_findings
                if finding.check.code == DUE and finding.acceptance is None
            ],
            url=url,
        )

    @property
    def blocking(self):
        return blocking_count(self.run)

    def messages(self):
        """One to each coordinator who still works in the project, none of whom sees the others."""
        coordinators = Membership.objects.coordinating(self.project).select_related("user")
        subject = render_to_string("indicators/checks/checks_subject.txt", {"letter": self})
        body = render_to_string("indicators/checks/checks.txt", {"letter": self})
        return [
            EmailMessage(" ".join(subject.split()), body, to=[membership.user.email])
            for membership in coordinators.order_by("pk")
        ]


def send_letter(project, now):
    """Runs the checks of a project, and writes to its coordinators when anything changed."""
    letter = Letter.of(project, now)
    if letter:
        get_connection().send_messages(letter.messages())
