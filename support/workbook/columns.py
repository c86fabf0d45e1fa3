"""Which column of a file is which of a register: known by its header, guessed, or told.

Headers are compared folded, without regard to case, diacritics and dashes.
"""

import hashlib
from difflib import get_close_matches

from owes.folding import fold
from support.workbook.contract import MISTAKE, as_text

SAMPLES = 3
LONGEST_SAMPLE = 30


def headers_of(rows):
    """`{folded header: header}` of the columns of a file, in their order; of two alike the first.

    A column without a header, and the one a file came back with, are none of them.
    """
    found = {}
    for cell in rows[0] if rows else ():
        text = as_text(cell)
        if text and fold(text) != fold(MISTAKE):
            found.setdefault(fold(text), text)
    return found


def fingerprint(headers):
    """Of the set of headers, by which the answer about them is remembered."""
    return hashlib.sha256("\n".join(sorted(headers)).encode()).hexdigest()


def are_recognised(headers, sheet):
    return set(headers) == {fold(name) for name in sheet.headers}


def samples(rows):
    """`{folded header: first values}` that are not empty."""
    found = {}
    for place, cell in enumerate(rows[0] if rows else ()):
        values = []
        for row in rows[1:]:
            text = as_text(row[place]) if place < len(row) else ""
            if text and len(values) < SAMPLES:
                short = len(text) <= LONGEST_SAMPLE
                values.append(text if short else f"{text[: LONGEST_SAMPLE - 1]}…")
            if len(values) == SAMPLES:
                break
        found.setdefault(fold(as_text(cell)), values)
    return found


def guessed(headers, sheet):
    """`{header of the register: folded header of the file}`: equal ones first, then near ones.

    A column of the file is guessed once.
    """
    free, found = list(headers), {}
    for alike in (_equal, _part_of, _near):
        for name in sheet.headers:
            if name not in found and (match := alike(fold(name), free)):
                found[name] = match
                free.remove(match)
    return found


def _equal(name, headers):
    return name if name in headers else None


def _part_of(name, headers):
    """A header that has all the words of the other: "telefon" and "telefon kontaktowy"."""
    words = set(name.split())
    return next(
        (one for one in headers if words <= set(one.split()) or set(one.split()) <= words), None
    )


def _near(name, headers):
    return next(iter(get_close_matches(name, headers, 1, 0.75)), None)


def matched(rows, sheet, columns):
    """The rows as the register has them; `columns` is `{its header: header of the file}`.

    A column that the file does not have is empty under its header; the file's others are left.
    """
    header = [fold(as_text(cell)) for cell in rows[0]]
    wanted = [fold(columns.get(name, "")) for name in sheet.headers]
    places = [header.index(name) if name and name in header else None for name in wanted]
    return [
        sheet.headers,
        *(
            [row[place] if place is not None and place < len(row) else "" for place in places]
            for row in rows[1:]
        ),
    ]


def missing_from(columns, sheet):
    """Names of the fields that the file does not have: what is known of them stays."""
    return frozenset(one.field for one in sheet.columns if one.header not in columns)
