"""How an hour of the day, a length of time and a span of hours are read."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError

from owes.formatting import HARD_SPACE, hours
from owes.parsing.numbers import read_decimal
from owes.parsing.text import read_text, spaced

CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?")
BARE_CLOCK = re.compile(r"([0-9]{1,2}?)([0-9]{2})?")
PADDED_CLOCK = re.compile(r"[0-9]{2}[:.]?[0-9]{2}")

HOURS_WORD = r"(?:h|g|godz\.?|godzin[ay]?)"
MINUTES_WORD = r"(?:m|min\.?|minut[ay]?)"
HOURS = re.compile(rf"([0-9]{{1,3}}(?:[.,][0-9]{{1,2}})?) ?{HOURS_WORD}")
HOURS_AND_MINUTES = re.compile(
    rf"([0-9]{{1,3}}) ?{HOURS_WORD} ?([0-5]?[0-9])(?: ?{MINUTES_WORD})?"
)
MINUTES = re.compile(rf"([0-9]{{1,4}}) ?{MINUTES_WORD}")
HOUR_SUM = re.compile(rf"([0-9 ]+(?:[.,][0-9]{{1,2}})?) ?{HOURS_WORD}?")
DECIMAL_HOURS = re.compile(r"[0-9]{1,3}[.,][0-9]{1,2}")
COLON_LENGTH = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
BARE_LENGTH = re.compile(r"[0-9]{1,3}")
SPAN = re.compile(r"(?:od )?(.+?) ?(?:[-–—]|do) ?(.+)")
# Two decimals of hours that are no minutes.
QUARTERS = {"00", "25", "50", "75"}
# A number without a unit is hours up to so many; where it could be an hour of the day, up to four.
MOST_BARE_HOURS = 12
MOST_SHORT_MINUTES = 4 * 60
# From this hour on a term may well end after midnight.
EVENING = time(20)
LONGEST_NIGHT = 12 * 60


# Hours of the day


def read_time(value: object) -> time:
    """An hour of the day as `9`, `9:00`, `09:00`, `9.30`, `900`, `0900` or an Excel time.

    Seconds fall off.
    """
    if isinstance(value, str) and (match := BARE_CLOCK.fullmatch(read_text(value))):
        return _clock(int(match[1]), int(match[2] or 0))
    return read_file_time(value)


def read_file_time(value: object) -> time:
    """An hour of the exchange format: `9:00`, `09:00`, `9.00` or an Excel time."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    match = CLOCK.fullmatch(read_text(value))
    return _clock(int(match[1]), int(match[2])) if match else _clock(24, 0)


def _clock(hour: int, minute: int) -> time:
    if hour > 23 or minute > 59:
        raise ValidationError("Podaj godzinę w postaci 09:00.", code="bad_time")
    return time(hour, minute)


# Lengths


def read_length(value: object, unit: str = "h") -> int:
    """Minutes of a length: `1,5`, `1:30`, `1h30`, `2 h`, `2 godz.`, `90 min`, `1 h 30 min`.

    A number alone is of the `unit`, "h" or "min"; more than twelve such hours are asked, for they
    may be minutes. So is `1,30`, 1 h 18 min or 1 h 30 min; `1,25` and `1,5` are decimals.
    """
    text = spaced(value)
    minutes = _length_of_itself(text)
    if minutes is None and DECIMAL_HOURS.fullmatch(text):
        minutes = _of_decimal(text)
    elif match := COLON_LENGTH.fullmatch(text):
        minutes = int(match[1]) * 60 + int(match[2])
    elif minutes is None and BARE_LENGTH.fullmatch(text):
        minutes = int(text) * (60 if unit == "h" else 1)
        if unit == "h" and int(text) > MOST_BARE_HOURS:
            message = f"„{text}” to godziny czy minuty? Wpisz {text} h albo {text} min."
            raise ValidationError(message, code="bad_number")
    if minutes is None:
        message = "Podaj czas, na przykład 2 h, 1:30 albo 90 min."
        raise ValidationError(message, code="bad_number")
    return minutes


def read_hours(value: object) -> Decimal:
    """Hours as a decimal, of a number (`7,5`, `16`, `1,33`) or of a length (`1:30`, `90 min`)."""
    text = spaced(value)
    if isinstance(value, str) and not re.fullmatch(r"[0-9 ]+(,[0-9]+)?", text):
        return (Decimal(read_length(text)) / 60).quantize(Decimal("0.01"))
    return read_decimal(value)


def read_hour_sum(value: object) -> int:
    """Minutes of a sum of hours: `500`, `12,5`, `12,5 h`, `12 h 30 min`."""
    text = spaced(value)
    if match := HOUR_SUM.fullmatch(text):
        return round(read_decimal(match[1]) * 60)
    return read_length(text)


