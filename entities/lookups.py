"""Entities, people and local governments as people name them in a form."""

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When

from entities.models import Entity, LocalGovernment, Person, Representation, TerytCode
from owes.folding import fold, search_words, sort_key
from owes.lookups import Lookup, label_of, typed
from owes.options import Option
from owes.ranking import ranked


class EntityLookup(Lookup):
    """Entities, by NIP, REGON and KRS as well."""

    model = Entity
    missing = "Nie ma w rejestrze podmiotu „{text}”. Wybierz z listy albo dodaj go w rejestrze."
    unclear = "„{text}” nie wskazuje jednego podmiotu. Wybierz podobny z listy albo podaj kod."
    question = "Który podmiot masz na myśli?"

    def _found(self, codes, keys, numbers):
        numbers = {number for number in numbers if number.isdigit()}
        identifiers = Q(nip__in=numbers) | Q(regon__in=numbers) | Q(krs__in=numbers)
        return self.allowed().filter(Q(code__in=codes) | Q(sort_key__in=keys) | identifiers)

    def _named(self, text):
        named, words = super()._named(text), search_words(text)
        if named or len(words) != 1:
            return named
        return [row for row in self.rows if words[0] in (row.nip, row.regon, row.krs)]


class PersonLookup(Lookup):
    """People, by first and last name in either order."""

    model = Person
    missing = "Nie ma w rejestrze osoby „{text}”. Wybierz z listy albo dodaj ją w rejestrze."
    unclear = "„{text}” nie wskazuje jednej osoby. Wybierz podobną z listy albo podaj kod."
    question = "Kogo masz na myśli?"

    def _keys(self, text):
        words = text.split()
        return [sort_key(" ".join(words[n:] + words[:n])) for n in range(len(words))]


class LocalGovernmentLookup(Lookup):
    """By name with the kind, by the digits of TERYT, today's or former."""

    model = LocalGovernment
    missing = "Nie ma samorządu „{text}”. Wybierz z listy albo podaj kod TERYT."
    unclear = "„{text}” nie wskazuje jednego samorządu. Wybierz z listy albo podaj kod TERYT."
    ambiguous = "Jest więcej niż jeden samorząd o tej nazwie. Wybierz z listy ten właściwy."
    question = "Który samorząd masz na myśli?"

    def __init__(self, texts):
        super().__init__(texts)
        codes = TerytCode.objects.filter(code__in=[typed(text) for text in texts])
        former = codes.filter(local_government__in=self.allowed())
        for teryt in former.select_related("local_government"):
            self.by_code.setdefault(teryt.code, teryt.local_government)

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

    def allowed(self):
        return LocalGovernment.objects.powiats()


class SeatLookup(LocalGovernmentLookup):
    """What can be a seat: gminas and cities with powiat rights."""

    missing = "Nie ma gminy „{text}”. Wybierz z listy albo podaj kod TERYT."

    def allowed(self):
        return LocalGovernment.objects.seats()


def suggested_entities(text, entities, favoured=()):
    """The entities by what is typed."""
    return ranked(entities.select_related("seat"), text, favoured)


def entity_option(entity, text):
    """With what tells two of one name apart: the form, the gmina, a number when it was typed."""
    words = search_words(text)
    numbers = {"NIP": entity.nip, "REGON": entity.regon, "KRS": entity.krs}
    asked = [
        f"{name} {number}"
        for name, number in numbers.items()
        if any(word.isdigit() and word in number for word in words)
    ]
    seat = str(entity.seat) if entity.seat else ""
    line = [entity.get_legal_form_display(), seat, *asked]
    return Option.of(entity, " · ".join(filter(None, line)))


def suggested_people(text, codes, favoured=()):
    """People by what is typed, of equals those of the given entities first.

    With no text only those.
    """
    of_codes = Exists(Representation.objects.filter(person=OuterRef("pk"), entity__code__in=codes))
    people = Person.objects.prefetch_related(_representations(codes))
    if not typed(text):
        people = people.filter(of_codes)
    return ranked(people, text, [of_codes, *favoured])


def person_option(person):
    """With whom the person represents; the option carries the entity for the roster."""
    entity = next((one.entity for one in reversed(person.representations.all())), None)
    if not entity:
        return Option.of(person)
    return Option.of(person, str(entity), entity=label_of(entity))


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


def suggested_local_governments(text, rows, favoured=()):
    """Local governments by what is typed, of the `rows` that a field takes."""
    return ranked(rows.select_related("powiat", "parent"), text, favoured)


def local_government_option(government):
    """With its powiat, or the voivodeship of a powiat: names repeat in Poland."""
    above = government.powiat if government.level == LocalGovernment.Level.GMINA else None
    above = above or government.parent
    return Option.of(government, str(above) if above else "")
