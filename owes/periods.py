from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both inside."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("Koniec okresu jest wcześniejszy niż początek.")

    @classmethod
    def of_month(cls, day: date) -> "Period":
        """The calendar month of the day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def overlap(self, other: "Period") -> "Period | None":
        """The days inside both periods, or None when there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def months(self) -> Iterator["Period"]:
        """Whole calendar months the period touches."""
        month = self.of_month(self.start)
        while month.start <= self.end:
            yield month
            month = self.of_month(month.end + timedelta(days=1))


class MonthConverter:
    """A calendar month in an address: 2024-03."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> "Period":
        return Period.of_month(date.fromisoformat(f"{value}-01"))

    def to_url(self, month: "Period") -> str:
        return f"{month.start:%Y-%m}"
