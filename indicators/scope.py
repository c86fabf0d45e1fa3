"""What the counting rules need to know of a project."""

from dataclasses import dataclass, replace

from indicators.models import Reading
from owes.periods import Period
from support.models import Project, ServiceType


@dataclass(frozen=True)
class Scope:
    """What the rules need to know of a project, read once: three queries.

    `reading` is the one in force on the day the numbers speak of.
    """

    project: Project
    period: Period
    area: tuple[int, ...]
    support_types: tuple[int, ...]
    unattended_types: tuple[int, ...]
    readings: tuple[Reading, ...]
    reading: Reading

    @classmethod
    def of(cls, project, on=None):
        """Of the day `on`, the project's last one by default."""
        flags = ("counts_as_support", "needs_attendance")
        types = list(ServiceType.objects.values_list("pk", *flags))
        readings = tuple(project.readings.all())
        return cls(
            project=project,
            period=project.period,
            area=tuple(project.area.order_by("pk").values_list("pk", flat=True)),
            support_types=tuple(pk for pk, counts, _ in types if counts),
            unattended_types=tuple(pk for pk, counts, needs in types if counts and not needs),
            readings=readings,
            reading=Reading.in_force(readings, on or project.ends_on),
        )

    def at(self, day):
        """The same project read as on another day."""
        return replace(self, reading=Reading.in_force(self.readings, day))

    @property
    def days(self):
        return (self.period.start, self.period.end)

    @property
    def facts(self):
        """All that the rules ask of a scope: of equal facts the same SQL is made."""
        types = (self.support_types, self.unattended_types)
        return (self.project.pk, self.days, self.area, *types, self.reading.terms)

    def as_of(self, today):
        """The day numbers speak of when none is asked for: never after the project's end."""
        return min(today, self.period.end)
