"""Rows of support, for PES and PS: the days on which an entity was supported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual

from indicators.counting.attendance_rows import attendances
from indicators.counting.conditions import PRESENT, counted_service, is_recipient, is_registered
from indicators.counting.sources import (
    Condition,
    CountingSource,
    Remedy,
    earliest,
    latest,
    passed_steps,
)
from support.models import Attendance, Recipient

if TYPE_CHECKING:
    from indicators.scope import Scope


def deliveries(scope: Scope) -> QuerySet:
    """Each recipient of a service at each of its sessions; one without a session has no day."""
    return Recipient.objects.filter(service__project=scope.project).annotate(
        candidate=F("entity"),
        day=F("service__sessions__day"),
        session=F("service__sessions"),
        start=F("service__sessions__starts_at"),
    )


def support_steps(
    scope: Scope,
    service: str = "service",
    someone_present: Q | Combinable | None = None,
    entity: str = "entity__",
) -> list[Condition]:
    """What makes a day a support day of an entity; a row is a delivery, or an attendance."""
    if someone_present is None:
        someone_present = Q(service__type__in=scope.unattended_types) | Exists(
            Attendance.objects.filter(
                session=OuterRef("session"), entity=OuterRef("entity"), state=PRESENT
            )
        )
    return [
        Condition(
            "no_service",
            Q(**{f"{service}__isnull": False}),
            "Brak usługi.",
            Remedy("Dodaj usługę", "new_service"),
        ),
        *counted_service(scope, service),
        Condition(
            "nobody_present",
            Q(someone_present),
            "Na zatwierdzonych usługach nikt z podmiotu nie był obecny.",
            Remedy("Uzupełnij obecność", "service"),
        ),
        Condition(
            "outside_registration",
            is_registered("day", entity),
            "Usługi były przed rejestracją albo po wykreśleniu podmiotu.",
        ),
    ]


def enough_support_steps(scope: Scope) -> list[Condition]:
    """A support day of an entity on which it has all that the reading of the contract asks."""
    steps = support_steps(scope)
    return [*steps, enough_support(scope)] if scope.reading.asks_for_more else steps


def enough_support(scope: Scope) -> Condition:
    """Asks about the candidate, the entity of all its rows: PostgreSQL then finds the day once."""
    return Condition(
        "too_little_support",
        Q(GreaterThanOrEqual(F("day"), enough_from(scope, OuterRef("pk")))),
        f"Podmiot nie dostał jeszcze wymaganego wsparcia: {scope.reading.least}.",
        Remedy("Dodaj usługę", "new_service"),
    )


def supporting(scope: Scope) -> QuerySet:
    """Deliveries that are support days, however much support the contract asks for."""
    steps = support_steps(scope)
    rows = deliveries(scope).annotate(passed=passed_steps(steps))
    return rows.filter(passed__gte=len(steps)).order_by()


def enough_from(scope: Scope, entity: str | OuterRef) -> Combinable:
    """The first support day by which, that day whole, an entity has all that is asked, or NULL.

    `entity` is the way to the entity from the outer query. Each subquery reads the support of one
    entity once: comparing every day with all the days before it took minutes at 20 000 services.
    """
    reading = scope.reading
    rows = supporting(scope).filter(entity=OuterRef(entity))
    services = rows.values("service").annotate(first=Min("day")).order_by("first")
    so_far = Window(Sum("service__sessions__minutes"), order_by="day")
    minutes = rows.annotate(so_far=so_far).filter(so_far__gte=reading.least_minutes)
    nth = reading.least_services
    return latest(
        Subquery(services.values("first")[nth - 1 : nth]),
        Subquery(minutes.order_by("day").values("day")[:1]),
    )


def first_support(scope: Scope) -> Combinable:
    """The same day as the earliest delivery that passes, by two indexes (10-30 times faster).

    Somebody present for the entity at a service it receives; or a delivery that needs nobody.
    """
    if scope.reading.asks_for_more:
        return enough_from(scope, "pk")
    attended = CountingSource(
        rows=lambda scope: attendances(scope, "entity"),
        steps=lambda scope: support_steps(
            scope,
            "session__service",
            Q(state=PRESENT) & Q(is_recipient("session__service", "entity")),
        ),
    )
    unattended = CountingSource(
        rows=lambda scope: deliveries(scope).filter(service__type__in=scope.unattended_types),
        steps=support_steps,
    )
    return earliest(attended.first_day(scope), unattended.first_day(scope))


SUPPORT = CountingSource(
    rows=deliveries,
    steps=enough_support_steps,
    first=first_support,
    order=("day", "start", "service__code"),
    details={
        "service": "service",
        "start": "start",
        "entity": "entity",
        "powiat": "entity__seat__powiat__name",
    },
)
