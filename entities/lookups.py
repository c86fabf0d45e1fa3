"""Entities, people and local governments as people name them in a form."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
    prefetch_related_objects,
)

from entities.models import Entity, LocalGovernment, Person, Representation, TerytCode
from owes.folding import fold, search_words, sort_key
from owes.lookups import Lookup, Option, label_of, typed
from owes.ranking import ranked


class EntityLookup(Lookup):
    """Entities, by NIP, REGON and KRS as well."""

    model = Entity
    missing = "Nie ma w rejestrze podmiotu „{text}”. Wybierz z listy albo dodaj go w rejestrze."
    unclear = "„{text}” nie wskazuje jednego podmiotu. Wybierz podobny z listy albo podaj kod."
    question = "Który podmiot masz na myśli?"

    def __init__(self, texts: Iterable[str], among: Any = None) -> None:
        texts = list(texts)
        super().__init__([*texts, *(part for text in texts for part in listed(text))], among)

    @cached_property
    def _candidates(self) -> dict[str, list]:
        """As in `Lookup`; a text that lists several entities has the rows of all of them."""
        candidates = super()._candidates
        named = {
            text: [row for part in parts for row in self.meant(part) or candidates[part]]
            for text in candidates
            if (parts := listed(text))
        }
        prefetch_related_objects([row for rows in named.values() for row in rows], "seat")
        return candidates | {text: list(dict.fromkeys(rows)) for text, rows in named.items()}

    def shown(self) -> QuerySet[Entity]:
        return self.allowed().select_related("seat")

    def option(self, row: Entity, text: str) -> Option:
        """With its form and gmina, and with a number of a register when it was typed."""
        numbers = [word for word in search_words(text) if word.isdigit()]
        named = {"NIP": row.nip, "REGON": row.regon, "KRS": row.krs}
        asked = [
            f"{name} {held}"
            for name, held in named.items()
            if any(number in held for number in numbers)
        ]
        return Option.of(row, row.get_legal_form_display(), row.seat, *asked)

    def _found(self, codes: set[str], keys: set[str], numbers: set[str]) -> QuerySet[Entity]:
        numbers = {number for number in numbers if number.isdigit()}
        identifiers = Q(nip__in=numbers) | Q(regon__in=numbers) | Q(krs__in=numbers)
        return self.allowed().filter(Q(code__in=codes) | Q(sort_key__in=keys) | identifiers)

    def _named(self, text: str) -> list:
        named, words = super()._named(text), search_words(text)
        if named or len(words) != 1:
            return named
        return [row for row in self.rows if words[0] in (row.nip, row.regon, row.krs)]


def listed(text: str | None) -> list[str]:
    """The parts of a text that lists several entities; empty when it names only one."""
    parts = [typed(part) for part in (text or "").split(";")]
    return [part for part in parts if part] if len(parts) > 1 else []


class PersonLookup(Lookup):
    """People, by first and last name in either order."""

    model = Person
    missing = "Nie ma w rejestrze osoby „{text}”. Wybierz z listy albo dodaj ją w rejestrze."
    unclear = "„{text}” nie wskazuje jednej osoby. Wybierz podobną z listy albo podaj kod."
    question = "Kogo masz na myśli?"

    def __init__(self, texts: Iterable[str], codes: Collection[str] = ()) -> None:
        """`codes` name the entities whose people are suggested first."""
        self.codes = codes
        super().__init__(texts)

    def shown(self) -> QuerySet[Person]:
        """People, each with its representation of an asked entity last: the likely answer."""
        is_asked = Case(When(entity__code__in=self.codes, then=1), default=0)
        rows = Representation.objects.select_related("entity").annotate(is_asked=is_asked)
        ordered = Prefetch("representations", rows.order_by("is_asked", "pk"))
        return self.allowed().prefetch_related(ordered)

    def option(self, row: Person, text: str) -> Option:
        """With whom the person represents, which the roster takes too."""
        entity = next((link.entity for link in reversed(row.representations.all())), None)
        if not entity:
            return Option.of(row)
        return Option.of(row, entity, entity=label_of(entity))

    def suggested(self, text: str, favoured: Iterable = ()) -> list:
        """People of the asked entities come first; without a text only they are suggested."""
        asked = Representation.objects.filter(person=OuterRef("pk"), entity__code__in=self.codes)
        people = self.shown().filter(pk__in=Person.objects.offered().order_by().values("pk"))
        people = people if typed(text) else people.filter(Exists(asked))
        return ranked(people, text, [Exists(asked), *favoured])

    def _keys(self, text: str) -> list[str]:
        words = text.split()
        return [sort_key(" ".join(words[n:] + words[:n])) for n in range(len(words))]


class LocalGovernmentLookup(Lookup):
    """By name with the kind, by the digits of TERYT, today's or former."""

    model = LocalGovernment
    missing = "Nie ma samorządu „{text}”. Wybierz z listy albo podaj kod TERYT."
    unclear = "„{text}” nie wskazuje jednego samorządu. Wybierz z listy albo podaj kod TERYT."
    ambiguous = "Jest więcej niż jeden samorząd o tej nazwie. Wybierz z listy ten właściwy."
    question = "Który samorząd masz na myśli?"

    def shown(self) -> QuerySet[LocalGovernment]:
        return self.allowed().select_related("powiat", "parent")

    def option(self, row: LocalGovernment, text: str) -> Option:
        """With its powiat, or the voivodeship of a powiat: names repeat in Poland."""
        above = row.powiat if row.level == LocalGovernment.Level.GMINA else None
        return Option.of(row, above or row.parent)

    def __init__(self, texts: Collection[str]) -> None:
        super().__init__(texts)
        codes = TerytCode.objects.filter(code__in=[typed(text) for text in texts])
        former = codes.filter(local_government__in=self.allowed())
        for teryt in former.select_related("local_government"):
            self.by_code.setdefault(teryt.code, teryt.local_government)

    def _keys(self, text: str) -> list[str]:
        """The bare name as well: without the kind of a gmina, without the word for the level."""
        bare = text.split("(")[0].strip()
        name = bare.removeprefix("powiat ").removeprefix("województwo ")
        return [sort_key(text), sort_key(bare), sort_key(name)]

    def _named(self, text: str) -> list:
        whole = [row for row in self.rows if fold(str(row)) == fold(text)]
        return whole or [row for row in self.rows if fold(row.name) == fold(text)]


class PowiatLookup(LocalGovernmentLookup):
    """Powiats and cities with powiat rights: what an area is made of."""

    missing = "„{text}” to nie powiat ani miasto na prawach powiatu. Wybierz z listy."

    def allowed(self) -> QuerySet[LocalGovernment]:
        return LocalGovernment.objects.powiats()


class SeatLookup(LocalGovernmentLookup):
    """What can be a seat: gminas and cities with powiat rights."""

    missing = "Nie ma gminy „{text}”. Wybierz z listy albo podaj kod TERYT."

    def allowed(self) -> QuerySet[LocalGovernment]:
        return LocalGovernment.objects.seats()


def representatives(codes: Collection[str], day: date) -> list[tuple[Person, Entity]]:
    """`(person, entity)` of all who represent the entities on the day, in the Polish order."""
    rows = Representation.objects.filter(
        Q(since=None) | Q(since__lte=day),
        Q(until=None) | Q(until__gte=day),
        entity__code__in=codes,
    )
    rows = rows.select_related("person", "entity").order_by(
        "entity__sort_key", "person__sort_key", "person__code"
    )
    return list(dict.fromkeys((row.person, row.entity) for row in rows))
