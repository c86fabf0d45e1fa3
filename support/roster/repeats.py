"""The days on which a session is held again."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import count

from django.db.models import TextChoices


class Step(TextChoices):
    DAY = "day", "codziennie"
    WEEK = "week", "co tydzień"
    TWO_WEEKS = "two_weeks", "co dwa tygodnie"
    MONTH = "month", "co miesiąc, tego samego dnia"
    WEEKDAYS = "weekdays", "w wybrane dni tygodnia"
    DAYS = "days", "w podane dni"


WEEKDAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
LENGTHS = {Step.DAY: 1, Step.WEEK: 7, Step.TWO_WEEKS: 14, Step.WEEKDAYS: 1}


def repeated(after, step, until, weekdays=()):
    """The days later than `after`, up to `until`; `weekdays` are the chosen ones, Monday is 0."""
    for number in count(1):
        day = _later(after, step, number)
        if day > until:
            return
        if step != Step.WEEKDAYS or day.weekday() in weekdays:
            yield day


def _later(day, step, number):
    """The day so many steps later; in a month that is too short, its last day."""
    if step != Step.MONTH:
        return day + timedelta(days=number * LENGTHS[step])
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
