"""What a target asks for by each day of the project."""

from dataclasses import dataclass
from datetime import date, timedelta

from owes.periods import Period


@dataclass(frozen=True)
class Plan:
    """A target on its way: nothing before the project, its whole value on the last day.

    `milestones` are `(day, value due by it)` in order of days. On such a day just its value is
    due; between two days, and with no milestones at all, what is due grows evenly.
    """

    value: int
    period: Period
    milestones: tuple[tuple[date, int], ...] = ()

    @property
    def steps(self) -> list[tuple[date, int]]:
        """The milestones inside the project, before the day on which all is due."""
        return [step for step in self.milestones if self.period.start <= step[0] < self.period.end]

    def share_on(self, day: date) -> float:
        """The share of the value due by the end of the day, between 0 and 1."""
        before, since = self.period.start - timedelta(days=1), 0.0
        shares = [(due_on, min(due / self.value, 1.0)) for due_on, due in self.steps]
        for due_on, share in [*shares, (self.period.end, 1.0)]:
            if day < due_on:
                gone = max((day - before).days, 0) / (due_on - before).days
                return since + (share - since) * gone
            before, since = due_on, share
        return 1.0

    def due_on(self, day: date) -> int:
        """The value due by the end of the day, a whole number."""
        return round(self.value * self.share_on(day))

    def next_after(self, day: date) -> tuple[date, int] | None:
        """The milestone to be reached next; None when only the value itself is left."""
        return next((step for step in self.steps if day < step[0]), None)
