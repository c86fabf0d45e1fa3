"""How a value typed by a person is read: the same way in a form and in an import.

Every reader takes text (or the Excel value) and answers the value, or raises `ValidationError`
with a code the import reports. Only ASCII digits are digits: `int("٣")` is 3 for Python.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError

EARLIEST = date(1800, 1, 1)
LATEST = date(2199, 12, 31)

DOTTED_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?")
WHOLE = re.compile(r"-?[0-9]{1,9}")
MONEY = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
DECIMAL = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?")


def read_text(value):
    """Text without spaces at its ends; a hard space is a space."""
    return str(value).replace("\u00a0", " ").strip()


def read_date(value):
    """A day as `d.m.rrrr`, `rrrr-mm-dd` or an Excel date (its hour, if any, falls off)."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        text = read_text(value)
        if found := DOTTED_DATE.fullmatch(text):
            day, month, year = map(int, found.groups())
        elif found := ISO_DATE.fullmatch(text):
            year, month, day = map(int, found.groups())
        else:
            raise ValidationError("Podaj datę w postaci 05.04.2022.", code="bad_date")
        try:
            value = date(year, month, day)
        except ValueError:
            raise ValidationError(f"Nie ma takiego dnia: {text}.", code="bad_date") from None
    if not EARLIEST <= value <= LATEST:
        raise ValidationError("Rok jest spoza zakresu 1800–2199.", code="bad_date")
    return value


def read_time(value):
    """An hour of the day as `9:00`, `09:00`, `9.00` or an Excel time; seconds fall off."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = CLOCK.fullmatch(read_text(value))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValidationError("Podaj godzinę w postaci 09:00.", code="bad_time")
    return time(int(found[1]), int(found[2]))


def read_whole(value):
    """A whole number; Excel gives 15 as 15.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = read_text(value)
    if not WHOLE.fullmatch(text):
        raise ValidationError("Podaj liczbę całkowitą, na przykład 15.", code="bad_number")
    return int(text)


def read_decimal(value):
    """A number not below zero with at most two decimals after a comma or a point."""
    if isinstance(value, float | int):
        value = f"{value:.2f}"
    text = read_text(value).replace(" ", "")
    if not DECIMAL.fullmatch(text):
        raise ValidationError("Podaj liczbę, na przykład 7,5.", code="bad_number")
    return Decimal(text.replace(",", "."))


def read_money(value):
    """Złoty and grosze as `1234,50`, `1 234,50`, `1234.5` or `1234,50 zł`, not below zero."""
    if isinstance(value, float | int | Decimal):
        value = f"{value:.2f}"
    text = read_text(value).replace("\u202f", " ").removesuffix("zł").rstrip()
    found = MONEY.fullmatch(text)
    whole = found and found[1].replace(" ", "")
    if not found or len(whole) > 9:
        raise ValidationError("Podaj kwotę w złotych, na przykład 1234,50.", code="bad_number")
    return Decimal(f"{whole}.{found[2] or '0'}").quantize(Decimal("0.01"))
