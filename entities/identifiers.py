"""Numbers of registers as people write them: one reader each, for forms and for imports.

A reader answers the number as it is kept (digits only; a postal code with its dash), or raises
`ValidationError` whose code the import reports. The check digits are python-stdnum's, which takes
a row of zeros for right, so zeros are refused here. A KRS number has no check digit. Numbers and
postal codes of a file may lack the zeros in front; of what is typed a postal code is asked whole.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.pl import nip, regon

DIGITS = re.compile(r"[0-9]+")
POSTAL_CODE = re.compile(r"([0-9]{2})\s*[–-]?\s*([0-9]{3})")


def _digits(value: object, code: str, message: str) -> str:
    """The digits of a number typed with spaces and dashes, or taken from Excel as a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = re.sub(r"[\s\u00a0–-]", "", str(value))
    if not DIGITS.fullmatch(text) or not text.strip("0"):
        raise ValidationError(message, code=code)
    return text


BAD_KRS = "Numer KRS ma 10 cyfr, na przykład 0000098765."


def _check(module: Any, text: str, code: str, message: str) -> str:
    try:
        return module.validate(text)
    except WrongNumber:
        raise ValidationError(message, code=code) from None


def read_nip(value: object) -> str:
    if isinstance(value, str):
        value = re.sub(r"^\s*PL", "", value.replace("\u00a0", " "), flags=re.IGNORECASE)
    text = _digits(value, "bad_nip", "NIP ma 10 cyfr, na przykład 123-456-32-18.")
    if len(text) != 10:
        raise ValidationError("NIP ma 10 cyfr, na przykład 123-456-32-18.", code="bad_nip")
    return _check(
        nip,
        text,
        "bad_nip",
        "Ostatnia cyfra numeru NIP się nie zgadza. Sprawdź numer z dokumentem.",
    )


def read_regon(value: object) -> str:
    """9 digits, or 14 for a local unit; 14 digits that end in 00000 are kept as the first 9."""
    text = _digits(value, "bad_regon", "REGON ma 9 albo 14 cyfr.")
    if 7 <= len(text) <= 8:
        text = text.zfill(9)
    elif 10 <= len(text) <= 13:
        text = text.zfill(14)
    if len(text) == 14 and text.endswith("00000"):
        text = text[:9]
    if len(text) not in (9, 14):
        raise ValidationError("REGON ma 9 albo 14 cyfr.", code="bad_regon")
    return _check(
        regon,
        text,
        "bad_regon",
        "Cyfra kontrolna numeru REGON się nie zgadza. Sprawdź numer z dokumentem.",
    )


def read_krs(value: object) -> str:
    """Whole, with its first zeros: `12` may be anything."""
    text = _digits(value, "bad_krs", BAD_KRS)
    if len(text) != 10:
        raise ValidationError(BAD_KRS, code="bad_krs")
    return text


def read_file_krs(value: object) -> str:
    """Of a file, where a number has lost its first zeros."""
    return read_krs(_digits(value, "bad_krs", BAD_KRS).zfill(10))


def read_postal_code(value: object) -> str:
    """`09-402` or `09402`; spaces beside the dash do not matter."""
    match = POSTAL_CODE.fullmatch(str(value).strip())
    if not match or not "".join(match.groups()).strip("0"):
        message = "Podaj kod pocztowy w postaci 09-402: dwie cyfry, kreska, trzy cyfry."
        raise ValidationError(message, code="bad_postal_code")
    return "-".join(match.groups())


def read_file_postal_code(value: object) -> str:
    """Of a file, where a number has lost its first zero."""
    text = _digits(value, "bad_postal_code", "Kod pocztowy ma pięć cyfr, jak 09-402.")
    return read_postal_code(text.zfill(5) if len(text) == 4 else text)


def read_teryt(value: object) -> str:
    """A TERYT code with its first zero back; whether it exists, `TerytCode` knows."""
    text = _digits(value, "unknown_teryt", "Kod TERYT gminy ma 7 cyfr.")
    return text.zfill(len(text) + 1) if len(text) in (1, 3, 6) else text


def _validator(read: Callable[[str], str]) -> Callable[[str], None]:
    """A model's validator: the value must already be as `read` keeps it."""

    def validate(value: str) -> None:
        if read(value) != value:
            raise ValidationError("Numer zapisano w niewłaściwej postaci.", code="bad_form")

    return validate


def validate_nip(value: str) -> None:
    _validator(read_nip)(value)


def validate_regon(value: str) -> None:
    _validator(read_regon)(value)


def validate_krs(value: str) -> None:
    _validator(read_krs)(value)


def validate_postal_code(value: str) -> None:
    _validator(read_postal_code)(value)
