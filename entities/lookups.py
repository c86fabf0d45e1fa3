"""Entities, people and local governments as people name them in a form."""

import re

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When

from entities.models import Entity, LocalGovernment, Person, Representation, TerytCode
from owes.folding import fold, sort_key
from owes.lookups import SUGGESTED, Lookup, typed


class EntityLookup(Lookup):
    """Entities, by NIP as well."""

    model = Entity
    missing = "Nie ma w rejestrze podmiotu „{text}”. Wybierz z listy albo dodaj go w rejestrze."

    def _found(self, codes, keys, numbers):
        numbers = {number for number in numbers if number.isdigit()}
        return Entity.objects.filter(Q(code__in=codes) | Q(sort_key__in=keys) | Q(nip__in=numbers))

    def _named(self, text):
        number = re.sub(r"[\s-]", "", text)
        return super()._named(text) or [
            row for row in self.rows if number.isdigit() and row.nip == number
        ]


class PersonLookup(Lookup):
    """People, by first and last name in either order."""

    model = Person
    missing = "Nie ma w rejestrze osoby „{text}”. Wybierz z listy albo dodaj ją w rejestrze."

    def _keys(self, text):
        words = text.split()
        return [sort_key(" ".join(words[n:] + words[:n])) for n in range(len(words))]


class LocalGovernmentLookup(Lookup):
    """By name with the kind, by the digits of TERYT, today's or former."""

    model = LocalGovernment
    missing = "Nie ma samorządu „{text}”. Wybierz z listy albo podaj kod TERYT."
    ambiguous = "Jest więcej niż jeden samorząd o tej nazwie. Wybierz z listy ten właściwy."

    def __init__(self, texts):
        super().__init__(texts)
        codes = TerytCode.objects.filter(code__in=[typed(text) for text in texts])
        former = codes.filter(local_government__in=self._allowed())
        for teryt in former.select_related("local_government"):
            self.by_code.setdefault(teryt.code, teryt.local_government)

    def _allowed(self):
        return LocalGovernment.objects.all()

    def _found(self, codes, keys, numbers):
        return self._allowed().filter(Q(code__in=codes) | Q(sort_key__in=keys))

    def _keys(self, text):
        """The bare name as well: without the kind of a gmina, without the word powiat."""
        bare = text.split("(")[0].strip()
        return [sort_key(text), sort_key(bare), sort_key(bare.removeprefix("powiat "))]

    def _named(self, text):
        whole = [row for row in self.rows if fold(str(row)) == fold(text)]
        return whole or [row for row in self.rows if fold(row.name) == fold(text)]


class PowiatLookup(LocalGovernmentLookup):
    """Powiats and cities with powiat rights: what an area is made of."""

    missing = "„{text}” to nie powiat ani miasto na prawach powiatu. Wybierz z listy."

    def _allowed(self):
        return LocalGovernment.objects.powiats()


class SeatLookup(LocalGovernmentLookup):
    """What can be a seat: gminas and cities with powiat rights."""

    missing = "Nie ma gminy „{text}”. Wybierz z listy albo podaj kod TERYT."

    def _allowed(self):
        return LocalGovernment.objects.seats()


def suggested_entities(text):
    """The first entities by what is typed."""
    return Entity.objects.search(text).select_related("seat")[:SUGGESTED]


def suggested_people(text, codes):
    """People by what is typed, those of the given entities first; with no text only those."""
    known = Exists(Representation.objects.filter(person=OuterRef("pk"), entity__code__in=codes))
    begins = Case(When(search_text__startswith=fold(text), then=0), default=1)
    people = Person.objects.annotate(is_known=known, begins=begins).search(text)
    if not typed(text):
        people = people.filter(is_known=True)
    return people.order_by("-is_known", "begins", "sort_key", "code").prefetch_related(
        _representations(codes)
    )[:SUGGESTED]


def representatives(codes, day):
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


def _representations(codes):
    """Of each person, last the one for an entity of the codes, which is the likely answer."""
    is_asked = Case(When(entity__code__in=codes, then=1), default=0)
    rows = Representation.objects.select_related("entity").annotate(is_asked=is_asked)
    return Prefetch("representations", rows.order_by("is_asked", "pk"))


def suggested_local_governments(text):
    """Of every level by what is typed."""
    return LocalGovernment.objects.search(text)[:SUGGESTED]


def suggested_seats(text):
    """What can be a seat by what is typed: a field never offers what it would refuse."""
    return LocalGovernment.objects.seats().search(text)[:SUGGESTED]
