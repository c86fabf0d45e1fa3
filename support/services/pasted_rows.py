"""Reads the text of rows copied from a spreadsheet: cells, columns, and the words of a name.

A row is a person and an entity: name, entity, then sex, phone and e-mail in that order, or in the
order of a header. A cell with line breaks is one cell. Titles before a name are left out; brackets
after a name hold a code of the register or a remark.
"""

import re
from typing import NamedTuple

from owes.folding import fold
from owes.lookups import typed

COLUMNS = ("name", "entity", "sex", "phone", "email")
# In `turned_name` the last name comes first.
HEADERS = {
    "name": ("osoba", "imie i nazwisko", "uczestnik", "przedstawiciel"),
    "turned_name": ("nazwisko i imie",),
    "first_name": ("imie",),
    "last_name": ("nazwisko",),
    "entity": ("podmiot", "organizacja", "nazwa podmiotu"),
    "sex": ("plec", "k/m"),
    "phone": ("telefon", "tel.", "nr telefonu"),
    "email": ("e mail", "email", "mail", "adres e mail"),
}
NAMES = {"name", "turned_name", "last_name"}
TITLES = {"dr", "hab", "prof", "mgr", "inz", "lic", "lek", "med", "mec", "ks", "pan", "pani", "p"}
# Words that meeting programs write after a name; they do not help to find the person.
REMARKS = {
    *("gosc", "guest", "niezweryfikowany", "niezweryfikowana", "unverified"),
    *("organizator", "gospodarz", "host", "external", "zewnetrzny", "zewnetrzna"),
}
BRACKET = re.compile(r"\(([^()]*)\)\s*$")
# A cell in quotes: it may hold line breaks, but no tab and no single quote sign.
QUOTED = re.compile(r'(^|[\t;])"((?:[^"\t;]|"")*)"(?=[\t;]|$)', re.MULTILINE)


class PastedRow(NamedTuple):
    """The number of its first line in the text, and its cells by column."""

    number: int
    cells: dict


def rows_of(text):
    """`PastedRow` of each row that is neither empty nor the header."""
    sign = "\t" if "\t" in text else ";"
    columns, is_first = COLUMNS, True
    for number, row in _joined(text):
        if not typed(row):
            continue
        cells = [typed(cell.replace("\v", " ")) for cell in row.split(sign)]
        header = _header(cells) if is_first else None
        is_first = False
        if header:
            columns = header
            continue
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        yield PastedRow(number, values)


def _joined(text):
    """`(number of the first line, row)`; a line break inside a cell becomes a vertical tab."""
    text = "\n".join(text.splitlines())

    def whole(match):
        return match[1] + match[2].replace('""', '"').replace("\n", "\v")

    number = 1
    for row in QUOTED.sub(whole, text).split("\n"):
        yield number, row
        number += 1 + row.count("\v")


def _header(cells):
    """The columns of the cells when the row is a header, else None."""
    names = {words: name for name, texts in HEADERS.items() for words in texts}
    columns = [names.get(fold(cell)) for cell in cells]
    return columns if NAMES & set(columns) else None


class WrittenName(NamedTuple):
    """A name as written: its words without titles, and the text in brackets after it."""

    words: list
    bracket: str = ""

    @classmethod
    def read(cls, text):
        bracket = ""
        while match := BRACKET.search(text):
            text, bracket = text[: match.start()], bracket or match[1].strip()
            if fold(bracket) in REMARKS:
                bracket = ""
        # Titles after a comma are titles too: "Nowak Adam, mgr inż.".
        words = text.replace(",", " , ").split()
        if "," in words and all(map(is_title, words[words.index(",") + 1 :])):
            words = words[: words.index(",")]
        words = [word for word in words if word != ","]
        while len(words) > 1 and is_title(words[0]):
            words = words[1:]
        return cls([_in_letters(word) for word in words], bracket)


def is_title(word):
    return fold(word).strip(" .") in TITLES


def _in_letters(word):
    """ŻÓRAWSKA becomes Żórawska, as names are written in the register."""
    return word.title() if word.isupper() and len(word) > 1 else word
