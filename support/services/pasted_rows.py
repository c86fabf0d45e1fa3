"""Reads the text of rows copied from a spreadsheet: cells, columns, and the words of a name.

A row is a person and an entity: name, entity, then sex, phone and e-mail in that order, or in the
order of a header. A cell with line breaks is one cell.
"""

import re
from typing import NamedTuple

from owes.folding import fold
from owes.lookups import typed
from owes.parsing.headers import bare_header

COLUMNS = ("name", "entity", "sex", "phone", "email")
# In `turned_name` the last name comes first.
HEADERS = {
    "name": (
        *("osoba", "imie i nazwisko", "uczestnik", "przedstawiciel", "pseudonim"),
        *("nazwa uzytkownika", "nazwa uczestnika", "name", "full name", "display name"),
        *("name original name", "nazwa oryginalna nazwa"),
    ),
    "turned_name": ("nazwisko i imie",),
    "first_name": ("imie", "first name"),
    "last_name": ("nazwisko", "last name"),
    "entity": (
        *("podmiot", "organizacja", "nazwa podmiotu", "nazwa organizacji", "instytucja"),
        *("reprezentowany podmiot", "reprezentowana organizacja"),
    ),
    "sex": ("plec", "k/m"),
    "phone": ("telefon", "tel", "telefonu"),
    "email": ("e mail", "email", "mail", "user email"),
}
NAMES = {"name", "turned_name", "last_name"}
OWNERS = {"uczestnika", "uczestniczki", "osoby", "przedstawiciela", "twoje"}
# Words of a row that is a header, though no column of it is known for a name.
HEADER_WORDS = {
    *("imie", "nazwisko", "nazwa", "uczestnik", "e", "mail", "email", "czas", "data", "telefon"),
    *("plec", "podmiot", "organizacja", "rola", "sygnatura", "lp"),
}
ODD_HEADER = (
    "Pierwszy wiersz wygląda na nagłówek, ale nie mówi, gdzie jest imię i nazwisko. Nazwij "
    "kolumny: Imię i nazwisko, Podmiot, Płeć, Telefon, E-mail; pozostałe pominiemy."
)
TITLES = 6  # rows among which the header is looked for
# A cell in quotes: it may hold line breaks, but no tab and no single quote sign.
QUOTED = re.compile(r'(^|[\t;])"((?:[^"\t;]|"")*)"(?=[\t;]|$)', re.MULTILINE)


class PastedRow(NamedTuple):
    """The number of its first line in the text, its cells by column, what is wrong with it."""

    number: int
    cells: dict
    error: str = ""


def rows_of(text):
    """`PastedRow` of each row that is neither empty nor the header, nor a title above it."""
    sign = "\t" if "\t" in text else ";"
    columns, is_first = COLUMNS, True
    rows = [
        (number, [typed(cell.replace("\v", " ")) for cell in row.split(sign)])
        for number, row in _joined(text)
        if typed(row)
    ]
    for number, cells in _below_titles(rows):
        header = header_of(cells) if is_first else None
        error = ODD_HEADER if is_first and _is_odd_header(cells) else ""
        is_first = False
        if header:
            columns = header
            continue
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        yield PastedRow(number, values, error)


def _below_titles(rows):
    """The rows from the header on, when nothing but titles of one cell stands above it."""
    found = (place for place, (_, cells) in enumerate(rows[:TITLES]) if header_of(cells))
    place = next(found, 0)
    has_titles = all(sum(map(bool, cells)) == 1 for _, cells in rows[:place])
    return rows[place:] if has_titles else rows


def _joined(text):
    """`(number of the first line, row)`; a line break inside a cell becomes a vertical tab."""
    text = "\n".join(text.splitlines())

    def whole(match):
        return match[1] + match[2].replace('""', '"').replace("\n", "\v")

    number = 1
    for row in QUOTED.sub(whole, text).split("\n"):
        yield number, row
        number += 1 + row.count("\v")


def header_of(cells):
    """The columns of the cells when the row is a header, else None."""
    names = {words: name for name, texts in HEADERS.items() for words in texts}
    columns = [names.get(fold(cell)) or names.get(bare_header(cell, OWNERS)) for cell in cells]
    return columns if NAMES & set(columns) else None


def _is_odd_header(cells):
    """Whether each of the cells, two or more, says what a column holds."""
    filled = [set(fold(cell).replace(".", " ").split()) for cell in cells if cell]
    return len(filled) > 1 and all(words & HEADER_WORDS for words in filled)
