"""The days from which the records of one indicator count, and the values that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from owes.periods import Period


@dataclass(frozen=True)
class Series:
    """The days of one indicator, read once: values on a day, in a period, by month."""

    days: Mapping[date, int]

    def on(self, day: date) -> int:
        return sum(n for counted_on, n in self.days.items() if counted_on <= day)

    def within(self, period: Period) -> int:
        return sum(n for counted_on, n in self.days.items() if counted_on in period)

    def months(self, period: Period) -> list[int]:
        """New records in each month the period touches, cut to the period."""
        parts = (month.overlap(period) for month in period.months())
        return [self.within(part) for part in parts if part]

    def cumulative(self, period: Period) -> list[int]:
        """The value at the end of each month, from the period's start."""
        return list(accumulate(self.months(period)))

    def reached_on(self, target: int | None) -> date | None:
        """The day the value came to the target, or None."""
        value = 0
        for day in sorted(self.days):
            value += self.days[day]
            if target and value >= target:
                return day
        return None
