"""What a deciding row names: an object of each kind by key, in the row's JSON.

The only place that says which kinds there are: counting, proofs, reports, trial control and pages
all read `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from entities.models import Entity
from support.models import (
    Adoption,
    Partnership,
    Service,
    StaffTraining,
    Subject,
    verified_count,
)


@dataclass(frozen=True)
class Kind:
    """A kind of object. A row's JSON holds its key under `name`; its evidence has the `subject`.

    Reports know it by the column `code`, and `words` say which one it is. `page` is the URL name
    of its page.
    """

    name: str
    subject: Subject
    page: str
    words: str = ""
    code: str = "code"

    @property
    def model(self) -> Any:
        return self.subject.model

    def code_of(self, instance: Model) -> str:
        return getattr(instance, self.code)


SERVICE = Kind("service", Subject.SERVICE, "support:service_detail", "usługa {}")
ENTITY = Kind("entity", Subject.ENTITY, "entities:entity_detail")
ADOPTION = Kind("adoption", Subject.ADOPTION, "support:adoption_edit", "wdrożenie {}")
PARTNERSHIP = Kind(
    "partnership", Subject.PARTNERSHIP, "support:partnership_edit", "akt współpracy {}"
)
TRAINING = Kind(
    "training",
    Subject.STAFF_TRAINING,
    "support:staff_training_edit",
    "szkolenie „{}”",
    code="topic",
)
# In this order a closed report keeps them.
KINDS = [SERVICE, ENTITY, ADOPTION, PARTNERSHIP, TRAINING]
# The nearest to the count first: an adoption proves more than the service that led to it.
PROVING = [ADOPTION, PARTNERSHIP, TRAINING, SERVICE]
KIND_OF_SUBJECT = {kind.subject: kind for kind in PROVING}


def proving_subjects(row: dict) -> list[tuple[Subject, int]]:
    """`[(subject, key)]` of what a deciding row (its JSON) asks proof of, the nearest first."""
    return [(kind.subject, row[kind.name]) for kind in PROVING if row.get(kind.name)]


@dataclass(frozen=True, kw_only=True)
class RowObjects:
    """The objects that one row names, by the names of `KINDS`; those it does not name are None."""

    service: Service | None = None
    entity: Entity | None = None
    adoption: Adoption | None = None
    partnership: Partnership | None = None
    training: StaffTraining | None = None


class SourceRows:
    """The objects that rows (their JSON) name, fetched all at once: at most a query of each kind.

    What may decide has `proofs`, the number of its verified documents.
    """

    def __init__(self, rows: Iterable[dict | None], querysets: dict[str, QuerySet]):
        named = [row for row in rows if row]
        self._objects: dict[str, dict[Any, Any]] = {}
        for name, queryset in querysets.items():
            keys = {row[name] for row in named if row.get(name) is not None}
            self._objects[name] = queryset.in_bulk(keys) if keys else {}

    @classmethod
    def of(cls, rows: Iterable[dict | None]) -> SourceRows:
        """With what pages show of them: at most five queries and the advisers of the services."""
        querysets = {
            kind.name: kind.model.objects.select_related("project").annotate(
                proofs=verified_count(kind.subject)
            )
            for kind in PROVING
        }
        querysets[ADOPTION.name] = querysets[ADOPTION.name].select_related("kind")
        services = querysets[SERVICE.name].select_related("type", "activity")
        querysets[SERVICE.name] = services.prefetch_related("advisers")
        querysets[ENTITY.name] = Entity.objects.select_related("seat")
        return cls(rows, querysets)

    @classmethod
    def bare(cls, rows: Iterable[dict | None]) -> SourceRows:
        """With their own columns only: at most five queries."""
        return cls(rows, {kind.name: kind.model.objects.all() for kind in KINDS})

    def get(self, kind: Kind, key: int) -> Any:
        return self._objects[kind.name][key]

    def named_by(self, row: dict | None) -> dict[str, Any]:
        """`{name of the kind: object or None}` of one row, as `RowObjects` takes them."""
        row = row or {}
        return {name: objects.get(row.get(name)) for name, objects in self._objects.items()}
