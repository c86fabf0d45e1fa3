"""Bases of what services are: their hours, the people who came, and the services themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet

from indicators.counting.blocks.bases import Base, steps_of
from indicators.counting.blocks.block import Names, Narrowing
from indicators.counting.conditions import counted_service
from indicators.counting.session_rows import (
    HEADS_GIVEN,
    NO_SESSION,
    SERVICE_OF_SESSION,
    SESSION_ORDER,
    SOMEBODY_CAME,
    held_steps,
    sessions,
    sessions_with_heads,
    sessions_with_people,
)
from indicators.counting.sources import Condition, CountingSource, Rows, Threshold
from indicators.counting.splits import by_activity
from owes.formatting import HOURS
from support.models import Service, Session

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


@dataclass(frozen=True)
class OfServices(Base):
    """Candidates are services, or their sessions; narrowing says which, and others are none.

    `way` leads from a candidate to its service, empty where it is one. Rows are sessions, each of
    them adds its detail `adds`; where that is empty, a candidate adds 1.
    """

    outside: ClassVar[str] = "usługi bez terminu"
    splits: ClassVar = {"activity": by_activity}
    way: ClassVar[str] = ""
    rows: ClassVar[Callable[[Scope], QuerySet]] = staticmethod(sessions)
    adds: ClassVar[dict[str, str]] = {}
    extra: ClassVar[tuple[Condition, ...]] = ()

    def candidates(self, scope: Scope) -> QuerySet:
        return self.records().filter(**{f"{self.way}project": scope.project})

    def narrowed_by(self, block: Narrowing, candidates: QuerySet) -> QuerySet:
        return candidates.filter(block.holds(self.way))

    def steps(self, scope: Scope) -> list[Condition]:
        return counted_service(scope, "service")

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        chosen = steps_of(narrowing)
        return CountingSource(
            rows=(Rows(type(self).rows, "pk" if self.way else "service"),),
            row_steps=lambda scope: [
                NO_SESSION,
                *chosen("service"),
                *self.steps(scope),
                *self.extra,
            ],
            order=SESSION_ORDER,
            details=SERVICE_OF_SESSION | self.adds,
            amount=next(iter(self.adds), ""),
        )


@dataclass(frozen=True)
class OfSessions(OfServices):
    model: ClassVar[Any] = Session
    way: ClassVar[str] = "service__"
    noun: ClassVar[str] = "termin,terminy,terminów"
    added_once: ClassVar[str] = "Każdy termin dodaje się raz, w swoim dniu."

    def records(self) -> QuerySet:
        return Session.objects.coded()


@dataclass(frozen=True)
class Hours(OfSessions):
    code: ClassVar[str] = "hours"
    label: ClassVar[str] = "godziny usług wsparcia"
    unit: ClassVar[str] = HOURS
    lacks: ClassVar[str] = "usług wsparcia,usług wsparcia"
    adds: ClassVar[dict[str, str]] = {"minutes": "minutes"}

    def words(self, names: Names) -> str:
        return "czas, bez przerw, terminów zatwierdzonych usług wsparcia w okresie projektu"


@dataclass(frozen=True)
class Participations(OfSessions):
    code: ClassVar[str] = "participations"
    label: ClassVar[str] = "uczestnictwa w usługach wsparcia"
    lacks: ClassVar[str] = "uczestnictwa,uczestnictw"
    rows: ClassVar[Callable[[Scope], QuerySet]] = staticmethod(sessions_with_people)
    adds: ClassVar[dict[str, str]] = {"persons": "persons"}
    extra: ClassVar[tuple[Condition, ...]] = (SOMEBODY_CAME,)

    def words(self, names: Names) -> str:
        return (
            "liczba osób obecnych na terminach zatwierdzonych usług wsparcia w okresie projektu, "
            "każda na każdym terminie raz"
        )


@dataclass(frozen=True)
class Services(OfServices):
    code: ClassVar[str] = "services"
    label: ClassVar[str] = "usługi wsparcia"
    model: ClassVar[Any] = Service
    noun: ClassVar[str] = "usługa,usługi,usług"
    lacks: ClassVar[str] = "usługi wsparcia,usług wsparcia"

    def words(self, names: Names) -> str:
        return "zatwierdzona usługa wsparcia, która ma termin w okresie projektu"


@dataclass(frozen=True)
class Heads(OfServices):
    code: ClassVar[str] = "heads"
    label: ClassVar[str] = "osoby na wydarzeniach otwartych"
    model: ClassVar[Any] = Service
    noun: ClassVar[str] = "wydarzenie,wydarzenia,wydarzeń"
    lacks: ClassVar[str] = "uczestnika wydarzeń,uczestników wydarzeń"
    rows: ClassVar[Callable[[Scope], QuerySet]] = staticmethod(sessions_with_heads)
    adds: ClassVar[dict[str, str]] = {"heads": "heads"}
    added_once: ClassVar[str] = "Każde wydarzenie dodaje się raz, w dniu pierwszego terminu."
    extra: ClassVar[tuple[Condition, ...]] = (HEADS_GIVEN,)

    def words(self, names: Names) -> str:
        return (
            "liczba osób, którą wpisano przy zatwierdzonych wydarzeniach otwartych z terminem w "
            "okresie projektu"
        )

    def candidates(self, scope: Scope) -> QuerySet:
        return super().candidates(scope).filter(type__is_open_event=True)

    def steps(self, scope: Scope) -> list[Condition]:
        return held_steps(scope)
