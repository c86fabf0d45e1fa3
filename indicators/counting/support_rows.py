"""Rows of support, for PES and PS: the days on which an entity was supported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from indicators.counting.conditions import PRESENT, counted_service, is_registered
from indicators.counting.sources import Condition, CountingSource, Remedy, Rows, passed_steps
from support.models import Attendance, Recipient

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def deliveries(scope: Scope) -> QuerySet:
    """Each recipient of a service at each of its sessions; one without a session has no day."""
    return Recipient.objects.filter(service__project=scope.project).annotate(
        day=F("service__sessions__day"),
        session=F("service__sessions"),
        start=F("service__sessions__starts_at"),
        minutes=F("service__sessions__minutes"),
    )


def support_steps(scope: Scope) -> list[Condition]:
    """What makes a day a support day of an entity; a row is a delivery."""
    someone_present = Q(service__type__in=scope.unattended_types) | Exists(
        Attendance.objects.filter(
            session=OuterRef("session"), entity=OuterRef("entity"), state=PRESENT
        )
    )
    return [
        Condition(
            "no_service",
            Q(service__isnull=False),
            "Brak usługi.",
            Remedy("Dodaj usługę", "new_service"),
        ),
        *counted_service(scope, "service"),
        Condition(
            "nobody_present",
            Q(someone_present),
            "Na zatwierdzonych usługach nikt z podmiotu nie był obecny.",
            Remedy("Uzupełnij obecność", "service"),
        ),
        Condition(
            "outside_registration",
            is_registered("day", "entity__"),
            "Usługi były przed rejestracją albo po wykreśleniu podmiotu.",
        ),
    ]


def supporting(scope: Scope) -> QuerySet:
    """Deliveries that are support days, however much support the contract asks for."""
    steps = support_steps(scope)
    rows = deliveries(scope).annotate(passed=passed_steps(steps))
    return rows.filter(passed=len(steps)).order_by()


def least_support(scope: Scope) -> Condition | None:
    """As the contract is read: so many services, or so much time, until the day counts."""
    if not scope.reading.asks_for_more:
        return None
    return Condition(
        "too_little_support",
        Q(),
        f"Podmiot nie dostał jeszcze wymaganego wsparcia: {scope.reading.least}.",
        Remedy("Dodaj usługę", "new_service"),
    )


SUPPORT = CountingSource(
    rows=(Rows(deliveries, "entity"),),
    row_steps=support_steps,
    least_support=least_support,
    order=("day", "start", "service__code"),
    details={
        "service": "service",
        "start": "start",
        "entity": "entity",
        "powiat": "entity__seat__powiat__name",
    },
)
