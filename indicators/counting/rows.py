from dataclasses import dataclass, field

from entities.models import Entity
from support.models import (
    Adoption,
    Partnership,
    Service,
    StaffTraining,
    Subject,
    verified_count,
)

# What a row of evidence calls the objects of each kind.
KEYS = {
    "services": "service",
    "entities": "entity",
    "adoptions": "adoption",
    "partnerships": "partnership",
    "trainings": "training",
}


@dataclass(frozen=True)
class SourceRows:
    """The objects that rows of evidence (their JSON) speak of, fetched all at once.

    A row names a `service`, the `entity` represented, an `adoption`, a `partnership` or a
    `training` by key; an object that a row does not name is None. What may decide has `proofs`,
    the number of its verified documents.
    """

    services: dict = field(default_factory=dict)
    entities: dict = field(default_factory=dict)
    adoptions: dict = field(default_factory=dict)
    partnerships: dict = field(default_factory=dict)
    trainings: dict = field(default_factory=dict)

    @classmethod
    def of(cls, rows):
        """At most five queries and the advisers of the services, however many rows."""

        def proven(model):
            proofs = verified_count(Subject.for_model(model))
            return model.objects.select_related("project").annotate(proofs=proofs)

        services = proven(Service).select_related("type", "activity")
        return cls._found(
            rows,
            services=services.prefetch_related("advisers"),
            entities=Entity.objects.select_related("seat"),
            adoptions=proven(Adoption),
            partnerships=proven(Partnership),
            trainings=proven(StaffTraining),
        )

    @classmethod
    def bare(cls, rows):
        """The rows by themselves, for what tells only their own columns: at most five queries."""
        return cls._found(
            rows,
            services=Service.objects.all(),
            entities=Entity.objects.all(),
            adoptions=Adoption.objects.all(),
            partnerships=Partnership.objects.all(),
            trainings=StaffTraining.objects.all(),
        )

    @classmethod
    def _found(cls, rows, **querysets):
        rows = [row for row in rows if row]
        keys = {
            name: {row[one] for row in rows if row.get(one) is not None}
            for name, one in KEYS.items()
        }
        return cls(
            **{
                name: queryset.in_bulk(keys[name])
                for name, queryset in querysets.items()
                if keys[name]
            }
        )

    def _get(self, objects, row, key):
        return objects.get(row.get(key)) if row else None

    def service(self, row):
        return self._get(self.services, row, "service")

    def entity(self, row):
        return self._get(self.entities, row, "entity")

    def adoption(self, row):
        return self._get(self.adoptions, row, "adoption")

    def partnership(self, row):
        return self._get(self.partnerships, row, "partnership")

    def training(self, row):
        return self._get(self.trainings, row, "training")
