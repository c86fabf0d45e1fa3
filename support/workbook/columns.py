"""Which column of a file is which of a register: known by its header, guessed, or chosen.

Headers are compared folded, without regard to case, diacritics and dashes.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from owes.folding import fold
from owes.parsing.headers import bare_header, whole_header
from support.workbook.cells import as_text
from support.workbook.contract import MISTAKE, Sheet

# What stands before a value that every row has, in place of the header of a column.
CONSTANT = "="
SAMPLES = 3
LONGEST_SAMPLE = 30
# Share of common letters from which one word is a slip of the other.
MISSPELT = 0.87
# Other words for a column of the registers, without qualifiers.
SYNONYMS = {
    "Kod": ("id", "identyfikator", "symbol"),
    "Nazwa": ("podmiot", "organizacja", "pelna nazwa"),
    "Forma prawna": ("forma",),
    "TERYT gminy": ("teryt", "kod teryt", "kod teryt gminy", "gmina teryt"),
    "Telefon": ("tel", "telefon komorkowy", "komorka"),
    "E-mail": ("email", "mail", "poczta elektroniczna"),
    "Miejscowość": ("miasto",),
    "Płeć": ("k/m",),
    "Data urodzenia": ("data ur", "urodzony", "urodzona"),
    "Data oświadczenia RODO": ("data rodo", "rodo"),
}


def cell_at(cells: Sequence[Any], place: int | None) -> Any:
    """The cell of a row; empty beyond its end and where there is no such column (None)."""
    return cells[place] if place is not None and place < len(cells) else ""


def headers_of(rows: list[list]) -> dict[str, str]:
    """`{folded header: header}` of the columns of a file, in order; the first of two equal ones.

    Columns without a header and the column of errors are left out.
    """
    headers: dict[str, str] = {}
    for cell in rows[0] if rows else ():
        text = as_text(cell)
        if text and fold(text) != fold(MISTAKE):
            headers.setdefault(fold(text), text)
    return headers


def fingerprint(headers: Iterable[str]) -> str:
    """The key of a set of headers, under which the choice of columns is remembered."""
    return hashlib.sha256("\n".join(sorted(headers)).encode()).hexdigest()


def are_recognised(headers: Iterable[str], sheet: Sheet) -> bool:
    return set(headers) == {fold(name) for name in sheet.headers}


def samples(rows: list[list]) -> dict[str, list[str]]:
    """`{folded header: first values that are not empty}`."""
    values_by_header: dict[str, list[str]] = {}
    for place, cell in enumerate(rows[0] if rows else ()):
        values: list[str] = []
        for row in rows[1:]:
            text = as_text(cell_at(row, place))
            if text and len(values) < SAMPLES:
                short = len(text) <= LONGEST_SAMPLE
                values.append(text if short else f"{text[: LONGEST_SAMPLE - 1]}…")
            if len(values) == SAMPLES:
                break
        values_by_header.setdefault(fold(as_text(cell)), values)
    return values_by_header


def meaning(header: str, sheet: Sheet) -> str:
    """The words of a header without those that only say whose the value is."""
    return bare_header(header, sheet.owners)


def guessed(headers: Iterable[str], sheet: Sheet) -> dict[str, str]:
    """`{header of the register: folded header of the file}`: equal ones first, then near ones.

    A header is taken for a column only when its words mean it: "Zgoda na e-mail" is no e-mail. Of
    two that mean one column none is guessed.
    """
    free = list(headers)
    guesses: dict[str, str] = {}
    for find in (_equal, _said, _of_one_meaning, _near):
        for name in sheet.headers:
            if name not in guesses and (match := find(name, free, sheet)):
                guesses[name] = match
                free.remove(match)
    return guesses


def _equal(name: str, headers: list[str], sheet: Sheet) -> str | None:
    return fold(name) if fold(name) in headers else None


def _said(name: str, headers: list[str], sheet: Sheet) -> str | None:
    """A header that says another word of the column, all of it: "Godz. do" is no length."""
    words = sheet.words.get(name, ())
    found = [header for header in headers if whole_header(header) in words]
    return found[0] if len(found) == 1 else None


def _of_one_meaning(name: str, headers: list[str], sheet: Sheet) -> str | None:
    words = sheet.words if sheet.words else SYNONYMS
    meanings = {meaning(name, sheet), *words.get(name, ())} - {""}
    found = [header for header in headers if {header, meaning(header, sheet)} & meanings]
    return found[0] if len(found) == 1 else None


def _near(name: str, headers: list[str], sheet: Sheet) -> str | None:
    """A header with a slip or another ending: "telefony"."""
    wanted = meaning(name, sheet)
    meanings = {header: meaning(header, sheet) for header in headers}
    if wanted in meanings.values():  # two of the very meaning: the user says which
        return None
    close = get_close_matches(wanted, sorted(set(meanings.values())), 2, MISSPELT)
    found = [header for header, its in meanings.items() if its in close]
    return found[0] if len(found) == 1 else None


def matched(rows: list[list], sheet: Sheet, columns: Mapping[str, str]) -> list[list]:
    """The rows with the columns of the register; `columns` is `{its header: header of the file}`.

    A column that the file does not have is empty; columns that the register has not are dropped.
    """
    headers = [fold(as_text(cell)) for cell in rows[0]]
    chosen = [columns.get(name, "") for name in sheet.headers]
    wanted = ["" if name.startswith(CONSTANT) else fold(name) for name in chosen]
    places = [headers.index(name) if name and name in headers else None for name in wanted]
    return [sheet.headers, *([cell_at(row, place) for place in places] for row in rows[1:])]


def with_constants(rows: list[list], sheet: Sheet, columns: Mapping[str, str]) -> list[list]:
    """The rows of the register with the values that were chosen for every row that is filled."""
    chosen = [columns.get(name, "") for name in sheet.headers]
    constants = [name[1:] if name.startswith(CONSTANT) else "" for name in chosen]
    if not any(constants):
        return rows
    return [
        rows[0],
        *(
            [constant or cell for constant, cell in zip(constants, row, strict=True)]
            if any(map(as_text, row))
            else row
            for row in rows[1:]
        ),
    ]


def missing_from(columns: Collection[str], sheet: Sheet) -> frozenset[str]:
    """Names of the fields that the file does not have: what is known of them stays."""
    return frozenset(column.field for column in sheet.columns if column.header not in columns)
