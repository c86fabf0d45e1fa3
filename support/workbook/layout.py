"""Where the table of a register is in a file: its header, its rows, what below them is no data."""

import re
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


class RegisterTable(NamedTuple):
    """`rows` begin with the header, whose number in the file is `header_row`.

    `left_out` are `(number, text)` of the rows that are no data; they stand empty in `rows`.
    """

    rows: list[list]
    header_row: int = 1
    left_out: tuple = ()


def table_in(rows: list[list], sheet: Sheet) -> RegisterTable:
    """The table among the rows of a file: below its titles, with whole names taken apart."""
    place = _header_place(rows, sheet)
    return RegisterTable(_names_apart(rows[place:], sheet), place + 1)


def _header_place(rows: list[list], sheet: Sheet) -> int:
    """The place of the row that names most columns; of the first filled one when none does."""
    named = [len(guessed(headers_of([row]), sheet)) for row in rows[:TITLES]]
    if max(named, default=0) > 1:
        return named.index(max(named))
    return next((place for place, row in enumerate(rows) if any(map(as_text, row))), 0)


def _names_apart(rows: list[list], sheet: Sheet) -> list[list]:
    """The rows with two columns in place of one of whole names."""
    headers = [meaning(as_text(cell), sheet) for cell in rows[0]] if rows else []
    place = next((place for place, name in enumerate(headers) if name in WHOLE_NAMES), None)
    parts = [PEOPLE.header("first_name"), PEOPLE.header("last_name")]
    has_names = set(parts) <= set(sheet.headers)
    if not has_names or place is None or {fold(part) for part in parts} & set(headers):
        return rows
    names = Person.objects.values_list("first_name", flat=True)
    known = {word for name in names for word in fold(name).split()}
    is_turned = WHOLE_NAMES[headers[place]]

    def apart(row: list) -> list:
        words = WrittenName.read(as_text(cell_at(row, place))).words
        names = split_name(" ".join(words), known, is_turned=is_turned)
        return [*row[:place], *names, *row[place + 1 :]]

    return [[*rows[0][:place], *parts, *rows[0][place + 1 :]], *map(apart, rows[1:])]


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
