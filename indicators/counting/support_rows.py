"""Rows of support, for PES and PS: the days on which an entity was supported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from indicators.counting.conditions import PRESENT, counted_service, is_registered
from indicators.counting.sources import (
    Condition,
    CountingSource,
    Remedy,
    Rows,
    Threshold,
)
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


def support_steps(scope: Scope, narrowing: Sequence[Condition] = ()) -> list[Condition]:
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
        *narrowing,
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


def support_source(
    narrowing: Callable[[str], list[Condition]], thresholds: tuple[Threshold, ...]
) -> CountingSource:
    """Support days of entities; `narrowing` makes steps of the way from a row to its service."""
    return CountingSource(
        rows=(Rows(deliveries, "entity"),),
        row_steps=lambda scope: support_steps(scope, narrowing("service")),
        thresholds=thresholds,
        order=("day", "start", "service__code"),
        details={
            "service": "service",
            "start": "start",
            "entity": "entity",
            "powiat": "entity__seat__powiat__name",
        },
    )
