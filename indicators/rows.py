from dataclasses import dataclass, field

from entities.models import Entity
from support.models import Adoption, Partnership, Service, StaffTraining


@dataclass(frozen=True)
class Rows:
    """The objects that rows of evidence (their JSON) speak of, fetched all at once.

    A row names a `service`, the `entity` represented, an `adoption`, a `partnership` or a
    `training` by key; an object that a row does not name is None.
    """

    services: dict = field(default_factory=dict)
    entities: dict = field(default_factory=dict)
    adoptions: dict = field(default_factory=dict)
    partnerships: dict = field(default_factory=dict)
    trainings: dict = field(default_factory=dict)

    @classmethod
    def of(cls, rows):
        """At most five queries and the advisers of the services, however many rows."""
        rows = [row for row in rows if row]

        def named(key, queryset):
            keys = {row[key] for row in rows if row.get(key) is not None}
            return queryset.in_bulk(keys) if keys else {}

        services = Service.objects.select_related("project", "type", "activity")
        return cls(
            services=named("service", services.prefetch_related("advisers")),
            entities=named("entity", Entity.objects.select_related("seat")),
            adoptions=named("adoption", Adoption.objects.select_related("project")),
            partnerships=named("partnership", Partnership.objects.select_related("project")),
            trainings=named("training", StaffTraining.objects.select_related("project")),
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
