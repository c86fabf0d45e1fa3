"""How a whole number, a decimal and an amount of money are read."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from owes.parsing.text import read_text

WHOLE = re.compile(r"-?[0-9]{1,9}")
MONEY = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
DECIMAL = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?")


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
