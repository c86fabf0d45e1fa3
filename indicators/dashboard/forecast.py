"""Where an indicator will stand on the project's last day, if it goes on as it went lately."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from indicators.counting.progress import Progress
from owes.periods import Period

FEWEST_MONTHS = 3
MIDDLE = 6
WINDOWS = (3, 6, 12)
FURTHEST = date(2199, 12, 31)  # a day later than this is never


@dataclass(frozen=True)
class ForecastMilestone:
    """The next milestone, and the value on its day at the middle pace."""

    day: date
    due: int
    value: int


@dataclass(frozen=True)
class Forecast:
    """Values at the project's end at the lowest, the middle and the highest recent pace.

    A pace is new records a month, a fraction: the mean of the last 6 full months in the middle,
    the least and the greatest of those of the last 3, 6 and 12 at the sides; with fewer full
    months behind, of those there are. What is begun does not count, so values are rounded down.
    `met_on` is the day the target is met at the middle pace, maybe after the end; None when never.
    `milestone` is what the contract asks for before the end, nearest to the day; None without one.
    """

    low: int
    middle: int
    high: int
    pace: Fraction
    needed: Fraction | None
    met_on: date | None
    is_met_in_time: bool
    milestone: ForecastMilestone | None = None


def forecast(line: Progress):
    """A `Forecast`, or None: not begun, over, or under 3 full months behind."""
    behind = full_months(line.period, line.on)
    if line.is_over or line.on < line.period.start or len(behind) < FEWEST_MONTHS:
        return None
    paces = [_pace(line, behind, window) for window in WINDOWS]
    middle = _pace(line, behind, MIDDLE)
    left = months_left(line.on, line.period.end)
    met_on = _met_on(line, middle)
    return Forecast(
        low=line.value + floor(min(paces) * left),
        middle=line.value + floor(middle * left),
        high=line.value + floor(max(paces) * left),
        pace=middle,
        needed=line.lacking / left if line.target is not None else None,
        met_on=met_on,
        is_met_in_time=met_on is not None and met_on <= line.period.end,
        milestone=_milestone(line, middle),
    )


def _milestone(line, pace):
    ahead = line.plan.next_after(line.on) if line.plan else None
    if ahead is None:
        return None
    day, due = ahead
    return ForecastMilestone(day, due, line.value + floor(pace * months_left(line.on, day)))


def full_months(period, on):
    """Calendar months wholly inside the project and over by the day, itself inside."""
    return [
        month
        for month in period.months()
        if month.start >= period.start and month.end <= min(on, period.end)
    ]


def months_left(on, end):
    """Months from the day after `on` to `end`, inside; a part of a month by its days."""
    if on >= end:
        return Fraction(0)
    left = Period(on + timedelta(days=1), end)
    return sum(Fraction(month.overlap(left).days, month.days) for month in left.months())


def _pace(line, behind, window):
    taken = behind[-window:]
    return Fraction(line.series.within(Period(taken[0].start, taken[-1].end)), len(taken))


def _met_on(line, pace):
    """The day, walking on month by month at the pace; the day it was met when it already is."""
    if line.target is None:
        return None
    if line.is_reached:
        return line.series.reached_on(line.target) or line.on
    if not pace:
        return None
    months = Fraction(line.lacking) / pace
    day = line.on
    while day < FURTHEST:
        month = next(Period(day + timedelta(days=1), day + timedelta(days=1)).months())
        rest = Fraction((month.end - day).days, month.days)
        if months <= rest:
            return day + timedelta(days=ceil(months * month.days))
        months -= rest
        day = month.end
    return None
