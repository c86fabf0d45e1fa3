"""What the counting rules need to know of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from indicators.counting.definitions import INDICATORS
from indicators.counting.engine import Indicator
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
    def of(cls, project: Project, on: date | None = None) -> Scope:
        """The project as read on the day `on`, by default its last day."""
        flags = ("counts_as_support", "needs_attendance")
        types = list(ServiceType.objects.order_by("pk").values_list("pk", *flags))
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

    @property
    def indicators(self) -> Iterable[Indicator]:
        """Those of the project, in the order of the contract."""
        return INDICATORS.values()

    def at(self, day: date) -> Scope:
        """The same project as read on another day."""
        return self.read_by(Reading.in_force(self.readings, day))

    def read_by(self, reading: Reading) -> Scope:
        return replace(self, reading=reading)

    @property
    def days(self) -> tuple[date, date]:
        return (self.period.start, self.period.end)

    @property
    def facts(self) -> tuple:
        """All that the rules ask of a scope: equal facts make the same SQL."""
        types = (self.support_types, self.unattended_types)
        return (self.project.pk, self.days, self.area, *types, self.reading.terms)

    def as_of(self, today: date) -> date:
        """The day numbers speak of when none is asked for: never after the project's end."""
        return min(today, self.period.end)
