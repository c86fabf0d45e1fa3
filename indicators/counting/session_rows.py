"""Rows of sessions, for sums of hours and of people, and for services themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from indicators.counting.conditions import counted_service
from indicators.counting.sources import Condition, Remedy
from indicators.counting.totals import persons_present
from support.models import Session

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

OPEN = Remedy("Otwórz usługę", "candidate")
SESSION_ORDER = ("day", "starts_at", "service__code")
SERVICE_OF_SESSION = {"service": "service", "start": "starts_at"}
NO_SESSION = Condition("no_session", Q(pk__isnull=False), "Usługa nie ma terminu.", OPEN)
SOMEBODY_CAME = Condition(
    "nobody_came",
    Q(persons__gt=0),
    "Nikt nie był obecny.",
    Remedy("Uzupełnij obecność", "service"),
)
HEADS_GIVEN = Condition(
    "no_head_count",
    Q(heads__isnull=False),
    "Nie wpisano liczby osób.",
    Remedy("Wpisz liczbę osób", "service"),
)


def sessions(scope: Scope) -> QuerySet:
    return Session.objects.filter(service__project=scope.project)


def sessions_with_people(scope: Scope) -> QuerySet:
    return sessions(scope).annotate(persons=persons_present())


def sessions_with_heads(scope: Scope) -> QuerySet:
    return sessions(scope).annotate(heads=F("service__head_count"))


def held_steps(scope: Scope) -> list[Condition]:
    """Of an approved service, on a day of the project, whether it is support or not."""
    approved, _, in_period = counted_service(scope, "service")
    return [approved, in_period]