def _length_of_itself(text: str) -> int | None:
    """Minutes of a text that can be nothing but a length: with its unit or a decimal; or None."""
    if match := HOURS_AND_MINUTES.fullmatch(text):
        return int(match[1]) * 60 + int(match[2])
    if match := MINUTES.fullmatch(text):
        return int(match[1])
    if match := HOURS.fullmatch(text):
        return _of_decimal(match[1])
    if DECIMAL_HOURS.fullmatch(text) and not CLOCK.fullmatch(text):
        return _of_decimal(text)
    return None


def _of_decimal(text: str) -> int:
    """Minutes of `1,5`; `1,30`, which may be hours and minutes, is refused."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    minutes = round(Decimal(f"{whole}.{decimals}") * 60)
    if len(decimals) == 2 and decimals < "60" and decimals not in QUARTERS:
        one, other = length_words(minutes), length_words(int(whole) * 60 + int(decimals))
        message = f"„{text}” to {one} czy {other}? Wpisz {one} albo {other}."
        raise ValidationError(message, code="bad_number")
    return minutes


def length_words(minutes: int) -> str:
    """1 h 30 min, with plain spaces: as it may be typed."""
    return hours(minutes).replace(HARD_SPACE, " ")


# Ends and spans of time


def read_end(value: object, start: time | None) -> time:
    """The hour at which something ends, of an hour or of a length from `start`, a time or None.

    What has a unit or is a decimal (`90 min`, `1h30`, `1,5`) is a length. What as an hour lies
    after the start is an hour. The rest (`1:30` or `2` after 9:00) is a length of at most four
    hours, unless it is padded as only hours are (`01:30`); from 20:00 on, when such an hour may be
    of the next day, it is asked. An hour before the start is left to the rule on nights.
    """
    if isinstance(value, time):
        return read_time(value)
    text = spaced(value)
    minutes = _length_of_itself(text)
    if minutes is not None:
        return later(start, minutes)
    try:
        clock = read_time(text)
    except ValidationError:
        message = "Podaj koniec, na przykład 11:00, albo czas z jednostką: 2 h, 90 min."
        raise ValidationError(message, code="bad_time") from None
    if start is None or clock > start or PADDED_CLOCK.fullmatch(text):
        return clock
    minutes = _short_length(text)
    if not minutes:
        return clock
    if start >= EVENING:
        length = length_words(minutes)
        message = f"„{text}” to godzina czy czas? Wpisz {clock:%H:%M} albo {length}."
        raise ValidationError(message, code="bad_time")
    return later(start, minutes)


def _short_length(text: str) -> int | None:
    """Minutes of a text without a unit, when they are so few that no hour of a day is meant."""
    minutes = None
    if match := COLON_LENGTH.fullmatch(text.replace(".", ":")):
        minutes = int(match[1]) * 60 + int(match[2])
    elif re.fullmatch("[0-9]{1,2}", text):
        minutes = int(text) * 60
    return minutes if minutes is not None and minutes <= MOST_SHORT_MINUTES else None


def later(start: time | None, minutes: int) -> time:
    """The hour so many minutes after another, less than a day."""
    if start is None:
        raise ValidationError("Podaj najpierw początek albo wpisz godzinę końca.", code="bad_time")
    _refuse_whole_day(minutes)
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()


def _refuse_whole_day(minutes: int) -> None:
    if minutes >= 24 * 60:
        raise ValidationError("Termin trwa krócej niż dobę.", code="bad_time")


def read_span(value: object) -> tuple[time | None, int]:
    """`(start, minutes)` of a span of hours, or `(None, minutes)` of a length.

    Spans: `9–11`, `9:00-10:30`, `od 9 do 11`, `9-2h`. A length is read as `read_length` does, but
    a number without a unit that may be an hour is asked when it is more than four hours.
    """
    text = spaced(value)
    if match := SPAN.fullmatch(text):
        start = read_time(match[1])
        return start, minutes_between(start, read_end(match[2], start))
    minutes = _length_of_itself(text)
    if minutes is None:
        minutes = _short_length(text)
    if not minutes:
        message = "Podaj godziny od–do, na przykład 9–11, albo czas z jednostką: 2 h, 90 min."
        raise ValidationError(message, code="bad_time")
    _refuse_whole_day(minutes)
    return None, minutes


def minutes_between(start: time, end: time) -> int:
    """Minutes by the clock; an end before the start is of the next day, for twelve hours at most.

    The night of a change of clocks is told by the term itself, which has a day.
    """
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    if minutes <= 0:
        minutes += 24 * 60
        if minutes > LONGEST_NIGHT:
            message = "Koniec musi być po początku; przez noc najwyżej 12 h."
            raise ValidationError(message, code="end_before_start")
    return minutes
