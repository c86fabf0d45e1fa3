"""Rows of attendance, for representatives and for new PES and PS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from entities.models.local_government import within
from indicators.counting.conditions import PRESENT, counted_service, is_recipient, is_registered
from indicators.counting.sources import Condition, CountingSource, Remedy, Rows
from support.models import Attendance

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

ATTENDED = Condition(
    "no_attendance",
    Q(state=PRESENT),
    "Nie zapisano obecności na żadnej usłudze.",
    Remedy("Dodaj usługę", "new_service"),
)


def attendances(scope: Scope) -> QuerySet:
    return Attendance.objects.filter(session__service__project=scope.project)


SERVICE_OF_ATTENDANCE = {
    "service": "session__service",
    "start": "session__starts_at",
    "entity": "entity",
    "powiat": "entity__seat__powiat__name",
    "person": "person",
}
ATTENDANCE_ORDER = (
    "day",
    "session__starts_at",
    "session__service__code",
    "entity__code",
    "person__code",
)


def representative_steps(
    scope: Scope, forms: Sequence[str], in_area: bool, narrowing: Sequence[Condition] = ()
) -> list[Condition]:
    """Present for an entity of one of the forms (none: of any).

    A seat without a gmina is out of the area: one step, as in the rule.
    """
    represented = [
        Condition(
            "not_pes_form",
            Q(entity__legal_form__in=forms),
            "Osoba reprezentowała podmiot, który nie jest PES.",
        )
    ]
    seated = [
        Condition(
            "out_of_area",
            within(scope.area, "entity__seat"),
            "Podmiot, który osoba reprezentowała, nie ma siedziby w obszarze projektu.",
        )
    ]
    return [
        ATTENDED,
        *narrowing,
        *counted_service(scope, "session__service"),
        Condition(
            "not_recipient",
            Q(is_recipient("session__service", "entity")),
            "Podmiot, który osoba reprezentowała, nie był odbiorcą usługi.",
            Remedy("Dopisz odbiorcę", "service"),
        ),
        *(represented if forms else []),
        *(seated if in_area else []),
        Condition(
            "outside_registration",
            is_registered("day", "entity__"),
            "Usługi były przed rejestracją albo po wykreśleniu podmiotu.",
        ),
    ]


def before_registration_steps(scope: Scope) -> list[Condition]:
    return [
        Condition(
            "no_service_before",
            Q(state=PRESENT) & Q(day__lt=F("registered_on")),
            "Przed rejestracją nikt z grupy ani z podmiotu nie był na usłudze.",
        ),
        *counted_service(scope, "session__service"),
        Condition(
            "not_recipient",
            Q(is_recipient("session__service", "entity")),
            "Grupa ani podmiot nie byli odbiorcami tych usług.",
            Remedy("Dopisz odbiorcę", "service"),
        ),
    ]


def own_attendances(scope: Scope) -> QuerySet:
    """Of entities that may be new: the attendances of all others are most of a project."""
    new = Q(entity__founding_group__isnull=False) | Q(entity__registered_on__range=scope.days)
    return attendances(scope).filter(new).annotate(registered_on=F("entity__registered_on"))


def attendances_of_the_group(scope: Scope) -> QuerySet:
    """A row for each entity that the group founded."""
    return attendances(scope).annotate(
        founded=F("entity__founded"), registered_on=F("entity__founded__registered_on")
    )


NEW_ENTITY_SOURCE = CountingSource(
    rows=(
        Rows(own_attendances, "entity", "registered_on"),
        Rows(attendances_of_the_group, "founded", "registered_on"),
    ),
    row_steps=before_registration_steps,
    order=ATTENDANCE_ORDER,
    details=SERVICE_OF_ATTENDANCE,
)
