"""The services of a flat sheet: which of its rows are of one, and what it says of each.

Rows with the same number are of one service. Where the file has no numbers, every meeting is a
service of its own: a type, a topic, advisers, a day and hours.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from owes.folding import fold
from support.models import Project, Session, StaffMember
from support.workbook.flat_contract import PRESENCES
from support.workbook.reader import Book, Term

# Columns in which the rows of one service may not differ.
ONCE = ("type", "topic", "advisers", "mode", "place", "activity", "state", "head_count")
EMPTY = (None, "", ())


@dataclass
class FlatService:
    """A service with its terms by day, its recipients, and who was present for whom on a day.

    `cells` are those of its first row; an empty one takes the value of a later row. `days` and
    `present` lead to the numbers of their rows, and `numbers` are those of all its rows.
    """

    cells: Any
    numbers: set[int] = field(default_factory=set)
    terms: dict[date, Term] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)
    recipients: dict[Any, None] = field(default_factory=dict)
    present: dict[tuple[date, Any, Any], int] = field(default_factory=dict)
    themes: dict[int, None] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        """By what one without a number is known in the project: it has one term."""
        [term] = self.terms.values()
        return self.cells.type, fold(self.cells.topic), term.starts_at


def services_of(book: Book) -> list[FlatService]:
    """The services in the order of the file."""
    services: dict[tuple, FlatService] = {}
    for row in book.flat:
        cells = row.cells
        key = ("number", cells.code) if cells.code else _meeting(row)
        service = services.setdefault(key, FlatService(cells))
        empty = [name for name in ONCE if getattr(service.cells, name) in EMPTY]
        lacking = {name: getattr(cells, name) for name in empty}
        service.cells = service.cells._replace(**lacking)
        service.numbers.add(cells.number)
        service.terms.setdefault(cells.day, row.term)
        service.days.setdefault(cells.day, cells.number)
        service.recipients |= dict.fromkeys(row.entities)
        service.themes |= dict.fromkeys(cells.themes or ())
        if row.person is not None and is_present(book, row):
            for entity in row.entities:
                service.present.setdefault((cells.day, row.person, entity), cells.number)
    return list(services.values())


def codes_known(services: list[FlatService], project: Project) -> list[list[str]]:
    """The codes of services of the project that each may be: one, but of equal ones or a new one.

    One without a number is known by its type, topic and start.
    """
    known: dict[tuple, list[str]] = defaultdict(list)
    if not all(service.cells.code for service in services):
        sessions = Session.objects.filter(service__project=project)
        columns = ("service__type", "service__topic", "starts_at", "service__code")
        for kind, topic, starts_at, code in sessions.values_list(*columns):
            known[kind, fold(topic), starts_at].append(code)
    return [
        [service.cells.code] if service.cells.code else sorted(known.get(service.key, []))
        for service in services
    ]


def _meeting(row: Any) -> tuple:
    cells = row.cells
    advisers = tuple(sorted(map(StaffMember.key, cells.advisers or ())))
    return cells.type, fold(cells.topic), advisers, cells.day, row.term


def is_present(book: Book, row: Any) -> bool:
    """A list of presences may say of everybody whether they came."""
    return "is_present" in book.missing or row.cells.is_present


def absences(book: Book) -> list[int]:
    """The numbers of the rows that say of a person that they did not come."""
    if book.only is not PRESENCES:
        return []
    told = (row for row in book.flat if row.person is not None and not is_present(book, row))
    return [row.cells.number for row in told]


def check_services(book: Book) -> None:
    """Reports rows of one service that say different things of it, and people for two entities."""
    told: dict[tuple[str, str], Any] = {}
    days: dict[tuple[str, date], Any] = {}
    for row in book.flat:
        cells = row.cells
        if row.person is not None and len(row.entities) > 1:
            message = "Przy osobie podaj jeden podmiot: ten, który w tym dniu reprezentuje."
            book.report(PRESENCES, cells.number, "entity", "unknown_reference", message)
        if not cells.code:
            continue
        for name in (name for name in ONCE if getattr(cells, name) not in EMPTY):
            first = told.setdefault((cells.code, name), cells)
            if getattr(first, name) != getattr(cells, name):
                message = f"Ta sama usługa ma w wierszu {first.number} co innego w tej kolumnie."
                book.report(PRESENCES, cells.number, name, "duplicate", message)
        if not cells.day:
            continue
        same_day = days.setdefault((cells.code, cells.day), row)
        if row.term and same_day.term and row.term != same_day.term:
            message = (
                f"Usługa ma już termin tego dnia w innych godzinach (wiersz "
                f"{same_day.cells.number}). Usługa ma jeden termin w dniu."
            )
            book.report(PRESENCES, cells.number, "day", "duplicate", message, cells.day)
