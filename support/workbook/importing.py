"""Saves a book without errors into a project, in a transaction of the caller."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from entities.models import Entity
from support.models import Project
from support.workbook import contract
from support.workbook.contract import SHEETS
from support.workbook.projects import (
    save_adoptions,
    save_partnerships,
    save_services,
    save_trainings,
)
from support.workbook.reader import Book
from support.workbook.registers import (
    save_entities,
    save_people,
    save_representations,
    save_statuses,
)
from support.workbook.writing import Writer

CHANGES = {
    "created": "nowe",
    "changed": "zmienione",
    "unchanged": "bez zmian",
    "deleted": "usunięte",
}
MANY_ROWS = 1000


@dataclass(frozen=True)
class Outcome:
    """`{sheet: rows by what became of them}`, and the codes of approved services it changed."""

    counts: dict
    approved: list

    def lines(self) -> Iterator[str]:
        for sheet, counts in self.counts.items():
            words = ", ".join(
                f"{label} {counts[change]}"
                for change, label in CHANGES.items()
                if change != "deleted" or counts[change]
            )
            yield f"{sheet}: {words}"

    @property
    def total(self) -> int:
        """How many rows were written."""
        written = CHANGES.keys() - {"unchanged"}
        return sum(counts[change] for counts in self.counts.values() for change in written)


def save_book(book: Book, project: Project, reason: str) -> Outcome:
    """Makes the records of the project equal to the book.

    Two imports of one project wait for each other. Raises `ValidationError` where something
    recorded in the program forbids it.
    """
    if book.errors:
        raise ValueError("A book with errors is never saved.")
    Project.objects.select_for_update().get(pk=project.pk)
    writer = Writer(reason)
    if book.only:
        return Outcome({book.only.name: _save_sheet(writer, book, project)}, [])
    entities, entity_counts = save_entities(writer, book, project)
    people, people_counts = save_people(writer, book, project)
    counts = {
        contract.ENTITIES: entity_counts,
        contract.STATUSES: save_statuses(writer, book, entities),
        contract.PEOPLE: people_counts,
        contract.REPRESENTATIONS: save_representations(writer, book, entities, people),
    }
    services = save_services(writer, book, project, entities, people)
    counts |= services.counts
    counts[contract.PARTNERSHIPS] = save_partnerships(writer, book, project, entities)
    counts[contract.ADOPTIONS] = save_adoptions(writer, book, project, entities, services.ids)
    counts[contract.TRAININGS] = save_trainings(writer, book, project)
    outcome = Outcome({sheet.name: counts[sheet] for sheet in SHEETS}, services.approved)
    if outcome.total > MANY_ROWS:
        refresh_statistics(writer.models)
    return outcome


def _save_sheet(writer: Writer, book: Book, project: Project) -> Counter[str]:
    """One register beside what is known of the others; answers the counts of its rows."""
    match book.only:
        case contract.ENTITIES:
            return save_entities(writer, book, project)[1]
        case contract.PEOPLE:
            return save_people(writer, book, project)[1]
        case contract.TRAININGS:
            return save_trainings(writer, book, project)
    entities = dict(Entity.objects.values_list("code", "pk"))
    if book.only == contract.PARTNERSHIPS:
        return save_partnerships(writer, book, project, entities)
    services = dict(project.services.values_list("code", "pk"))
    return save_adoptions(writer, book, project, entities, services)


# Registers that may be imported alone, without the sheets that refer to them.
ALONE = [
    contract.ENTITIES,
    contract.PEOPLE,
    contract.PARTNERSHIPS,
    contract.ADOPTIONS,
    contract.TRAININGS,
]


def refresh_statistics(models: Iterable[type[Model]]) -> None:
    """An import makes the statistics old by which PostgreSQL plans the next queries."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
