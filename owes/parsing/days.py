"""How a day, or several of them, is read."""

import re
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone

from owes.folding import fold
from owes.parsing.text import read_text

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
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
        raise ValidationError("Rok jest spoza zakresu 1900–2100.", code="bad_date")
    return day


def day_and_month(day: date) -> str:
    """5 kwietnia, as spoken of in a sentence."""
    return dateformat.format(day, "j E")
