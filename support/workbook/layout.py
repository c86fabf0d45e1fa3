"""Where the table of a register is in a file: its header, its rows, what below them is no data."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from entities.models import Person
from entities.written_names import WrittenName, split_name
from owes.folding import fold
from support.workbook.cells import as_text
from support.workbook.columns import cell_at, guessed, headers_of, meaning
from support.workbook.contract import PEOPLE, Sheet
from support.workbook.text_files import TITLES

# How the rows below a table begin that are no records: totals, footnotes, signatures.
NO_DATA = re.compile(
    r"(?:razem|suma|ogolem|lacznie|w sumie|podsumowanie|uwag[ai]|zrodlo|sporzadzil[ao]?|stan na"
    r"|legenda|objasnienia)\b|\*"
)
# A header of whole names: True where the last name comes first, None where it is not told.
WHOLE_NAMES: dict[str, bool | None] = {"imie i nazwisko": False, "nazwisko i imie": True}
OF_PEOPLE = ("uczestnika", "uczestniczki", "osoby", "przedstawiciela", "reprezentanta")
WHOLE_NAMES |= {
    f"{name} {owner}": is_turned
    for name, is_turned in list(WHOLE_NAMES.items())
    for owner in OF_PEOPLE
} | dict.fromkeys(("osoba", "uczestnik", "uczestniczka", "przedstawiciel"))


SHOWN = 5  # rows that show how a file was read


class RegisterTable(NamedTuple):
    """`rows` begin with the header, whose number in the file is `header_row`.

    `left_out` are `(number, text)` of the rows that are no data; they stand empty in `rows`.
    `maiden_names` are those that whole names tell: `{number of a row: name}`.
    """

    rows: list[list]
    header_row: int = 1
    left_out: tuple = ()
    maiden_names: Mapping[int, str] = MappingProxyType({})


def table_in(rows: list[list], sheet: Sheet) -> RegisterTable:
    """The table among the rows of a file: below its titles, with whole names taken apart."""
    place = _header_place(rows, sheet)
    return _names_apart(RegisterTable(rows[place:], place + 1), sheet)


def named_columns(rows: list[list], sheet: Sheet) -> int:
    """How many columns of the register the best row of headers names, whole names too."""
    named = max(_named(rows, sheet), default=0)
    meanings = (meaning(as_text(cell), sheet) for row in rows[:TITLES] for cell in row)
    return named + any(name in WHOLE_NAMES for name in meanings)


def _named(rows: list[list], sheet: Sheet) -> list[int]:
    return [len(guessed(headers_of([row]), sheet)) for row in rows[:TITLES]]


def _header_place(rows: list[list], sheet: Sheet) -> int:
    """The place of the row that names most columns; of the first filled one when none does."""
    named = _named(rows, sheet)
    if max(named, default=0) > 1:
        return named.index(max(named))
    return next((place for place, row in enumerate(rows) if any(map(as_text, row))), 0)


class Line(NamedTuple):
    """A row of a file as it was read; `is_header` of that which names the columns."""

    number: int
    cells: list[str]
    is_header: bool


def first_lines(table: RegisterTable) -> list[Line]:
    """The rows that show how a file was read: its header and some below it."""
    lines = [(table.header_row + place, row) for place, row in enumerate(table.rows[:SHOWN])]
    return [
        Line(number, [as_text(cell) for cell in row], number == table.header_row)
        for number, row in lines
        if any(map(as_text, row))
    ]


def _names_apart(table: RegisterTable, sheet: Sheet) -> RegisterTable:
    """The table with two columns in place of one of whole names."""
    rows = table.rows
    headers = [meaning(as_text(cell), sheet) for cell in rows[0]] if rows else []
    place = next((place for place, name in enumerate(headers) if name in WHOLE_NAMES), None)
    parts = [PEOPLE.header("first_name"), PEOPLE.header("last_name")]
    has_names = set(parts) <= set(sheet.headers)
    if not has_names or place is None or {fold(part) for part in parts} & set(headers):
        return table
    first_names = Person.objects.values_list("first_name", flat=True)
    known = {word for name in first_names for word in fold(name).split()}
    is_turned = WHOLE_NAMES[headers[place]]

    maiden_names = {}
    apart = [[*rows[0][:place], *parts, *rows[0][place + 1 :]]]
    for number, row in enumerate(rows[1:], table.header_row + 1):
        written = WrittenName.read(as_text(cell_at(row, place)))
        names = split_name(" ".join(written.words), known, is_turned=is_turned)
        apart.append([*row[:place], *names, *row[place + 1 :]])
        if written.maiden:
            maiden_names[number] = written.maiden
    return table._replace(rows=apart, maiden_names=maiden_names)


def without_totals(table: RegisterTable, sheet: Sheet) -> RegisterTable:
    """The table without the rows at its end that are no data; columns are those of the sheet."""
    needed = [sheet.headers.index(name) for name in sheet.required_alone]
    rows, left_out = list(table.rows), []
    for place in range(len(rows) - 1, 0, -1):
        text = next(filter(None, map(as_text, rows[place])), "")
        is_whole = bool(needed) and all(as_text(cell_at(rows[place], column)) for column in needed)
        if text and (is_whole or not NO_DATA.match(fold(text))):
            break
        if text:
            left_out.append((table.header_row + place, text))
        rows[place] = []
    return table._replace(rows=rows, left_out=tuple(reversed(left_out)))
