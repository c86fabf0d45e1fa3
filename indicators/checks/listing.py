"""What the page of data control shows: rules with their findings, and the records of one rule."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from indicators.checks.checking import Check, Severity
from indicators.checks.declarations import CHECKS
from indicators.checks.findings import digest_of, findings
from indicators.models import CheckRun
from owes.looks.collecting import collecting
from support.models import ServiceAdviser

ACCEPTED = "accepted"
CHIPS = {
    "": "Wszystkie",
    Severity.ERROR.value: "Błędy",
    Severity.REPORT.value: "Blokują sprawozdanie",
    Severity.WARNING.value: "Ostrzeżenia",
    Severity.NOTE.value: "Do wiadomości",
    ACCEPTED: "Przyjęte z powodem",
}


@dataclass(frozen=True)
class CheckLine:
    """A check with its findings that the filters leave; `before` is the earlier count, or None."""

    check: Check
    findings: list = field(repr=False)
    accepted: int
    before: int | None

    @property
    def count(self):
        return len(self.findings)

    @property
    def change(self):
        """In words, against the last run of an earlier day."""
        if self.before is None:
            return ""
        more = self.count - self.before
        if not more:
            return "bez zmian"
        return f"{abs(more)} {'więcej' if more > 0 else 'mniej'}"


class CheckListing:
    """The findings of a project now, as the filters of the address leave them."""

    def __init__(self, project, shown="", check=None, adviser=None):
        self.project, self.now = project, timezone.now()
        self.shown = shown if shown in CHIPS else ""
        self.adviser = adviser
        with collecting():  # all are found, a page of one rule is shown: see `FindingTable`
            all_findings = findings(project, self.now)
        if adviser:
            links = ServiceAdviser.objects.filter(service__project=project, staff_member=adviser)
            led = set(links.order_by().values_list("service", flat=True))
            all_findings = [
                finding
                for finding in all_findings
                if not led.isdisjoint(finding.offender.services)
            ]
        self.findings = all_findings
        self.check = CHECKS.get(check)
        # Counts by adviser, and accepted findings by rule, are not saved.
        is_whole = not adviser and self.shown != ACCEPTED
        today = timezone.localdate(self.now)
        earlier = CheckRun.objects.filter(project=project, on__lt=today)
        self.compared_with = earlier.first() if is_whole else None

    @property
    def is_accepted(self):
        return self.shown == ACCEPTED

    def _is_shown(self, finding):
        if self.is_accepted or finding.acceptance:
            return self.is_accepted and finding.acceptance is not None
        return not self.shown or finding.check.severity == self.shown

    def lines(self):
        """The checks with findings that the filters leave, the gravest first."""
        groups = {code: [] for code in CHECKS}
        accepted = dict.fromkeys(CHECKS, 0)
        for finding in self.findings:
            accepted[finding.check.code] += finding.acceptance is not None
            if self._is_shown(finding):
                groups[finding.check.code].append(finding)
        order = list(Severity)
        last_run = self.compared_with
        lines = [
            CheckLine(
                CHECKS[code],
                own,
                accepted[code],
                last_run.counts.get(code, 0) if last_run else None,
            )
            for code, own in groups.items()
            if own
        ]
        return sorted(lines, key=lambda line: order.index(line.check.severity))

    def records(self):
        """Findings left by the filters, of the chosen check or of all; in the order of lines."""
        return [
            finding
            for line in self.lines()
            if self.check in (None, line.check)
            for finding in line.findings
        ]

    def digest(self):
        """Of the findings shown: accepting all at once then accepts only what was seen."""
        return digest_of(self.records())

    def chips(self):
        """`(key, words, count, is current)` of each severity that has findings, and of all."""
        tally = Counter(
            ACCEPTED if finding.acceptance else finding.check.severity for finding in self.findings
        )
        counts = dict(tally) | {"": self.total}
        return [
            (key, words, counts.get(key, 0), key == self.shown)
            for key, words in CHIPS.items()
            if counts.get(key) or not key or key == self.shown
        ]

    @property
    def total(self):
        return sum(finding.acceptance is None for finding in self.findings)
