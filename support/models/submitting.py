"""What submitting asks of a service: one rule for the form and for files."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, OuterRef, QuerySet

from support.models.attendance import Attendance
from support.models.dictionaries import ServiceType
from support.models.service_links import Recipient, ServiceAdviser


class Obstacle(NamedTuple):
    """Why a service may not be submitted: the part of it to be mended, and what it lacks."""

    part: str
    lacks: str
    message: str

    @property
    def error(self) -> ValidationError:
        return ValidationError(self.message, code=self.part)


class SubmittingFacts(NamedTuple):
    """What the rule reads of a service; `last_end` is None of one without a session."""

    type: ServiceType
    mode: str
    place: str
    head_count: int | None
    last_end: datetime | None
    has_adviser: bool
    has_recipient: bool
    has_present: bool
    has_expected: bool
    has_left_rows: bool = False

    def obstacles(self, now: datetime) -> list[Obstacle]:
        obstacles = self.obstacles_of_terms(now)
        if not self.has_adviser:
            obstacles.append(Obstacle("advisers", "adviser", "Wskaż osobę z kadry."))
        if not (self.mode or self.place):
            obstacles.append(Obstacle("mode", "where", "Podaj tryb albo miejsce."))
        if self.has_expected:
            message = "Zaznacz, kto był obecny: są jeszcze osoby tylko zapisane."
            obstacles.append(Obstacle("attendances", "answer", message))
        if self.has_left_rows:
            message = "Popraw albo porzuć wklejone wiersze, które czekają na poprawę."
            obstacles.append(Obstacle("attendances", "answer", message))
        return obstacles + self._obstacles_of_people()

    def obstacles_of_terms(self, now: datetime) -> list[Obstacle]:
        """Those of a service that is still to end: it can be nothing but a draft."""
        if self.last_end is None:
            return [Obstacle("sessions", "session", "Dodaj termin usługi.")]
        if self.last_end > now:
            message = "Złożyć można po zakończeniu ostatniego terminu."
            return [Obstacle("sessions", "end", message)]
        return []

    def _obstacles_of_people(self) -> list[Obstacle]:
        """Of an open event the number it lacks, else missing recipients and people."""
        if self.type.is_open_event:
            if self.head_count is None:
                message = "Podaj, ile osób przyszło na wydarzenie otwarte."
                return [Obstacle("head_count", "head_count", message)]
            return []
        obstacles = []
        if not self.has_recipient:
            obstacles.append(Obstacle("recipients", "recipient", "Wskaż odbiorcę usługi."))
        if self.type.needs_attendance and not self.has_present:
            message = "Dopisz osobę, która była obecna."
            obstacles.append(Obstacle("attendances", "present", message))
        return obstacles


def submitting_facts(services: QuerySet) -> dict[int, SubmittingFacts]:
    """The facts of services as they are saved, by key; two queries.

    Whether pasted rows wait is left to the caller.
    """
    service = OuterRef("pk")
    attendances = Attendance.objects.filter(session__service=service)
    facts = services.order_by().annotate(
        last_end=Max("sessions__ends_at"),
        has_adviser=Exists(ServiceAdviser.objects.filter(service=service)),
        has_recipient=Exists(Recipient.objects.filter(service=service)),
        has_present=Exists(attendances.present()),
        has_expected=Exists(attendances.filter(state=Attendance.State.EXPECTED)),
    )
    types = ServiceType.objects.in_bulk()
    rows = facts.values("pk", "type_id", *SubmittingFacts._fields[1:-1])
    return {row.pop("pk"): SubmittingFacts(type=types[row.pop("type_id")], **row) for row in rows}
