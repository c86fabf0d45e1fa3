"""The good part of a file with errors: what may be saved without its bad rows.

A record is whole or not at all: a service with its terms and people, an entity with its statuses,
a person with those whom they represent. A bad row holds the others of its record back.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from owes.folding import fold
from support.workbook import contract
from support.workbook.contract import Sheet
from support.workbook.flat_contract import PRESENCES
from support.workbook.reader import Book, Error

MOST_PASSES = 20
WAITS = "Czeka na poprawę innego wiersza. "
# `(name of a sheet, number of a row)`.
Row = tuple[str, int]

# Sheets whose rows are of one record, with what names it.
CODE, SERVICE = attrgetter("code"), attrgetter("service")
WHOLE: tuple[dict[Sheet, Callable[[Any], Any]], ...] = (
    {contract.ENTITIES: CODE, contract.STATUSES: attrgetter("entity")},
    {contract.PEOPLE: CODE, contract.REPRESENTATIONS: attrgetter("person")},
    {contract.SERVICES: CODE, contract.SESSIONS: SERVICE, contract.ATTENDANCES: SERVICE},
    {contract.PARTNERSHIPS: CODE},
    {contract.ADOPTIONS: CODE},
    {contract.TRAININGS: attrgetter("staff_member", "topic")},
)


@dataclass
class Part:
    """The book of the good rows; the errors of the others, and rows that wait for these.

    `held` leads from a row without an error of its own to the bad one that it waits for.
    """

    book: Book
    errors: list[Error] = field(default_factory=list)
    held: dict[Row, Row] = field(default_factory=dict)

    @property
    def rows(self) -> set[Row]:
        """All rows that are not in the book."""
        bad = {(error.sheet, error.row) for error in self.errors}
        return bad | self.held.keys()  # type: ignore[return-value]

    def as_json(self) -> dict[str, Any]:
        """As the result of an import keeps it; empty of a whole file."""
        if not self.errors:
            return {}
        held = [[*row, waits_for(cause)] for row, cause in self.held.items()]
        return {
            "errors": [error._asdict() for error in self.errors],
            "held": held,
            "good": self.book.row_count,
            "bad": len(self.rows),
        }


def waits_for(cause: Row) -> str:
    return f"Czeka na poprawę wiersza {cause[1]} (arkusz „{cause[0]}”), bo to ten sam zapis."


def good_part(book: Book, read: Callable[[frozenset[Row]], Book]) -> Part | None:
    """What remains of a book with errors; None when its errors are of no rows.

    `read` answers the book without some rows. A row that spoke of one of these is bad in turn, so
    the file is read until it has no errors.
    """
    part = Part(book)
    for _ in range(MOST_PASSES):
        if not part.book.errors:
            return part
        if any(error.sheet is None or error.row is None for error in part.book.errors):
            return None
        if not part.book.rows:
            return None
        _leave_out(part)
        part.book = read(frozenset(part.rows))
    return None


def _leave_out(part: Part) -> None:
    """Takes the bad rows of the book out, with those that wait for them."""
    is_first = not part.errors
    for error in part.book.errors:
        told = error if is_first else error._replace(message=WAITS + error.message)
        part.errors.append(told)
    bad = {(error.sheet, error.row) for error in part.book.errors}
    for row, cause in _held_with(part.book, bad):  # type: ignore[arg-type]
        if row not in part.rows:
            part.held[row] = cause


def _held_with(book: Book, bad: set[Row]) -> Iterator[tuple[Row, Row]]:
    """`(row, the bad row that it waits for)`."""
    if book.only is PRESENCES:
        yield from _of_one_service(book, {number for _, number in bad})
        return
    if book.is_flat:
        return
    for sheets in WHOLE:
        causes: dict[Any, Row] = {}
        rows = [
            ((sheet.name, row.number), name_of(row))
            for sheet, name_of in sheets.items()
            for row in book[sheet]
        ]
        for row, code in rows:
            if row in bad and code:
                causes.setdefault(code, row)
        yield from ((row, causes[code]) for row, code in rows if code in causes)


def _of_one_service(book: Book, bad: set[int]) -> Iterator[tuple[Row, Row]]:
    """Rows of one number, or of one meeting: what a bad row does not tell may be equal."""
    rows = [row.cells for row in book.flat]
    causes: dict[tuple, int] = {}
    vague = []
    for cells in rows:
        if cells.number in bad:
            key = _service(cells)
            causes.setdefault(key, cells.number)
            if None in key:
                vague.append((key, cells.number))
    for cells in rows:
        key = _service(cells)
        cause = causes.get(key) or _first_alike(key, vague)
        if cause:
            yield (PRESENCES.name, cells.number), (PRESENCES.name, cause)


def _service(cells: Any) -> tuple:
    """Of a row with a number the number; else its meeting, None where it could not be read."""
    if cells.code:
        return (cells.code,)
    topic = None if cells.topic is None else fold(cells.topic)
    return (cells.code, cells.type, topic, cells.day or None)


def _first_alike(key: tuple, vague: Iterable[tuple[tuple, int]]) -> int | None:
    """The number of the first row that may be of the same service."""
    for other, number in vague:
        pairs = list(zip(key, other, strict=False))
        if len(key) == len(other) and all(None in pair or pair[0] == pair[1] for pair in pairs):
            return number
    return None
