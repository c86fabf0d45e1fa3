"""Blocks that say who counts: conditions of candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear, Mod
from django.db.models.lookups import Exact, LessThan

from entities.models import LegalForm, LocalGovernment, Person
from indicators.counting.blocks.block import CandidateCondition, Names, listed
from indicators.counting.conditions import (
    NO_GMINA,
    local_government_in_area,
    of_pes_form,
    seated_in_area,
    with_status,
    without_status,
)
from indicators.counting.sources import Condition, Remedy
from owes.formatting import plural

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

OF_ENTITIES = frozenset({"supported", "founded", "adopted"})
OF_PEOPLE = frozenset({"present"})
YEARS = "rok,lata,lat"
OLDEST = 120
LEAP_DAY = 229  # month and day as one number


@dataclass(frozen=True)
class PesForm(CandidateCondition):
    """Act of 5 August 2022 on social economy, art. 2 point 5: which forms are PES."""

    code: ClassVar[str] = "pes_form"
    label: ClassVar[str] = "forma prawna PES"
    suits: ClassVar[frozenset[str]] = OF_ENTITIES

    def words(self, names: Names) -> str:
        return "ma formę prawną PES"

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        return [of_pes_form()]


@dataclass(frozen=True)
class InArea(CandidateCondition):
    code: ClassVar[str] = "in_area"
    label: ClassVar[str] = "siedziba w obszarze projektu"
    suits: ClassVar[frozenset[str]] = OF_ENTITIES

    def words(self, names: Names) -> str:
        return "ma siedzibę w obszarze projektu"

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        return seated_in_area(scope)


@dataclass(frozen=True)
class Forms(CandidateCondition):
    """Entities of other forms are no candidates."""

    code: ClassVar[str] = "forms"
    label: ClassVar[str] = "formy prawne"
    suits: ClassVar[frozenset[str]] = OF_ENTITIES
    forms: tuple[str, ...] = ()

    def errors(self) -> list[str]:
        unknown = set(self.forms) - set(LegalForm.values)
        return [] if self.forms and not unknown else ["Wskaż formy prawne z listy."]

    def words(self, names: Names) -> str:
        return f"ma formę prawną: {', '.join(LegalForm(form).label for form in self.forms)}"

    def narrowed(self, candidates: QuerySet) -> QuerySet:
        return candidates.filter(legal_form__in=self.forms)


@dataclass(frozen=True)
class SeatIn(CandidateCondition):
    code: ClassVar[str] = "seat_in"
    label: ClassVar[str] = "siedziba w wybranych powiatach"
    suits: ClassVar[frozenset[str]] = OF_ENTITIES
    keys: ClassVar = {"powiats": LocalGovernment}
    powiats: tuple[int, ...] = ()

    def errors(self) -> list[str]:
        return [] if self.powiats else ["Wskaż co najmniej jeden powiat."]

    def words(self, names: Names) -> str:
        return f"ma siedzibę w: {listed(LocalGovernment, self.powiats, names)}"

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        elsewhere = Condition(
            "seat_elsewhere",
            Q(seat=None) | Q(seat__powiat__in=self.powiats),
            "Siedziba jest w innym powiecie.",
        )
        return [NO_GMINA, elsewhere]


@dataclass(frozen=True)
class PsStatus(CandidateCondition):
    """The status of a social enterprise on the day counted: Act of 5 August 2022, art. 3-10."""

    code: ClassVar[str] = "ps_status"
    label: ClassVar[str] = "status PS w dniu zaliczenia"
    suits: ClassVar[frozenset[str]] = OF_ENTITIES
    is_of_counted_day: ClassVar[bool] = True
    held: bool = True

    def words(self, names: Names) -> str:
        return f"w dniu zaliczenia {'ma status' if self.held else 'nie ma statusu'} PS"

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        return [(with_status if self.held else without_status)(counted_day)]


@dataclass(frozen=True)
class Sex(CandidateCondition):
    """People of the other sex are no candidates."""

    code: ClassVar[str] = "sex"
    label: ClassVar[str] = "płeć"
    suits: ClassVar[frozenset[str]] = OF_PEOPLE
    sex: str = Person.Sex.WOMAN

    def errors(self) -> list[str]:
        return [] if self.sex in Person.Sex.values else ["Wybierz płeć z listy."]

    def words(self, names: Names) -> str:
        return f"jest {'kobietą' if self.sex == Person.Sex.WOMAN else 'mężczyzną'}"

    def narrowed(self, candidates: QuerySet) -> QuerySet:
        return candidates.filter(sex=self.sex)


@dataclass(frozen=True)
class Age(CandidateCondition):
    """Whole years on the day counted; at most `at_most`, or at least `at_least`, 0 is no limit.

    Both: a range where they meet, else either. Of a year of birth alone years are subtracted. Who
    was born on 29 February is a year older on 28 February of other years (Civil Code, art. 112).
    """

    code: ClassVar[str] = "age"
    label: ClassVar[str] = "wiek w dniu zaliczenia"
    suits: ClassVar[frozenset[str]] = OF_PEOPLE
    is_of_counted_day: ClassVar[bool] = True
    at_most: int = 0
    at_least: int = 0

    def errors(self) -> list[str]:
        if not self.at_most and not self.at_least:
            return ["Podaj wiek: najwyżej albo co najmniej ile lat."]
        if max(self.at_most, self.at_least) > OLDEST:
            return [f"Najwyżej {OLDEST} lat."]
        return []

    def words(self, names: Names) -> str:
        most, least = plural(self.at_most, YEARS), plural(self.at_least, YEARS)
        limits = [f"najwyżej {most}"] * bool(self.at_most)
        limits += [f"co najmniej {least}"] * bool(self.at_least)
        joined = (" i " if self._is_range else " albo ").join(limits)
        return f"w dniu zaliczenia ma {joined}"

    @property
    def _is_range(self):
        return 0 < self.at_least <= self.at_most

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        unknown = Q(birth_date=None, birth_year=None)
        limits = [younger(self.at_most + 1)] * bool(self.at_most)
        limits += [~younger(self.at_least)] * bool(self.at_least)
        right = limits[0]
        for limit in limits[1:]:
            right = right & limit if self._is_range else right | limit
        return [
            Condition(
                "no_birth",
                ~unknown,
                "Nie podano daty ani roku urodzenia.",
                Remedy("Uzupełnij datę urodzenia", "candidate"),
            ),
            Condition(
                "other_age",
                Q(counted_on=None) | unknown | right,
                "W dniu zaliczenia był to inny wiek.",
            ),
        ]


def younger(years: int) -> Q:
    """Of a person who has not come to so many years by `counted_on`."""
    year, day = ExtractYear("counted_on"), _day_of_year("counted_on")
    turned, birthday = ExtractYear("birth_date") + Value(years), _day_of_year("birth_date")
    has_leap_day = Q(Exact(Mod(year, 4), Value(0))) | ~Q(Exact(birthday, Value(LEAP_DAY)))
    by_date = Q(LessThan(year, turned)) | Q(Exact(year, turned)) & Q(LessThan(day, birthday)) & (
        has_leap_day | Q(LessThan(day, Value(LEAP_DAY - 1)))
    )
    by_year = Q(LessThan(year, F("birth_year") + Value(years)))
    return Q(birth_date__isnull=False) & by_date | Q(birth_date=None) & by_year


def _day_of_year(field):
    return ExtractMonth(field) * Value(100) + ExtractDay(field)


@dataclass(frozen=True)
class LocalGovernmentInArea(CandidateCondition):
    """A gmina, a powiat or a city, never a voivodeship."""

    code: ClassVar[str] = "jst_in_area"
    label: ClassVar[str] = "gmina, powiat albo miasto z obszaru"
    suits: ClassVar[frozenset[str]] = frozenset({"cooperating"})

    def words(self, names: Names) -> str:
        return "jest gminą, powiatem albo miastem na prawach powiatu z obszaru projektu"

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        return local_government_in_area(scope)
