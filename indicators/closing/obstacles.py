"""What stands in the way of closing a report: said before, and refused or accepted at closing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.checks.findings import blocking
from owes.formatting import plural


def refuse_at_once(report, by):
    """Raises `ValidationError` with what can be said before the records are looked at."""
    if report.is_closed:
        raise ValidationError(f"{report.title} jest już zamknięty.", code="moved")
    if report.project.needs_two_people and report.created_by == by:
        raise ValidationError("Raport zamyka inna osoba niż ta, która go przygotowała.")
    if report.ends_on > timezone.localdate():
        raise ValidationError("Okres raportu jeszcze się nie skończył.")


@dataclass(frozen=True)
class Obstacles:
    """What is to be mended, or to stay with a reason: of data control at the moment `at`,
    and of the texts and costs of the report.
    """

    at: datetime
    findings: list
    gaps: list
    lacks_costs: bool

    @classmethod
    def of(cls, report, values):
        """`values` are the `IndicatorReport` of it, with its texts and costs."""
        return cls(
            at=timezone.now(),
            findings=blocking(report.project, report.period, report),
            gaps=values.gaps,
            lacks_costs=values.lacks_costs,
        )

    @property
    def are_there(self):
        return bool(self.findings or self.gaps or self.lacks_costs)

    @property
    def by_check(self):
        """`[(check, how many findings)]`, the most first."""
        return Counter(finding.check for finding in self.findings).most_common()

    @property
    def refusal(self):
        """The sentence of one who closes without a reason."""
        counts = []
        if self.findings:
            noun = "niezgodność,niezgodności,niezgodności"
            counts.append(f"{plural(len(self.findings), noun)} w danych")
        if self.gaps:
            counts.append(f"{plural(len(self.gaps), 'brak,braki,braków')} w tekstach")
        if self.lacks_costs:
            counts.append("brak kwot w Części II")
        return (
            f"Zamknięcie wstrzymuje: {' i '.join(counts)}. Popraw je albo podaj powód, dla "
            "którego mogą zostać."
        )
