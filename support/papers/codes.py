"""The short code printed on every paper, by which a scan finds its way back to the record.

    code_of(Paper.SERVICE, project, service)   ->  "KD-3JXA-K"
    read("kd3jxak")                            ->  Code(paper, project id, (service id,))

The code holds all that it means; nothing is stored. It is two letters of the paper, the ids of the
project and of the record, and a check sign that finds one wrong sign and two swapped signs.
"""

import base64
import re
from dataclasses import dataclass

import qrcode
from django.db import models
from qrcode.image.svg import SvgPathImage

# No I, L, O, 0, 1. Their number must be prime for the check sign to find the mistakes above.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)
WEIGHT = 3  # its first thirty powers differ modulo 31: any two swapped signs are found
DIGITS = 15  # a sign below it ends a number, after one above it the number continues
LONGEST = 40
YEAR_ZERO, YEARS = 2000, 200
BLANK = 0  # the key of a paper printed without a record: no row has it
LARGEST = 2**53  # no id of ours; a larger number would be too much for a database
LOOK_ALIKES = str.maketrans("O0", "QQ")


class Paper(models.TextChoices):
    """A kind of paper; the value is how its code begins."""

    SERVICE = "KD", "karta usługi"
    COLLECTIVE = "KZ", "karta zbiorcza"
    ATTENDANCE = "TE", "lista obecności"
    MONTH = "ZG", "miesięczne zestawienie godzin"
    APPLICATION = "FZ", "formularz zgłoszeniowy"
    DECLARATION = "DU", "deklaracja uczestnika"
    ADOPTION = "WD", "oświadczenie o wdrożeniu"
    MEETING = "NS", "notatka ze spotkania"
    AGREEMENT = "PJ", "porozumienie z JST"
    CERTIFICATE = "ZA", "zaświadczenie"
    REGISTER = "RE", "rejestr"


KEYS = {
    Paper.SERVICE: ("service",),
    Paper.COLLECTIVE: ("entity", "staff_member", "year", "month"),
    Paper.ATTENDANCE: ("session",),
    Paper.MONTH: ("staff_member", "year", "month"),
    Paper.APPLICATION: ("entity",),
    Paper.DECLARATION: ("person",),
    Paper.ADOPTION: ("adoption",),
    Paper.MEETING: ("partnership",),
    Paper.AGREEMENT: ("partnership",),
    Paper.CERTIFICATE: ("certificate",),
    Paper.REGISTER: ("register",),
}


@dataclass(frozen=True)
class Code:
    paper: Paper
    project: int
    keys: tuple[int, ...]

    def __str__(self):
        return code_of(self.paper, self.project, *self.keys)

    @property
    def named(self):
        """The keys by name: `{"entity": 4, "staff_member": 2, "year": 2024, "month": 3}`."""
        return dict(zip(KEYS[self.paper], self.keys, strict=True))


def code_of(paper, project, *keys):
    """The code of a paper of the project; rows stand for their ids."""
    paper = Paper(paper)
    names = KEYS[paper]
    numbers = [getattr(key, "pk", key) for key in keys]
    if len(numbers) != len(names):
        raise ValueError(f"a code of {paper.name} takes {', '.join(names)}")
    if "year" in names:
        numbers[names.index("year")] -= YEAR_ZERO
    body = "".join(map(_signs, [getattr(project, "pk", project), *numbers]))
    parts = [body[start : start + 4] for start in range(0, len(body), 4)]
    return "-".join([paper.value, *parts, _check(paper.value + body)])


def read(text):
    """The `Code` of a text, however typed; None when it is no code or has a mistake."""
    signs = re.sub(r"[\s\u2010-\u2015-]", "", str(text)[: 2 * LONGEST]).upper()
    signs = signs.translate(LOOK_ALIKES)
    if not 4 <= len(signs) <= LONGEST or set(signs) - set(ALPHABET):
        return None
    prefix, body = signs[:2], signs[2:-1]
    if prefix not in Paper.values or signs[-1] != _check(prefix + body):
        return None
    paper, numbers = Paper(prefix), _numbers(body)
    names = KEYS[paper]
    if numbers is None or len(numbers) != len(names) + 1 or max(numbers) >= LARGEST:
        return None
    project, *keys = numbers
    if "year" in names:
        year, month = names.index("year"), names.index("month")
        if keys[year] >= YEARS or not 1 <= keys[month] <= 12:
            return None
        keys[year] += YEAR_ZERO
    return Code(paper, project, tuple(keys))


def qr(code):
    """The QR code for a printed page as SVG, as a `data:` URL."""
    picture = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_Q, image_factory=SvgPathImage
    )
    picture.add_data(str(code))
    svg = base64.b64encode(picture.make_image().to_string()).decode()
    return f"data:image/svg+xml;base64,{svg}"


def _signs(number):
    if number < 0:
        raise ValueError("a code holds no negative number")
    number, last = divmod(number, DIGITS)
    values = [last]
    while number:
        number, digit = divmod(number, DIGITS)
        values.append(DIGITS + digit)
    return "".join(ALPHABET[value] for value in reversed(values))


def _numbers(body):
    """The numbers of a code; None when they are not written as `_signs` would write them."""
    numbers, number, goes_on = [], 0, False
    for value in map(ALPHABET.index, body):
        if value == 2 * DIGITS or (value == DIGITS and not goes_on):
            return None
        number, goes_on = number * DIGITS + value % DIGITS, value >= DIGITS
        if not goes_on:
            numbers.append(number)
            number = 0
    return None if goes_on else numbers


def _check(signs):
    """The sign that makes the weighted sum of all signs zero; its own weight is one."""
    total = 0
    for sign in signs:
        total = (total + ALPHABET.index(sign)) * WEIGHT
    return ALPHABET[-total % BASE]
