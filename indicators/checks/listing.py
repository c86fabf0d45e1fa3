"""What the page of data control shows: rules with their findings, and the records of one rule."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from indicators.checks.checking import Check, Severity
from indicators.checks.declarations import CHECKS
from indicators.checks.findings import digest_of, findings, findings_of
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
    count: int
    accepted: int | None  # None where only counts of those that stand are known
    before: int | None
    findings: list = field(repr=False, default_factory=list)

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

    is_kept = False  # whether counts are those of the last run

    def __init__(self, project, shown="", check=None, adviser=None):
        self.project, self.now = project, timezone.now()
        self.shown = shown if shown in CHIPS else ""
        self.adviser = adviser
        self.check = CHECKS.get(check)
        with collecting():  # all are found, a page of one rule is shown: see `FindingTable`
            all_findings = self._found()
        if adviser:
            links = ServiceAdviser.objects.filter(service__project=project, staff_member=adviser)
            led = set(links.order_by().values_list("service", flat=True))
            all_findings = [
                finding
                for finding in all_findings
                if not led.isdisjoint(finding.offender.services)
            ]
        self.findings = all_findings
        # Counts by adviser, and accepted findings by rule, are not saved.
        is_whole = not adviser and self.shown != ACCEPTED
        today = timezone.localdate(self.now)
        earlier = CheckRun.objects.filter(project=project, on__lt=today)
        self.compared_with = earlier.first() if is_whole else None

    def _found(self):
        return findings(self.project, self.now)

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
                len(own),
                accepted[code],
                last_run.counts.get(code, 0) if last_run else None,
                own,
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
        counts = dict(self._tally()) | {"": self.total}
        return [
            (key, words, counts.get(key, 0), key == self.shown)
            for key, words in CHIPS.items()
            if counts.get(key) or not key or key == self.shown
        ]

    def _tally(self):
        return Counter(
            ACCEPTED if finding.acceptance else finding.check.severity for finding in self.findings
        )

    @property
    def total(self):
        return sum(finding.acceptance is None for finding in self.findings)


class ListingOfCheck(CheckListing):
    """The findings of the chosen check alone: no other is run."""

    def _found(self):
        return findings_of(self.check, self.project, self.now) if self.check else []


class KeptListing(ListingOfCheck):
    """The counts that the last run left, and the records of the chosen check as they are now.

    Of a project too large to be checked whole while a page is opened. Nothing is kept of advisers
    and of what was accepted by check.
    """

    is_kept = True

    def __init__(self, project, run, shown="", check=None):
        self.run = run
        super().__init__(project, shown, check)

    @property
    def counts(self):
        """`{code: how many stand}`, of the chosen check those of now."""
        counts = dict(self.run.counts) if self.run else {}
        if self.check:
            counts[self.check.code] = sum(row.acceptance is None for row in self.findings)
        return counts

    def lines(self):
        found = {line.check: line for line in super().lines()}
        before = self.compared_with.counts if self.compared_with else None
        lines = [
            found.get(check) or CheckLine(check, count, None, before and before.get(code, 0))
            for code, check in CHECKS.items()
            if (count := self.counts.get(code)) and self.shown in ("", check.severity)
        ]
        order = list(Severity)
        return sorted(lines, key=lambda line: order.index(line.check.severity))

    def _tally(self):
        tally = Counter()
        for code, count in self.counts.items():
            tally[CHECKS[code].severity] += count
        if self.run:
            tally[ACCEPTED] = self.run.accepted
        return tally

    @property
    def total(self):
        return sum(self.counts.values())
