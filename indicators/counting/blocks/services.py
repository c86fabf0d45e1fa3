"""Blocks about the services that rows are of: which ones, and how much of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q

from indicators.counting.blocks.block import THRESHOLD, Block, Names, Narrowing, listed
from indicators.counting.sources import Threshold
from owes.formatting import hours, plural
from support.models import Service, ServiceTheme, ServiceType, Theme

OF_SERVICES = frozenset({"supported", "present", "hours", "participations", "services", "heads"})
MOST_SERVICES, MOST_MINUTES = 1000, 60_000


@dataclass(frozen=True)
class Types(Narrowing):
    code: ClassVar[str] = "types"
    label: ClassVar[str] = "rodzaje usług"
    suits: ClassVar[frozenset[str]] = OF_SERVICES
    keys: ClassVar = {"types": ServiceType}
    other: ClassVar = ("other_type", "Żadna usługa nie jest tego rodzaju.")
    types: tuple[int, ...] = ()

    def errors(self) -> list[str]:
        return [] if self.types else ["Wskaż co najmniej jeden rodzaj usługi."]

    def words(self, names: Names) -> str:
        return f"usługi rodzaju: {listed(ServiceType, self.types, names)}"

    def holds(self, way: str) -> Q:
        return Q(**{f"{way}type__in": self.types})


@dataclass(frozen=True)
class Themes(Narrowing):
    code: ClassVar[str] = "themes"
    label: ClassVar[str] = "zagadnienia"
    suits: ClassVar[frozenset[str]] = OF_SERVICES
    keys: ClassVar = {"themes": Theme}
    other: ClassVar = ("other_theme", "Żadna usługa nie ma tego zagadnienia.")
    themes: tuple[int, ...] = ()

    def errors(self) -> list[str]:
        return [] if self.themes else ["Wskaż co najmniej jedno zagadnienie."]

    def words(self, names: Names) -> str:
        return f"usługi o zagadnieniu: {listed(Theme, self.themes, names)}"

    def holds(self, way: str) -> Q:
        about = ServiceTheme.objects.filter(service=OuterRef(f"{way}pk"), theme__in=self.themes)
        return Q(Exists(about))


@dataclass(frozen=True)
class Modes(Narrowing):
    code: ClassVar[str] = "modes"
    label: ClassVar[str] = "tryb usług"
    suits: ClassVar[frozenset[str]] = OF_SERVICES
    other: ClassVar = ("other_mode", "Żadna usługa nie była w tym trybie.")
    modes: tuple[str, ...] = ()

    def errors(self) -> list[str]:
        unknown = set(self.modes) - set(Service.Mode.values)
        return [] if self.modes and not unknown else ["Wskaż tryb z listy."]

    def words(self, names: Names) -> str:
        return f"usługi w trybie: {', '.join(Service.Mode(mode).label for mode in self.modes)}"

    def holds(self, way: str) -> Q:
        return Q(**{f"{way}mode__in": self.modes})


@dataclass(frozen=True)
class AtLeast(Block):
    """So much support on support days, until the day counts: of entities.

    A person of two entities in one session has two rows, so people's minutes would be doubled.
    """

    code: ClassVar[str] = "at_least"
    label: ClassVar[str] = "najmniej wsparcia"
    slot: ClassVar[str] = THRESHOLD
    suits: ClassVar[frozenset[str]] = frozenset({"supported"})
    keys: ClassVar = {"types": ServiceType}
    is_repeatable: ClassVar[bool] = True
    services: int = 0
    minutes: int = 0
    types: tuple[int, ...] = ()

    def errors(self) -> list[str]:
        if not self.services and not self.minutes:
            return ["Podaj najmniejszą liczbę usług albo czas."]
        if self.services > MOST_SERVICES:
            return [f"Najwyżej {MOST_SERVICES} usług."]
        if self.minutes > MOST_MINUTES:
            return [f"Najwyżej {MOST_MINUTES // 60} h."]
        return []

    @property
    def amount(self) -> str:
        """ "2 usługi i 4 h wsparcia"."""
        services = plural(self.services, "usługę,usługi,usług") if self.services else ""
        minutes = f"{hours(self.minutes)} wsparcia" if self.minutes else ""
        return " i ".join(filter(None, [services, minutes]))

    def words(self, names: Names) -> str:
        kinds = f", rodzaju: {listed(ServiceType, self.types, names)}" if self.types else ""
        return f"dostaje łącznie co najmniej {self.amount}{kinds}"

    def threshold(self, number: int) -> Threshold:
        """`number` tells one of several from the others, the first is 1."""
        of_kind = " wybranego rodzaju" if self.types else ""
        return Threshold(
            f"too_little_support{number if number > 1 else ''}",
            f"Podmiot nie dostał jeszcze wymaganego wsparcia{of_kind}: {self.amount}.",
            self.services,
            self.minutes,
            self.types,
        )
