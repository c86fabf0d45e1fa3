"""Saves a book without errors into a project, in a transaction of the caller."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from entities.models import Entity
from owes.models import User
from support.models import Enrolment, Project
from support.workbook import contract
from support.workbook.cells import as_text
from support.workbook.contract import SHEETS
from support.workbook.flat_contract import FLAT_SHEETS
from support.workbook.flat_saving import save_flat
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
    """`{sheet: rows by what became of them}`, and the codes of approved services it changed.

    `emptied` are `[code, column, value]` of the values that an empty cell stands for; `written`
    tells of every row in turn.
    """

    counts: dict
    approved: list
    emptied: list
    written: list

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


def save_book(
    book: Book,
    project: Project,
    reason: str,
    *,
    by: User | None = None,
    keeps_filled: bool = False,
) -> Outcome:
    """Makes the records of the project equal to the book.

    With `keeps_filled` an empty cell takes nothing away from what is known.

    Two imports of one project wait for each other. Raises `ValidationError` where something
    recorded in the program forbids it.
    """
    if book.errors:
        raise ValueError("A book with errors is never saved.")
    Project.objects.select_for_update().get(pk=project.pk)
    writer = Writer(reason, by=by, keeps_filled=keeps_filled, keeps_others=book.is_flat)
    if book.is_flat:
        flat_counts, approved = save_flat(writer, book, project)
        return Outcome(flat_counts, approved, _emptied(writer), writer.written)
    if book.only:
        alone = {book.only.name: _save_sheet(writer, book, project)}
        return Outcome(alone, [], _emptied(writer), writer.written)
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
    by_name = {sheet.name: counts[sheet] for sheet in SHEETS}
    outcome = Outcome(by_name, services.approved, _emptied(writer), writer.written)
    if outcome.total > MANY_ROWS:
        refresh_statistics(writer.models)
    return outcome


def _emptied(writer: Writer) -> list[list[str]]:
    """`[code, column, value]`, as the user reads them; one query at most."""
    keys = {key for model, key, *_ in writer.emptied if model is Enrolment}
    entities = dict(Entity.objects.filter(pk__in=keys).values_list("pk", "code")) if keys else {}
    return [
        [_code_of(key, entities), *_described(model, column, value)]
        for model, key, column, value in writer.emptied
    ]


def _code_of(key: Any, entities: dict[int, str]) -> str:
    if isinstance(key, tuple):
        return " ".join(part for part in key if isinstance(part, str))
    return entities.get(key, key)


def _described(model: type[Model], column: str, value: Any) -> tuple[str, str]:
    """The label of a column and its value; of one that leads to another record the label alone."""
    field = next(field for field in model._meta.concrete_fields if field.attname == column)
    return str(field.verbose_name), "" if field.is_relation else as_text(value)


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
    *FLAT_SHEETS,
]


def refresh_statistics(models: Iterable[type[Model]]) -> None:
    """An import makes the statistics old by which PostgreSQL plans the next queries."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
