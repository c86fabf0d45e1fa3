"""Marks of what changed (`indicators/counting/triggers.py`), and the candidates they lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Max, Q

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.judging import Keys, day_of_database
from indicators.models.judgement import ChangeMark
from support.models import Attendance, Project, Recipient, Service, Session, StaffMember

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

MOST_READ = 2000
MOST_KEYS = 400  # with more, judging all takes no longer


class Mark(NamedTuple):
    """A mark that was read; as in `ChangeMark`."""

    project: int
    kind: str
    key: int | None
    day: date | None


def take_marks(project: Project) -> list[Mark]:
    """Deletes the marks of a project and returns them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {ChangeMark._meta.db_table} WHERE project_id = %s "
            "RETURNING project_id, kind, key, day",
            [project.pk],
        )
        return [
            Mark(owner, kind, key, day_of_database(day))
            for owner, kind, key, day in cursor.fetchall()
        ]


def newest_mark() -> int:
    return ChangeMark.objects.aggregate(newest=Max("pk"))["newest"] or 0


def pending_marks(projects: Collection[int]) -> list[Mark]:
    """Marks of the projects that are not judged yet, those of this transaction too."""
    return _read(ChangeMark.objects.filter(project_id__in=projects))


def marks_since(mark: int, projects: Collection[int]) -> list[Mark]:
    """Marks made by this transaction after `mark`: of the others, none is ours to explain."""
    rows = ChangeMark.objects.filter(project_id__in=projects, pk__gt=mark)
    if connection.vendor == "postgresql":
        rows = rows.extra(where=["writer = txid_current()"])
    return _read(rows)


def _read(rows):
    """Very many, of an import, are read as one mark of each whole project."""
    marks = rows.order_by().values_list("project_id", "kind", "key", "day")
    read = [Mark(*row) for row in marks[: MOST_READ + 1]]
    if len(read) <= MOST_READ:
        return read
    projects = rows.order_by().values_list("project_id", flat=True).distinct()
    return [Mark(project, ChangeMark.Kind.PROJECT, None, None) for project in projects]


def services_of(marks: Iterable[Mark]) -> set[int] | None:
    """The services whose work changes may move; None is all."""
    kinds = ChangeMark.Kind
    marks = list(marks)
    if any(mark.kind == kinds.PROJECT for mark in marks):
        return None
    services = {mark.key for mark in marks if mark.kind == kinds.SERVICE and mark.key}
    return services if len(services) <= MOST_KEYS else None


def spread(scope: Scope, marks: Collection[Mark]) -> dict[type, Keys] | None:
    """The candidates that changes may move, by model; None is all.

    At most five queries, and one more of a project with indicators of sessions. What a changed row
    led to before has marks of its own.
    """
    kinds, project = ChangeMark.Kind, scope.project
    by_kind: dict[str, set[int]] = {kind: set() for kind in kinds}
    for mark in marks:
        by_kind[mark.kind].add(mark.key or 0)
    if by_kind[kinds.PROJECT] or sum(map(len, by_kind.values())) > MOST_KEYS:
        return None
    services, registered = by_kind[kinds.SERVICE], by_kind[kinds.REGISTERED]
    people = by_kind[kinds.PERSON]
    entities = by_kind[kinds.ENTITY] | registered
    came = Attendance.objects.filter(session__service__project=project).order_by()
    if services or registered:
        present = came.filter(Q(session__service__in=services) | Q(entity__in=registered))
        for person, entity in present.values_list("person", "entity").distinct():
            people.add(person)
            entities.add(entity)
    if services:
        recipients = Recipient.objects.filter(service__in=services).order_by()
        entities |= set(recipients.values_list("entity", flat=True))
        adopted = project.adoptions.filter(service_links__service__in=services).order_by()
        entities |= set(adopted.values_list("entity", flat=True))
    if entities:
        founded = Entity.objects.filter(founding_group__in=entities).order_by()
        entities |= set(founded.values_list("pk", flat=True))
    # Whether services have people is a matter of data: it makes no query more or less.
    keys: dict[type, Keys] = {Entity: frozenset(entities), Person: frozenset(people)}
    for model, kind in (
        (LocalGovernment, kinds.LOCAL_GOVERNMENT),
        (StaffMember, kinds.STAFF),
        (Service, kinds.SERVICE),
    ):
        if by_kind[kind]:
            keys[model] = frozenset(by_kind[kind])
    if Session in scope.models and (services or by_kind[kinds.SESSION]):
        keys[Session] = _sessions_of(services) | by_kind[kinds.SESSION]
    return keys


def _sessions_of(services):
    sessions = Session.objects.filter(service__in=services).order_by()
    return frozenset(sessions.values_list("pk", flat=True))
