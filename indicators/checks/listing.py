"""The page of data control gathered: rules with what they found, and the records of one."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from indicators.checks.checking import Check, Severity
from indicators.checks.declarations import CHECKS
from indicators.checks.findings import digest_of, findings
from indicators.models import CheckRun
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
    """A check with what it found of what is asked; `before` is yesterday's count, or None."""

    check: Check
    findings: list = field(repr=False)
    accepted: int
    before: int | None

    @property
    def count(self):
        return len(self.findings)

    @property
    def change(self):
        """In words, against the last look of an earlier day."""
        if self.before is None:
            return ""
        more = self.count - self.before
        if not more:
            return "bez zmian"
        return f"{abs(more)} {'więcej' if more > 0 else 'mniej'}"


class CheckListing:
    """What data control says of a project now, narrowed to what the address asks."""

    def __init__(self, project, shown="", check=None, adviser=None):
        self.project, self.now = project, timezone.now()
        self.shown = shown if shown in CHIPS else ""
        self.adviser = adviser
        found = findings(project, self.now)
        if adviser:
            links = ServiceAdviser.objects.filter(service__project=project, staff_member=adviser)
            led = set(links.order_by().values_list("service", flat=True))
            found = [one for one in found if not led.isdisjoint(one.found.services)]
        self.found = found
        self.check = CHECKS.get(check)
        # What an adviser had, and what was accepted rule by rule, is not kept.
        is_whole = not adviser and self.shown != ACCEPTED
        today = timezone.localdate(self.now)
        earlier = CheckRun.objects.filter(project=project, on__lt=today)
        self.compared_with = earlier.first() if is_whole else None

    @property
    def is_accepted(self):
        return self.shown == ACCEPTED

    def _is_shown(self, one, shown):
        if shown == ACCEPTED or one.acceptance:
            return shown == ACCEPTED and one.acceptance is not None
        return not shown or one.check.severity == shown

    def lines(self):
        """The checks that found anything of what is asked, the gravest first."""
        groups = {code: [] for code in CHECKS}
        accepted = dict.fromkeys(CHECKS, 0)
        for one in self.found:
            accepted[one.check.code] += one.acceptance is not None
            if self._is_shown(one, self.shown):
                groups[one.check.code].append(one)
        order = list(Severity)
        last = self.compared_with
        lines = [
            CheckLine(
                CHECKS[code],
                own,
                accepted[code],
                last.counts.get(code, 0) if last else None,
            )
            for code, own in groups.items()
            if own
        ]
        return sorted(lines, key=lambda line: order.index(line.check.severity))

    def records(self):
        """Of the chosen check, or of all: the findings of what is asked, in the order of lines."""
        return [
            one
            for line in self.lines()
            if self.check in (None, line.check)
            for one in line.findings
        ]

    def digest(self):
        """Of the findings shown, so that what is accepted at once is what was seen."""
        return digest_of(self.records())

    def chips(self):
        """`(key, words, count, is current)` of each severity that found anything, and of all."""
        tally = Counter(ACCEPTED if one.acceptance else one.check.severity for one in self.found)
        counts = dict(tally) | {"": self.total}
        return [
            (key, words, counts.get(key, 0), key == self.shown)
            for key, words in CHIPS.items()
            if counts.get(key) or not key or key == self.shown
        ]

    @property
    def total(self):
        return sum(one.acceptance is None for one in self.found)
