"""What tells entities and people apart, and what two of them share as likely twins.

What two records must share to be likely twins is said once for each register, by `shared` of its
traits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entities.models import NO_NAME, Entity, Kind, Person, Representation
from entities.spelling import (
    WHOLE_NAMES,
    are_declined,
    digits,
    entity_words,
    letters_apart,
    own_words,
    pieces,
    similarity,
    without_a_letter,
)
from owes.folding import fold

# Share of three-letter pieces from which two names are alike: "KGW Łąck" and "KGW w Łącku" are,
# "Przyjaciele Szkoły w Łącku" and "Przyjaciele Gminy w Łącku" are not.
ALIKE = 0.6
# Share of common letters from which both names of a person sound alike: "Fijałkowska" and
# "Fiałkofska" do, "Zofia" and "Lidia" do not.
SOUNDS = 0.7
# Two letters wrong in one name: it is long, and the first letter is right. Else it is another one.
LONG = 6
MISSPELT = "podobne imię i nazwisko"
IN_PART = "część imienia i nazwiska"
# A shorter half of a surname is a particle: "de", "van".
SHORTEST_HALF = 3
# How sure it is that two records mean one.
PROVEN, UNDENIED = 2, 1
# Letters by which a corrected name differs from the misspelt one.
MOST_SLIPS = 3


@dataclass(frozen=True)
class EntityTraits:
    """What tells an entity from another; empty where not known."""

    key: int | None
    name: str
    legal_form: str
    nip: str
    regon: str
    krs: str
    seat: int | None
    email: str
    phone: str
    relatives: frozenset
    code: str = ""

    columns = (
        *("pk", "code", "name", "legal_form", "nip", "regon", "krs", "seat_id", "email", "phone"),
    )
    kin = ("parent_id", "founding_group_id", "predecessor_id")
    is_anonymised = False

    @classmethod
    def of(cls, entity: Entity) -> "EntityTraits":
        values = [getattr(entity, name) for name in (*cls.columns, *cls.kin)]
        return cls.read(values)

    @classmethod
    def read(cls, values: Sequence) -> "EntityTraits":
        key, code, name, form, nip, regon, krs, seat, email, phone, *kin = values
        relatives = frozenset(filter(None, kin))
        return cls(
            key,
            entity_words(name),
            form,
            nip,
            regon,
            krs,
            seat,
            fold(email),
            digits(phone),
            relatives,
            code or "",
        )

    @classmethod
    def register(cls) -> list["EntityTraits"]:
        return [cls.read(row) for row in Entity.objects.values_list(*cls.columns, *cls.kin)]

    def blocks(self) -> Iterator[tuple]:
        for name in ("nip", "regon", "krs", "name", "email", "phone"):
            if value := getattr(self, name):
                yield name, value
        if self.seat:
            for word in self.own_name.split():
                yield "seat", self.seat, self.legal_form, word[:3]

    def shared(self, other: "EntityTraits") -> tuple[str, ...]:
        """What likely twins have in common, in words; empty for two that are not."""
        if self._is_kin(other):
            return ()
        numbers = tuple(
            name.upper()
            for name in ("nip", "regon", "krs")
            if getattr(self, name) and getattr(self, name) == getattr(other, name)
        )
        if not numbers and self._is_another(other):
            return ()
        is_same_form = self.legal_form == other.legal_form
        is_same_place = None in (self.seat, other.seat) or self.seat == other.seat
        name: tuple[str, ...] = ()
        contact: tuple[str, ...] = ()
        if self.name and self.name == other.name and is_same_place:
            name = ("nazwa",)
        elif is_same_form and self.seat and self.seat == other.seat and self._sounds_like(other):
            name = ("podobna nazwa w tej samej gminie",)
        if is_same_form or name:
            contact = _same_contact(self, other)
        return numbers + name + contact

    @property
    def exact_name(self) -> str:
        return self.name

    @cached_property
    def own_name(self) -> str:
        """The name without what entities of its form share."""
        return own_words(self.name)

    @cached_property
    def own_pieces(self) -> set[str]:
        return pieces(self.own_name)

    def certainty(self, other: "EntityTraits") -> int:
        """`PROVEN` where the two are one beyond doubt, else 0."""
        shared = self.shared(other)
        if self.name != other.name or not shared or self._is_known_otherwise(other):
            return 0
        is_same_place = bool(self.seat) and self.seat == other.seat
        return PROVEN if is_same_place or set(shared) - {"nazwa"} else 0

    def is_another(self, known: "EntityTraits") -> bool:
        """Whether a known entity would become another: by a number, or by its name and form."""
        numbers = [(getattr(self, name), getattr(known, name)) for name in ("nip", "krs")]
        is_renumbered = any(all(pair) and pair[0] != pair[1] for pair in numbers)
        return is_renumbered or (self.name != known.name and self.legal_form != known.legal_form)

    def _is_known_otherwise(self, other: "EntityTraits") -> bool:
        return bool(set(self.differing(other)) - {"telefon", "e-mail"})

    def differing(self, other: "EntityTraits") -> tuple[str, ...]:
        """What is known of both and is not the same, in words."""
        labels = {
            "name": "nazwa",
            "legal_form": "forma prawna",
            "nip": "NIP",
            "regon": "REGON",
            "krs": "KRS",
            "seat": "gmina",
            "phone": "telefon",
            "email": "e-mail",
        }
        return _differing(self, other, labels)

    def near(self, other: "EntityTraits") -> tuple[str, ...]:
        """What a typed one shares with one of a declined name, or of a gmina not known."""
        is_elsewhere = self.seat and other.seat and self.seat != other.seat
        if self._is_kin(other) or self._is_another(other) or is_elsewhere:
            return ()
        if self.legal_form and self.legal_form != other.legal_form:
            return ()
        is_alike = self._sounds_like(other) or are_declined(self.own_name, other.own_name)
        return ("podobna nazwa",) if is_alike else ()

    def _is_kin(self, other: "EntityTraits") -> bool:
        siblings = self.relatives & other.relatives
        return bool(siblings) or other.key in self.relatives or self.key in other.relatives

    def _is_another(self, other: "EntityTraits") -> bool:
        """Registers gave the two different numbers."""
        return any(getattr(self, name) and getattr(other, name) for name in ("nip", "krs"))

    def _sounds_like(self, other: "EntityTraits") -> bool:
        own, others = self.own_pieces, other.own_pieces
        return bool(own and others) and len(own & others) >= ALIKE * len(own | others)


@dataclass(frozen=True)
class PersonTraits:
    """What tells a person from another; empty where not known."""

    key: int | None
    first_name: str
    last_name: str
    sex: str
    birth_date: object
    birth_year: int | None
    email: str
    phone: str
    entities: frozenset
    code: str = ""
    exact_name: str = ""
    maiden_name: str = ""
    is_anonymised: bool = False

    columns = (
        "pk",
        "code",
        "first_name",
        "last_name",
        "sex",
        "birth_date",
        "birth_year",
        "email",
        "phone",
    )

    @classmethod
    def of(
        cls, person: Person, entities: Iterable[int] = (), maiden_name: str = ""
    ) -> "PersonTraits":
        """`maiden_name` is a former surname that the typed name tells."""
        return cls.read([getattr(person, name) for name in cls.columns], entities, maiden_name)

    @classmethod
    def read(
        cls, values: Sequence, entities: Iterable[int] = (), maiden_name: str = ""
    ) -> "PersonTraits":
        key, code, first_name, last_name, sex, birth_date, birth_year, email, phone = values
        return cls(
            key,
            fold(first_name),
            fold(last_name),
            sex,
            birth_date,
            birth_date.year if birth_date else birth_year,
            fold(email),
            digits(phone),
            frozenset(entities),
            code or "",
            _in_any_order(f"{first_name} {last_name}".casefold().replace("-", " ")),
            fold(maiden_name),
            {"first_name": first_name, "last_name": last_name} == NO_NAME,
        )

    @classmethod
    def register(cls, represented: Iterable[tuple[int, int]] = ()) -> list["PersonTraits"]:
        """`represented` are further pairs of keys of a person and an entity."""
        entities = defaultdict(set)
        pairs = Representation.objects.values_list("person_id", "entity_id")
        for person, entity in (*pairs, *represented):
            entities[person].add(entity)
        people = Person.objects.values_list(*cls.columns)
        return [cls.read(row, entities[row[0]]) for row in people]

    @property
    def name(self) -> str:
        """The words of the name in whichever order they were typed."""
        return _in_any_order(f"{self.first_name} {self.last_name}")

    @cached_property
    def names(self) -> frozenset[str]:
        """The name, and what is left of it without additions.

        Without a second first name or half of a surname, with the maiden name, with the whole
        first name for a pet form.
        """
        first, *_ = self.first_name.split() or [""]
        firsts = {self.first_name, first, WHOLE_NAMES.get(first, first)}
        halves = {half for half in self.last_name.split() if len(half) >= SHORTEST_HALF}
        lasts = {self.last_name, self.maiden_name, *halves} - {""}
        lasts |= {WHOLE_NAMES.get(last, last) for last in lasts}  # of a name turned round
        return frozenset(_in_any_order(f"{one} {other}") for one in firsts for other in lasts)

    def blocks(self) -> Iterator[tuple]:
        for name in self.names:
            yield "name", name
        for name in ("email", "phone"):
            if value := getattr(self, name):
                yield name, value
        for order in self.orders():
            for spelling in without_a_letter(" ".join(order)):
                yield "spelling", spelling

    def orders(self) -> set[tuple[str, str]]:
        return {(self.first_name, self.last_name), (self.last_name, self.first_name)}

    def near_blocks(self) -> Iterator[tuple]:
        """Blocks of people one of whose names is the same, and the other begins alike."""
        for first, last in self.orders():
            yield "one", first, last[:1]
            yield "other", last, first[:1]

    def shared(self, other: "PersonTraits") -> tuple[str, ...]:
        """What likely twins have in common, in words; empty for two that are not."""
        if self._is_born_otherwise(other):
            return ()
        contact = _same_contact(self, other)
        born: tuple[str, ...] = ()
        entities: tuple[str, ...] = ()
        if self.birth_date and self.birth_date == other.birth_date:
            born = ("data urodzenia",)
        elif self.birth_year and self.birth_year == other.birth_year:
            born = ("rok urodzenia",)
        if self.entities & other.entities:
            entities = ("podmiot",)
        if self.name and self.name == other.name:
            return ("imię i nazwisko", *born, *contact, *entities)
        if (born or contact or entities) and self._is_spelt_like(other):
            return (MISSPELT, *born, *contact, *entities)
        if (born or contact or entities) and self._is_partly_named_as(other):
            return (IN_PART, *born, *contact, *entities)
        if contact and self.last_name and self.last_name == other.last_name:
            return ("nazwisko", *born, *contact, *entities)
        if contact and self.first_name and self.first_name == other.first_name:
            return ("imię", *born, *contact, *entities)
        return ()

    def certainty(self, other: "PersonTraits") -> int:
        """`PROVEN` where the two are one beyond doubt; `UNDENIED` where nothing says otherwise.

        An equal name proves nothing. It does with a contact, a birth date or an entity in common;
        one who represents nobody yet may represent the entity typed.
        """
        if not self.exact_name or self.exact_name != other.exact_name:
            return 0
        if self._is_born_otherwise(other) or not self._may_be_of_sex(other):
            return 0
        is_born_alike = bool(self.birth_date) and self.birth_date == other.birth_date
        if is_born_alike or self.entities & other.entities or _same_contact(self, other):
            return PROVEN
        return UNDENIED if self.entities and not other.entities else 0

    def is_another(self, known: "PersonTraits") -> bool:
        """Whether a known person would become another: by both names, or a name and the birth."""
        if self.names & known.names:
            return self.name != known.name and self._is_born_otherwise(known)
        names = {self.first_name, self.last_name} & {known.first_name, known.last_name}
        is_misspelt = self._letters_apart(known)[0] <= MOST_SLIPS
        return self._is_born_otherwise(known) or not (names or is_misspelt)

    def differing(self, other: "PersonTraits") -> tuple[str, ...]:
        """What is known of both and is not the same, in words."""
        labels = {
            "first_name": "imię",
            "last_name": "nazwisko",
            "sex": "płeć",
            "birth_date": "data urodzenia",
            "phone": "telefon",
            "email": "e-mail",
        }
        if self.name == other.name:
            del labels["first_name"], labels["last_name"]
        apart = self.entities and other.entities and not self.entities & other.entities
        return (*_differing(self, other, labels), *(["podmiot"] if apart else []))

    def _is_partly_named_as(self, other: "PersonTraits") -> bool:
        return self._may_be_of_sex(other) and bool(self.names & other.names)

    def _is_born_otherwise(self, other: "PersonTraits") -> bool:
        if self.birth_date and other.birth_date:
            return self.birth_date != other.birth_date
        return bool(self.birth_year and other.birth_year) and self.birth_year != other.birth_year

    def _is_spelt_like(self, other: "PersonTraits") -> bool:
        """One letter apart; Jan and Jana are two, as far as the sex is known."""
        return self._may_be_of_sex(other) and self._letters_apart(other)[0] == 1

    def _is_misspelt(self, other: "PersonTraits") -> bool:
        """One letter apart, one in each name, or two in a long one."""
        if not self._may_be_of_sex(other):
            return False
        letters, differ = self._letters_apart(other)
        return letters == 1 or (letters == 2 and (len(differ) == 2 or all(map(_are_long, differ))))

    def _letters_apart(self, other: "PersonTraits") -> tuple[int, list[tuple[str, str]]]:
        """How many letters the two names differ by, in the order that agrees best, and in what."""
        distances = []
        for order in other.orders():
            pairs = list(zip((self.first_name, self.last_name), order, strict=True))
            differ = [(own, others) for own, others in pairs if own != others]
            distances.append((sum(letters_apart(own, others) for own, others in differ), differ))
        return min(distances)

    def _may_be_of_sex(self, other: "PersonTraits") -> bool:
        return not (self.sex and other.sex) or self.sex == other.sex

    def near(self, other: "PersonTraits") -> tuple[str, ...]:
        """What two people share when one name may be a misspelling of the other, in words."""
        if self._is_born_otherwise(other):
            return ()
        entities = ("podmiot",) if self.entities & other.entities else ()
        if self._is_misspelt(other) or (entities and self._sounds_like(other)):
            return (MISSPELT, *entities)
        if self._is_partly_named_as(other) or self._is_initialled_as(other):
            return (IN_PART, *entities)
        return ()

    def _is_initialled_as(self, other: "PersonTraits") -> bool:
        """ "A. Nowak" of "Anna Nowak"."""
        if not self.last_name or self.last_name != other.last_name:
            return False
        names = [self.first_name.rstrip("."), other.first_name.rstrip(".")]
        return min(map(len, names)) == 1 and names[0][:1] == names[1][:1]

    def odd_words(self, other: "PersonTraits") -> tuple[str, ...]:
        """The two spellings of the only word that differs, by one letter, in people of one sex."""
        if self.sex and self.sex == other.sex and not self._is_born_otherwise(other):
            letters, differ = self._letters_apart(other)
            if letters == 1:
                return differ[0]
        return ()

    def _sounds_like(self, other: "PersonTraits") -> bool:
        names = [self.first_name, self.last_name]
        return self._may_be_of_sex(other) and any(
            all(
                similarity(name, other_name) >= SOUNDS
                for name, other_name in zip(order, others, strict=True)
            )
            for order in (names, names[::-1])
            for others in [(other.first_name, other.last_name)]
        )


Traits = EntityTraits | PersonTraits
TRAITS: dict[str, Any] = {Kind.ENTITY: EntityTraits, Kind.PERSON: PersonTraits}


def _in_any_order(words: str) -> str:
    return " ".join(sorted(words.split()))


def _differing(traits: Traits, other: Traits, labels: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        label
        for name, label in labels.items()
        if getattr(traits, name)
        and getattr(other, name)
        and getattr(traits, name) != getattr(other, name)
    )


def _same_contact(traits: Traits, other: Traits) -> tuple[str, ...]:
    email = ("e-mail",) if traits.email and traits.email == other.email else ()
    phone = ("telefon",) if traits.phone and traits.phone == other.phone else ()
    return email + phone


def _are_long(names: tuple[str, str]) -> bool:
    return min(map(len, names)) >= LONG and len({name[0] for name in names}) == 1
