"""Reading a flat sheet: its rows, with the entities, the person and the term of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import time
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from entities.models import Representation
from owes.parsing.hours import later, read_end, read_span
from support.models import Project
from support.models.session import term_between
from support.workbook import contract
from support.workbook.cells import Known, as_text
from support.workbook.contract import Sheet
from support.workbook.flat_contract import (
    DECLARATIONS,
    ENROLMENTS,
    FLAT_REPRESENTATIONS,
    FLAT_STATUSES,
    OF_WHOM_ENTITY,
    PRESENCES,
    SERVICE_COLUMNS,
)
from support.workbook.flat_registers import FlatRegisters, Reference, check_new_records
from support.workbook.flat_services import check_services
from support.workbook.flat_states import check_states
from support.workbook.reader import DAYS_IN_ORDER, ORDINARY_DAY, Book, Term, read_rows

# What two rows of the same records may say apart, and what they may not.
ONCE_OF = {FLAT_STATUSES: ("basis", "start"), FLAT_REPRESENTATIONS: ("role",)}
SAID = {
    FLAT_STATUSES: ("decision_number", "end"),
    FLAT_REPRESENTATIONS: ("start", "end"),
    ENROLMENTS: ("joined_on",),
    DECLARATIONS: ("signed_on",),
}
HOURS = ("start", "end", "hours", "break_minutes")


class FlatRow(NamedTuple):
    """A row of a flat sheet, whom it names, and the term of one with hours."""

    cells: Any
    entities: tuple[Reference, ...] = ()
    person: Reference | None = None
    term: Term | None = None


def read_flat(
    rows: list[list],
    sheet: Sheet,
    project: Project,
    missing: Collection[str] = frozenset(),
    header_row: int = 1,
    without: Collection[tuple[str, int]] = frozenset(),
) -> Book:
    """The book of a flat sheet; `rows` have its columns, `missing` are those the file has not.

    All of it is checked at once: a cell that cannot be read only keeps from what is made of it.
    """
    book = Book(only=sheet, project=project, missing=missing, without=without)
    book.rows = {each.name: [] for each in contract.SHEETS}
    body = filled_down(rows[1:]) if sheet is PRESENCES else rows[1:]
    cells = list(read_rows(book, sheet, body, Known.load(), header_row + 1))
    registers = FlatRegisters(book, sheet)
    for row in cells:
        term = _term(book, row) if sheet is PRESENCES else None
        entities, person = registers.entities_of(row), registers.person_of(row)
        book.flat.append(FlatRow(row, entities, person, term))
    _check_days(book, sheet)
    if sheet is PRESENCES:
        check_services(book)
    book.sort_errors()
    return book


def filled_down(rows: Iterable[list]) -> list[list]:
    """The rows of presences with what stands once for several: merged cells, or left empty.

    A row that says nothing of a service is of the one above; one that repeats its number has the
    rest of it from there.
    """
    width = len(SERVICE_COLUMNS)
    number = PRESENCES.headers.index(PRESENCES.header("code"))
    filled: list[list] = []
    above: list = []
    for row in rows:
        own = row[:width]
        says = any(map(as_text, row))
        if says and above:
            is_same = as_text(own[number]) and as_text(own[number]) == as_text(above[number])
            if is_same or not any(map(as_text, own)):
                own = _with_above(own, above)
        above = own if says else above
        filled.append([*own, *row[width:]])
    return filled


def _with_above(own: list, above: list) -> list:
    """Empty cells as above; one hour of its own means that all of them are."""
    places = [place for place, column in enumerate(SERVICE_COLUMNS) if column.field in HOURS]
    if any(as_text(own[place]) for place in places):
        above = ["" if place in places else cell for place, cell in enumerate(above)]
    return [cell if as_text(cell) else known for cell, known in zip(own, above, strict=True)]


def _term(book: Book, row: Any) -> Term | None:
    """The term of the row, or None after reporting why there is none."""
    if book.is_faulty(PRESENCES, row.number, HOURS):
        return None
    field = "end" if as_text(row.end) else "hours"
    try:
        start, end = _clock(row)
        if start is None:
            message = "Podaj godzinę początku albo godziny od–do."
            book.report(PRESENCES, row.number, "start", "required", message)
        elif end is None:
            message = "Podaj godzinę końca albo czas trwania."
            book.report(PRESENCES, row.number, "end", "required", message)
        else:
            field = "end"
            starts_at, ends_at, minutes = term_between(
                row.day or ORDINARY_DAY, start, end, row.break_minutes
            )
            return Term(starts_at, ends_at, row.break_minutes, minutes)
    except ValidationError as faults:
        errors = faults.error_dict if hasattr(faults, "error_dict") else {field: [faults]}
        for name, [error, *_] in errors.items():
            value = getattr(row, name)
            book.report(PRESENCES, row.number, name, error.code, error.message, value)
    return None


def _clock(row: Any) -> tuple[time | None, time | None]:
    """`(start, end)` of the hours of a row, of which a span or a length may stand in one cell."""
    start, minutes = row.start, None
    if as_text(row.hours):
        told, minutes = read_span(row.hours)
        start = told or start
    if as_text(row.end):
        return start, read_end(row.end, start)
    return start, later(start, minutes) if start and minutes else None


def _check_days(book: Book, sheet: Sheet) -> None:
    for other, first, last, message in DAYS_IN_ORDER:
        if other.name != sheet.name:
            continue
        for row in book.flat:
            start, end = getattr(row.cells, first), getattr(row.cells, last)
            if start and end and end < start:
                book.report(sheet, row.cells.number, last, "end_before_start", message, end)


def settle(book: Book) -> None:
    """What can be told of a flat sheet only when it is known whom it means.

    Reports new records that cannot be made and rows that say two things of one, and gives those
    present without an entity the only one that they are known to represent.
    """
    check_new_records(book)
    if book.only is PRESENCES:
        _represented(book)
        check_states(book)
    elif book.only:
        _check_alike(book, book.only)
    book.sort_errors()


def _represented(book: Book) -> None:
    code_of = {row.number: row.code for row in book[contract.PEOPLE]}
    links = Representation.objects.values_list("person__code", "entity__code")
    represented: dict[str, set[str]] = defaultdict(set)
    for person, entity in links:
        represented[person].add(entity)
    for place, row in enumerate(book.flat):
        is_faulty = book.is_faulty(PRESENCES, row.cells.number, OF_WHOM_ENTITY)
        if row.person not in code_of or row.entities or is_faulty:
            continue
        entities = represented[code_of[row.person]]
        if len(entities) == 1:
            book.flat[place] = row._replace(entities=tuple(entities))
            continue
        message = "Podaj podmiot, który ta osoba reprezentuje: rejestr nie mówi o jednym."
        book.report(PRESENCES, row.cells.number, "entity", "required", message)


def _check_alike(book: Book, sheet: Sheet) -> None:
    """Reports a row that says of the same records something else than an earlier one."""
    code_of = {
        register: {row.number: row.code or row.number for row in book[register]}
        for register in (contract.ENTITIES, contract.PEOPLE)
    }
    first_rows: dict[tuple, Any] = {}
    faulty = book.faulty_rows(sheet)
    for row in (row for row in book.flat if row.cells.number not in faulty):
        entities = [code_of[contract.ENTITIES].get(entity, entity) for entity in row.entities]
        person = code_of[contract.PEOPLE].get(row.person, row.person)
        own = [getattr(row.cells, name) for name in ONCE_OF.get(sheet, ())]
        first = first_rows.setdefault((person, *entities, *own), row.cells)
        said = [[getattr(cells, name) for name in SAID[sheet]] for cells in (first, row.cells)]
        if said[0] != said[1]:
            message = f"O tym samym co innego mówi wiersz {first.number}. Zostaw jeden z nich."
            book.report(sheet, row.cells.number, SAID[sheet][0], "duplicate", message)
