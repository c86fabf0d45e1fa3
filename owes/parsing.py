"""How a value typed by a person is read: one function for each kind of value, used by forms,
filters, pasted rows and commands alike.

Every reader takes text (or the Excel value) and answers the value, or raises `ValidationError`
with a code the import reports. Only ASCII digits are digits: `int("٣")` is 3 for Python.

What could mean two things is asked, never guessed; the sentence names both. A file of the exchange
format holds fewer spellings (`read_file_date`, `read_file_time`), for nobody is asked there.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone

from owes.folding import fold
from owes.formatting import HARD_SPACE, hours

EARLIEST = date(1800, 1, 1)
LATEST = date(2199, 12, 31)
# A year of two digits is of this century up to so many years ahead; another is asked for whole.
YEARS_AHEAD = 10

DOTTED_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
YEAR_FIRST = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2}) ?([-./ ]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})")
EIGHT_DIGITS = re.compile(r"[0-9]{8}")
WORDY_DATE = re.compile(r"([0-9]{1,2})[-. ]{0,2}([^\W\d_]+)[-. ]{0,2}([0-9]{4}|[0-9]{2})")
NO_YEAR = re.compile(r"([0-9]{1,2})[-./ ]{1,2}([0-9]{1,2}|[^\W\d_]+)\.?")
BETWEEN_DAYS = re.compile(r"[,;\n]| i | oraz ")
AFTER_YEAR = re.compile(r"(?<=[0-9])\s*(?:r\.?|roku)$", re.IGNORECASE)
DAYS_FROM_TODAY = {"dzis": 0, "dzisiaj": 0, "wczoraj": -1, "przedwczoraj": -2, "jutro": 1}
MONTHS = (
    ("styczen", "stycznia", "i"),
    ("luty", "lutego", "ii"),
    ("marzec", "marca", "iii"),
    ("kwiecien", "kwietnia", "iv"),
    ("maj", "maja", "v"),
    ("czerwiec", "czerwca", "vi"),
    ("lipiec", "lipca", "vii"),
    ("sierpien", "sierpnia", "viii"),
    ("wrzesien", "wrzesnia", "ix"),
    ("pazdziernik", "pazdziernika", "x"),
    ("listopad", "listopada", "xi"),
    ("grudzien", "grudnia", "xii"),
)

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

WHOLE = re.compile(r"-?[0-9]{1,9}")
MONEY = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
DECIMAL = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?")


def read_text(value: object) -> str:
    """Text without spaces at its ends; a hard space is a space."""
    return str(value).replace("\u00a0", " ").strip()


# Days


def read_date(value: object) -> date:
    """A day as people write it, or an Excel date (its hour, if any, falls off).

    Day, month, year: `5.4.2022`, `5.4.22`, `05/04/22`, `05-04-2022`, `05042022`,
    `5 kwietnia 2022`, `5 kwi 2022`, `5 IV 2022`; year first: `2022-04-05`, `2022/4/5`, `20220405`;
    each with `r.` or `roku` behind it; `dziś`, `dzisiaj`, `wczoraj`, `przedwczoraj`, `jutro`.

    Dots are the Polish order. Strokes and dashes are too when both day and month have two digits
    (`05/04/22`) or only one order is possible (`13/2/22`); `1/2/22` is asked. So are a year of two
    digits that is not of this century (`5.4.85`) or stands after dashes (`05-04-22` may begin with
    the year), and a day without a year.
    """
    if isinstance(value, date):
        return _within_range(value.date() if isinstance(value, datetime) else value)
    text = " ".join(AFTER_YEAR.sub("", read_text(value)).split())
    if (days := DAYS_FROM_TODAY.get(fold(text))) is not None:
        return timezone.localdate() + timedelta(days=days)
    if match := YEAR_FIRST.fullmatch(text):
        year, _, month, day = match.groups()
    elif match := YEAR_LAST.fullmatch(text):
        day, mark, month, year = match.groups()
        if mark in "/-":
            _ask_order(text, day, month, year, mark)
    elif EIGHT_DIGITS.fullmatch(text):
        day, month, year = text[:2], text[2:4], text[4:]
        if year < str(EARLIEST.year):
            year, month, day = text[:4], text[4:6], text[6:]
    elif (match := WORDY_DATE.fullmatch(text)) and (month := _month(match[2])):
        day, _, year = match.groups()
    else:
        if NO_YEAR.fullmatch(text):
            raise ValidationError("Dopisz rok, na przykład 05.04.2022.", code="bad_date")
        raise ValidationError("Podaj datę w postaci 05.04.2022.", code="bad_date")
    return _day(text, int(day), int(month), year)


def read_dates(value: object) -> list[date]:
    """Days listed in one text, in their order; each as `read_date` reads it.

    One without a year is of the year of the next that has one (`8.5, 15.5 i 22.5.2024`), unless it
    would be later than that one.
    """
    days: list[date] = []
    for text in reversed([part.strip() for part in BETWEEN_DAYS.split(read_text(value))]):
        if not text:
            continue
        try:
            day = _day_of_the_year(text, days[-1]) if days and NO_YEAR.fullmatch(text) else None
            days.append(day or read_date(text))
        except ValidationError as error:
            [message] = error.messages
            sentence = message if text in message else f"„{text}”: {message}"
            raise ValidationError(sentence, code=error.code) from None
    return sorted(set(days))


def _day_of_the_year(text: str, following: date) -> date | None:
    """The day written without a year, or None when it is later than the following one."""
    mark = next(letter for letter in text if letter in "-./ ")
    day = read_date(f"{text.removesuffix('.')}{mark}{following.year}")
    return day if day <= following else None


def standing_day(text: str) -> str:
    """A text of a day, with `wczoraj` as the day it means now: tomorrow it would mean another."""
    text = read_text(text)
    days = DAYS_FROM_TODAY.get(fold(text))
    return text if days is None else f"{timezone.localdate() + timedelta(days=days):%d.%m.%Y}"


def read_file_date(value: object) -> date:
    """A day of the exchange format: `d.m.rrrr`, `rrrr-mm-dd` or an Excel date."""
    if not isinstance(value, date):
        text = read_text(value)
        if not DOTTED_DATE.fullmatch(text) and not ISO_DATE.fullmatch(text):
            raise ValidationError("Podaj datę w postaci 05.04.2022.", code="bad_date")
    return read_date(value)


def _month(word: str) -> int | None:
    """The number of a month named whole, by three of its letters or more, or in Roman digits."""
    word = fold(word)
    for number, (*names, roman) in enumerate(MONTHS, start=1):
        if word == roman or (len(word) >= 3 and any(name.startswith(word) for name in names)):
            return number
    return None


def _ask_order(text: str, day: str, month: str, year: str, mark: str) -> None:
    """Refuses numbers that may stand in another order."""
    if mark == "-" and len(year) == 2:
        raise ValidationError("Podaj rok czterema cyframi, jak 05.04.2022.", code="bad_date")
    padded = len(day) == len(month) == 2
    first, second = int(day), int(month)
    if padded or first == second or not (1 <= first <= 12 and 1 <= second <= 12):
        return
    one, other = _day(text, first, second, year), _day(text, second, first, year)
    raise ValidationError(
        f"„{text}” to {day_and_month(one)} czy {day_and_month(other)}? "
        f"Wpisz {one:%d.%m.%Y} albo {other:%d.%m.%Y}.",
        code="bad_date",
    )


def _day(text: str, day: int, month: int, year: str) -> date:
    whole = _whole_year(year) if len(year) == 2 else int(year)
    if not 1 <= month <= 12:
        message = f"Nie ma miesiąca {month}. Najpierw dzień, potem miesiąc: 05.04.2022."
        raise ValidationError(message, code="bad_date")
    try:
        read = date(whole, month, day)
    except ValueError:
        raise ValidationError(f"Nie ma takiego dnia: {text}.", code="bad_date") from None
    return _within_range(read)


def _whole_year(digits: str) -> int:
    this = 2000 + int(digits)
    if this > timezone.localdate().year + YEARS_AHEAD:
        message = f"Podaj rok czterema cyframi: {this - 100} albo {this}."
        raise ValidationError(message, code="bad_date")
    return this


def _within_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValidationError("Rok jest spoza zakresu 1800–2199.", code="bad_date")
    return day


def day_and_month(day: date) -> str:
    """5 kwietnia, as spoken of in a sentence."""
    return dateformat.format(day, "j E")


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
    text = _spaced(value)
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
    text = _spaced(value)
    if isinstance(value, str) and not re.fullmatch(r"[0-9 ]+(,[0-9]+)?", text):
        return (Decimal(read_length(text)) / 60).quantize(Decimal("0.01"))
    return read_decimal(value)


def _spaced(value: object) -> str:
    return " ".join(read_text(value).casefold().split())


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
    text = _spaced(value)
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
    text = _spaced(value)
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


# Numbers and amounts


def read_whole(value: object) -> int:
    """A whole number; Excel gives 15 as 15.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = read_text(value)
    if not WHOLE.fullmatch(text):
        raise ValidationError("Podaj liczbę całkowitą, na przykład 15.", code="bad_number")
    return int(text)


def read_decimal(value: object) -> Decimal:
    """A number not below zero with at most two decimals after a comma or a point."""
    if isinstance(value, float | int):
        value = f"{value:.2f}"
    text = read_text(value).replace(" ", "")
    if not DECIMAL.fullmatch(text):
        raise ValidationError("Podaj liczbę, na przykład 7,5.", code="bad_number")
    return Decimal(text.replace(",", "."))


def read_money(value: object) -> Decimal:
    """Złoty and grosze as `1234,50`, `1 234,50`, `1234.5` or `1234,50 zł`, not below zero."""
    if isinstance(value, float | int | Decimal):
        value = f"{value:.2f}"
    text = read_text(value).replace("\u202f", " ").removesuffix("zł").rstrip()
    match = MONEY.fullmatch(text)
    whole = match[1].replace(" ", "") if match else ""
    if not match or len(whole) > 9:
        raise ValidationError("Podaj kwotę w złotych, na przykład 1234,50.", code="bad_number")
    return Decimal(f"{whole}.{match[2] or '0'}").quantize(Decimal("0.01"))
