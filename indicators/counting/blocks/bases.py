"""Blocks that say what is counted: candidates, and the rows that speak for them.

What needs to know of an indicator asks for a trait of its base, never for its code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q, QuerySet

from entities.models import Entity, LegalForm, LocalGovernment, Person
from indicators.counting.act_rows import (
    inside_period,
    partnerships,
    trainings,
    with_partnership,
    with_training,
)
from indicators.counting.adoption_rows import (
    adoption_source,
    dated_source,
    entities_with_adoption,
)
from indicators.counting.attendance_rows import (
    ATTENDANCE_ORDER,
    NEW_ENTITY_SOURCE,
    SERVICE_OF_ATTENDANCE,
    attendances,
    representative_steps,
)
from indicators.counting.blocks.block import BASE, Block, Names, Narrowing, listed
from indicators.counting.conditions import registered_in_period
from indicators.counting.sources import Condition, CountingSource, Rows, Threshold
from indicators.counting.splits import by_deciding_powiat, by_own_powiat, by_seat, by_sex
from indicators.counting.support_rows import support_source
from support.models import AdoptionKind, Partnership, StaffMember

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

Steps = Callable[[str], list[Condition]]
OF_PES = ("pes_form", "in_area")
ENTITY_NOUN = "podmiot,podmioty,podmiotów"
PERSON_NOUN = "osoba,osoby,osób"


@dataclass(frozen=True)
class Base(Block):
    """What is counted. `model` is what the candidates are.

    `noun`, `lacks`, `achieved` and `achieved_noun` are words of an indicator that has none of its
    own. `usual` are the conditions that a contract usually asks of its candidates, by code.
    Traits: `is_support` of support days of entities, `is_founding` of new entities, `is_presence`
    of people who came. `unit` is that of the value, as of `owes.formatting.amount`.
    """

    slot: ClassVar[str] = BASE
    model: ClassVar[Any]
    record_code: ClassVar[str] = "code"
    splits: ClassVar[Mapping[str, Callable[[Any, dict[str, Any]], str]]] = {}
    noun: ClassVar[str] = ENTITY_NOUN
    lacks: ClassVar[str] = "podmiotu,podmiotów"
    usual: ClassVar[tuple[str, ...]] = ()
    is_support: ClassVar[bool] = False
    is_founding: ClassVar[bool] = False
    is_presence: ClassVar[bool] = False
    unit: ClassVar[str] = ""
    outside: ClassVar[str] = "w rejestrze, poza projektem"  # candidates without a row
    added_once: ClassVar[str] = ""  # of a sum: when each record is added

    def records(self) -> QuerySet:
        return self.model.objects.all()

    def candidates(self, scope: Scope) -> QuerySet:
        return self.records()

    def narrowed_by(self, block: Narrowing, candidates: QuerySet) -> QuerySet:
        """Narrowing is of the rows of a candidate, unless the candidates are services."""
        return candidates

    def conditions(self, scope: Scope) -> list[Condition]:
        """Its own conditions of candidates, after those chosen."""
        return []

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        raise NotImplementedError


def steps_of(narrowing: tuple[Narrowing, ...]) -> Steps:
    return lambda service: [block.step(service) for block in narrowing]


@dataclass(frozen=True)
class Supported(Base):
    code: ClassVar[str] = "supported"
    label: ClassVar[str] = "podmioty objęte wsparciem"
    model: ClassVar[Any] = Entity
    splits: ClassVar = {"powiat": by_seat}
    lacks: ClassVar[str] = "podmiotu objętego wsparciem,podmiotów objętych wsparciem"
    usual: ClassVar[tuple[str, ...]] = OF_PES
    is_support: ClassVar[bool] = True

    def words(self, names: Names) -> str:
        return (
            "podmiot, który w okresie projektu dostaje, z obecnością, zatwierdzoną usługę wsparcia"
        )

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        return support_source(steps_of(narrowing), thresholds)


@dataclass(frozen=True)
class Present(Base):
    """People present on a service for an entity that received it.

    `whom` they represent: "pes"; "pes_or_group", of initiative groups too; "any".
    """

    code: ClassVar[str] = "present"
    label: ClassVar[str] = "osoby obecne na usługach"
    model: ClassVar[Any] = Person
    splits: ClassVar = {"sex": by_sex, "powiat": by_deciding_powiat}
    noun: ClassVar[str] = PERSON_NOUN
    lacks: ClassVar[str] = "osoby,osób"
    is_presence: ClassVar[bool] = True
    WHOM: ClassVar[dict[str, str]] = {
        "pes": "PES",
        "pes_or_group": "PES albo grupy inicjatywnej",
        "any": "dowolnego podmiotu",
    }
    whom: str = "pes"
    in_area: bool = True

    def errors(self) -> list[str]:
        return [] if self.whom in self.WHOM else ["Wybierz z listy, kogo osoby reprezentują."]

    def words(self, names: Names) -> str:
        area = " z siedzibą w obszarze projektu" if self.in_area else ""
        return (
            "osoba, która w okresie projektu jest obecna na zatwierdzonej usłudze wsparcia w "
            f"imieniu {self.WHOM[self.whom]}{area}, odbiorcy tej usługi"
        )

    @property
    def forms(self) -> tuple[str, ...]:
        """Of entities that may be represented; empty is any."""
        forms: tuple[str, ...] = tuple(LegalForm.pes())
        if self.whom == "pes_or_group":
            forms += (LegalForm.INITIATIVE_GROUP,)
        return () if self.whom == "any" else forms

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        steps = steps_of(narrowing)
        return CountingSource(
            rows=(Rows(attendances, "person"),),
            row_steps=lambda scope: representative_steps(
                scope, self.forms, self.in_area, steps("session__service")
            ),
            order=ATTENDANCE_ORDER,
            details=SERVICE_OF_ATTENDANCE,
        )


@dataclass(frozen=True)
class Founded(Base):
    code: ClassVar[str] = "founded"
    label: ClassVar[str] = "podmioty założone po wsparciu"
    model: ClassVar[Any] = Entity
    splits: ClassVar = {"powiat": by_seat}
    lacks: ClassVar[str] = "nowego podmiotu,nowych podmiotów"
    usual: ClassVar[tuple[str, ...]] = OF_PES
    is_founding: ClassVar[bool] = True

    def words(self, names: Names) -> str:
        return (
            "podmiot zarejestrowany w okresie projektu, który przed rejestracją sam albo jako "
            "grupa inicjatywna dostaje, z obecnością, zatwierdzoną usługę wsparcia"
        )

    def candidates(self, scope: Scope) -> QuerySet:
        return Entity.objects.filter(
            Q(founding_group__isnull=False) | Q(registered_on__range=scope.days)
        )

    def conditions(self, scope: Scope) -> list[Condition]:
        return registered_in_period(scope)

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        return NEW_ENTITY_SOURCE


@dataclass(frozen=True)
class Cooperating(Base):
    """`kinds` of acts; empty is any."""

    code: ClassVar[str] = "cooperating"
    label: ClassVar[str] = "samorządy, które współpracują"
    model: ClassVar[Any] = LocalGovernment
    splits: ClassVar = {"powiat": by_own_powiat}
    noun: ClassVar[str] = "samorząd,samorządy,samorządów"
    lacks: ClassVar[str] = "samorządu,samorządów"
    usual: ClassVar[tuple[str, ...]] = ("jst_in_area",)
    kinds: tuple[str, ...] = ()

    def errors(self) -> list[str]:
        unknown = set(self.kinds) - set(Partnership.Kind.values)
        return ["Wskaż rodzaje współpracy z listy."] if unknown else []

    def words(self, names: Names) -> str:
        kinds = ", ".join(Partnership.Kind(kind).label for kind in self.kinds)
        of_kind = f" rodzaju: {kinds}" if kinds else ""
        return f"samorząd, który ma akt współpracy z datą w okresie projektu{of_kind}"

    def candidates(self, scope: Scope) -> QuerySet:
        return with_partnership(scope)

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        of_kind = Condition(
            "other_kind",
            Q(kind__in=self.kinds),
            "Żaden akt współpracy nie jest tego rodzaju.",
        )
        in_period = inside_period("Akty współpracy są poza okresem projektu.")
        return CountingSource(
            rows=(Rows(partnerships, "local_government"),),
            row_steps=lambda scope: [*([of_kind] if self.kinds else []), *in_period(scope)],
            order=("day", "code"),
            details={"partnership": "pk", "partnership_code": "code"},
        )


@dataclass(frozen=True)
class Adopted(Base):
    """What is recorded of a kind, a key of `AdoptionKind`; `linked`, after a service for it."""

    code: ClassVar[str] = "adopted"
    label: ClassVar[str] = "podmioty i grupy z wdrożeniem"
    model: ClassVar[Any] = Entity
    splits: ClassVar = {"powiat": by_seat}
    lacks: ClassVar[str] = "podmiotu z wdrożeniem,podmiotów z wdrożeniem"
    usual: ClassVar[tuple[str, ...]] = OF_PES
    keys: ClassVar = {"kind": AdoptionKind}
    kind: str = AdoptionKind.DIGITAL
    linked: bool = True

    def errors(self) -> list[str]:
        return [] if self.kind else ["Wybierz rodzaj wdrożenia z listy."]

    def words(self, names: Names) -> str:
        served = ", po zatwierdzonej usłudze wsparcia dla niego, z którą się łączy"
        return (
            "podmiot, dla którego zapisano z datą w okresie projektu"
            f"{served if self.linked else ''}: {listed(AdoptionKind, (self.kind,), names)}"
        )

    def candidates(self, scope: Scope) -> QuerySet:
        return entities_with_adoption(self.kind)(scope)

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        return adoption_source(self.kind) if self.linked else dated_source(self.kind)


@dataclass(frozen=True)
class Trained(Base):
    code: ClassVar[str] = "trained"
    label: ClassVar[str] = "przeszkolona kadra ośrodka"
    model: ClassVar[Any] = StaffMember
    record_code: ClassVar[str] = "name"
    noun: ClassVar[str] = PERSON_NOUN
    lacks: ClassVar[str] = "przeszkolonej osoby z kadry,przeszkolonych osób z kadry"

    def words(self, names: Names) -> str:
        return "osoba z kadry ośrodka, która w okresie projektu kończy szkolenie"

    def candidates(self, scope: Scope) -> QuerySet:
        return with_training(scope)

    def source(
        self, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
    ) -> CountingSource:
        return CountingSource(
            rows=(Rows(trainings, "staff_member"),),
            row_steps=inside_period("Szkolenia skończyły się poza okresem projektu."),
            order=("day", "pk"),
            details={"training": "pk", "topic": "topic"},
        )


@cache
def source_of(
    base: Base, narrowing: tuple[Narrowing, ...], thresholds: tuple[Threshold, ...]
) -> CountingSource:
    """One source of equal parts: its rows are read once for all indicators that rest on it."""
    return base.source(narrowing, thresholds)
