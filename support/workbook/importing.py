"""A book without errors saved into a project, in one transaction of the caller's."""

from dataclasses import dataclass

from django.db import connection

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
from support.workbook.registers import (
    save_entities,
    save_people,
    save_representations,
    save_statuses,
)
from support.workbook.writing import Writer

FATES = {
    "created": "nowe",
    "changed": "zmienione",
    "unchanged": "bez zmian",
    "deleted": "usunięte",
}
MANY_ROWS = 1000


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of each sheet, and the approved services that were changed."""

    fates: dict
    approved: list

    def lines(self):
        for sheet, fates in self.fates.items():
            counts = ", ".join(
                f"{label} {fates[fate]}"
                for fate, label in FATES.items()
                if fate != "deleted" or fates[fate]
            )
            yield f"{sheet}: {counts}"

    @property
    def total(self):
        """How many rows were written."""
        written = set(FATES) - {"unchanged"}
        return sum(fates[fate] for fates in self.fates.values() for fate in written)


def save_book(book, project, reason):
    """Brings the project to the book; two imports of one project wait for each other.

    Raises `ValidationError` where something recorded in the program forbids it.
    """
    if book.errors:
        raise ValueError("A book with errors is never saved.")
    Project.objects.select_for_update().get(pk=project.pk)
    writer = Writer(reason)
    if book.only:
        return Outcome({book.only.name: _save_sheet(writer, book, project)}, [])
    entities, entity_fates = save_entities(writer, book, project)
    people, people_fates = save_people(writer, book, project)
    fates = {
        contract.ENTITIES: entity_fates,
        contract.STATUSES: save_statuses(writer, book, entities),
        contract.PEOPLE: people_fates,
        contract.REPRESENTATIONS: save_representations(writer, book, entities, people),
    }
    services = save_services(writer, book, project, entities, people)
    fates |= services.fates
    fates[contract.PARTNERSHIPS] = save_partnerships(writer, book, project, entities)
    fates[contract.ADOPTIONS] = save_adoptions(writer, book, project, entities, services.ids)
    fates[contract.TRAININGS] = save_trainings(writer, book, project)
    outcome = Outcome({sheet.name: fates[sheet] for sheet in SHEETS}, services.approved)
    if outcome.total > MANY_ROWS:
        refresh_statistics(writer.models)
    return outcome


def _save_sheet(writer, book, project):
    """One register, to what is known of the others; its fates."""
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


# Those that may be imported alone, without the sheets that hang on them.
ALONE = [
    contract.ENTITIES,
    contract.PEOPLE,
    contract.PARTNERSHIPS,
    contract.ADOPTIONS,
    contract.TRAININGS,
]


def refresh_statistics(models):
    """PostgreSQL plans the next counts by sizes that an import has made old."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
