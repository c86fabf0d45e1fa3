"""Records of a register that may mean one thing: likely twins of what is typed, pairs of them all.

What two records must share to be likely twins is said once for each register, by `shared` of
its traits. The register is read with a fixed number of queries, and only records with a key of
`blocks` in common are compared, so that looking at all pairs costs little more than reading them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Any

from entities.models import Entity, Kind, NotDuplicate, Person, Representation
from owes.folding import fold

# Share of three-letter pieces from which two names are alike: "KGW Łąck" and "KGW w Łącku" are,
# "Przyjaciele Szkoły w Łącku" and "Przyjaciele Gminy w Łącku" are not.
ALIKE = 0.6
# The same of a name written from memory, beside those it may mean: "Stow. Przyjaciol Zagody".
NEAR = 0.3
# Share of common letters from which both names of a person sound alike: "Fijałkowska" and
# "Fiałkofska" do, "Zofia" and "Lidia" do not.
SOUNDS = 0.7
# Two letters wrong in one name: it is long, and the first letter is right. Else it is another one.
LONG = 6
MOST_NEAR = 5
MISSPELT = "podobne imię i nazwisko"
SHORT = {
    "kolo gospodyn wiejskich": "kgw",
    "ochotnicza straz pozarna": "osp",
    "spoldzielnia socjalna": "ss",
    "warsztaty terapii zajeciowej": "wtz",
    "warsztat terapii zajeciowej": "wtz",
    "zaklad aktywnosci zawodowej": "zaz",
    "centrum integracji spolecznej": "cis",
    "klub integracji spolecznej": "kis",
    "lokalna grupa dzialania": "lgd",
    "uczniowski klub sportowy": "uks",
    "ludowy klub sportowy": "lks",
}
LITTLE_WORDS = {"w", "we", "z", "ze", "im", "imienia", "i", "na", "rzecz", "dla", "przy"}
# What names of one legal form share anyway.
COMMON_WORDS = {*SHORT.values(), "stowarzyszenie", "fundacja", "towarzystwo", "klub", "grupa"}
COMMON_WORDS |= {"przyjaciol", "milosnikow", "inicjatywna", "spoldzielnia", "zwykle"}


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

    columns = ("pk", "name", "legal_form", "nip", "regon", "krs", "seat_id", "email", "phone")
    kin = ("parent_id", "founding_group_id", "predecessor_id")

    @classmethod
    def of(cls, entity: Entity) -> "EntityTraits":
        values = [getattr(entity, name) for name in (*cls.columns, *cls.kin)]
        return cls.read(values)

    @classmethod
    def read(cls, values: Sequence) -> "EntityTraits":
        key, name, form, nip, regon, krs, seat, email, phone, *kin = values
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
        )

    @classmethod
    def register(cls) -> list["EntityTraits"]:
        return [cls.read(row) for row in Entity.objects.values_list(*cls.columns, *cls.kin)]

    def blocks(self) -> Iterator[tuple]:
        for name in ("nip", "regon", "krs", "name", "email", "phone"):
            if value := getattr(self, name):
                yield name, value
        if self.seat:
            for word in own_words(self.name).split():
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

    def _is_kin(self, other: "EntityTraits") -> bool:
        siblings = self.relatives & other.relatives
        return bool(siblings) or other.key in self.relatives or self.key in other.relatives

    def _is_another(self, other: "EntityTraits") -> bool:
        """Registers gave the two different numbers."""
        return any(getattr(self, name) and getattr(other, name) for name in ("nip", "krs"))

    def _sounds_like(self, other: "EntityTraits") -> bool:
        own, others = pieces(own_words(self.name)), pieces(own_words(other.name))
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

    columns = (
        "pk",
        "first_name",
        "last_name",
        "sex",
        "birth_date",
        "birth_year",
        "email",
        "phone",
    )

    @classmethod
    def of(cls, person: Person, entities: Iterable[int] = ()) -> "PersonTraits":
        return cls.read([getattr(person, name) for name in cls.columns], entities)

    @classmethod
    def read(cls, values: Sequence, entities: Iterable[int] = ()) -> "PersonTraits":
        key, first_name, last_name, sex, birth_date, birth_year, email, phone = values
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
        )

    @classmethod
    def register(cls) -> list["PersonTraits"]:
        entities = defaultdict(set)
        for person, entity in Representation.objects.values_list("person_id", "entity_id"):
            entities[person].add(entity)
        people = Person.objects.values_list(*cls.columns)
        return [cls.read(row, entities[row[0]]) for row in people]

    @property
    def name(self) -> str:
        """The words of the name in whichever order they were typed."""
        return " ".join(sorted(f"{self.first_name} {self.last_name}".split()))

    def blocks(self) -> Iterator[tuple]:
        for name in ("name", "email", "phone"):
            if value := getattr(self, name):
                yield name, value
        for order in self._orders():
            for spelling in without_a_letter(" ".join(order)):
                yield "spelling", spelling

    def _orders(self) -> set[tuple[str, str]]:
        return {(self.first_name, self.last_name), (self.last_name, self.first_name)}

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
        if contact and self.last_name and self.last_name == other.last_name:
            return ("nazwisko", *born, *contact, *entities)
        if contact and self.first_name and self.first_name == other.first_name:
            return ("imię", *born, *contact, *entities)
        return ()

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
        for order in other._orders():
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
        return ()

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
                _share(name, other_name) >= SOUNDS
                for name, other_name in zip(order, others, strict=True)
            )
            for order in (names, names[::-1])
            for others in [(other.first_name, other.last_name)]
        )


Traits = EntityTraits | PersonTraits
TRAITS: dict[str, Any] = {Kind.ENTITY: EntityTraits, Kind.PERSON: PersonTraits}


@dataclass(frozen=True)
class Twin:
    """A record of the register that may be the one typed, and what the two share."""

    row: Any
    shared: tuple


@dataclass(frozen=True)
class TwinPair:
    first: object
    second: object
    shared: tuple


class TwinRegister:
    """The traits of all records of a kind, read once, and the search for twins among them."""

    def __init__(self, kind: str) -> None:
        self.kind = Kind(kind)
        self.traits = {traits.key: traits for traits in TRAITS[self.kind].register()}
        self.blocks = defaultdict(list)
        for traits in self.traits.values():
            for block in set(traits.blocks()):
                self.blocks[block].append(traits.key)

    def twins(self, *typed: Traits) -> list[list[Twin]]:
        """For each of the traits a list of `Twin`, those that share most first.

        Of people also those whom the name typed may be a misspelling of.
        """
        twins_of = [
            {
                key: shared
                for key in self._comparable(traits)
                if key != traits.key and (shared := self._shared(traits, self.traits[key]))
            }
            for traits in typed
        ]
        return self._as_twins(twins_of)

    def _comparable(self, traits: Any) -> set[int]:
        """Keys of those worth comparing with the traits."""
        keys = {key for block in traits.blocks() for key in self.blocks.get(block, ())}
        if self.kind == Kind.PERSON:
            words = without_a_letter(traits.first_name) | without_a_letter(traits.last_name)
            keys |= {key for word in words for key in self.spelt.get(word, ())}
            keys |= {key for entity in traits.entities for key in self.of_entity[entity]}
        return keys

    def _shared(self, traits: Any, other: Any) -> tuple[str, ...]:
        return traits.shared(other) or (traits.near(other) if self.kind == Kind.PERSON else ())

    def _as_twins(self, twins_of: list[dict]) -> list[list[Twin]]:
        rows = self._rows({key for twins in twins_of for key in twins})
        return [
            sorted(
                (Twin(rows[key], shared) for key, shared in twins.items() if key in rows),
                key=lambda twin: (
                    -len(twin.shared),
                    MISSPELT in twin.shared,
                    twin.row.sort_key,
                    twin.row.pk,
                ),
            )
            for twins in twins_of
        ]

    @cached_property
    def spelt(self) -> dict[str, set[int]]:
        """`{a first or last name, also without one letter: keys}` of people."""
        keys = defaultdict(set)
        for traits in self.traits.values():
            for word in without_a_letter(traits.first_name) | without_a_letter(traits.last_name):
                keys[word].add(traits.key)
        return keys

    @cached_property
    def of_entity(self) -> dict[int, list[int]]:
        """`{entity: keys}` of the people who represent it."""
        keys = defaultdict(list)
        for traits in self.traits.values():
            for entity in traits.entities:
                keys[entity].append(traits.key)
        return keys

    def pairs(self, most: int | None = None) -> list[TwinPair]:
        """`TwinPair`s of likely twins that nobody said to be two; those sharing most first."""
        pairs = self.pair_keys()[:most]
        rows = self._rows({key for first, second, _ in pairs for key in (first, second)})
        return [
            TwinPair(rows[first], rows[second], shared)
            for first, second, shared in pairs
            if first in rows and second in rows
        ]

    def pair_keys(self) -> list[tuple[int, int, tuple[str, ...]]]:
        """`(key, key, what the two share)` of all the pairs, in the same order."""
        dismissed = NotDuplicate.objects.filter(kind=self.kind)
        met, pairs = set(dismissed.values_list("first_key", "second_key")), []
        for keys in self.blocks.values():
            for place, key in enumerate(keys):
                for other_key in keys[place + 1 :]:
                    first, second = sorted((key, other_key))
                    if (first, second) in met:
                        continue
                    met.add((first, second))
                    one_of, other_of = self.traits[first], self.traits[second]
                    if shared := one_of.shared(other_of) or self._odd(one_of, other_of):
                        pairs.append((first, second, shared))
        return sorted(pairs, key=lambda pair: (-len(pair[2]), self.traits[pair[0]].name, pair))

    def _odd(self, traits: Any, other: Any) -> tuple[str, ...]:
        """A letter apart in a word that nobody else has: more likely a slip than two people."""
        if self.kind == Kind.PERSON and any(
            len(self.named[word]) == 1 for word in traits.odd_words(other)
        ):
            return (MISSPELT,)
        return ()

    @cached_property
    def named(self) -> dict[str, set[int]]:
        """`{first or last name: keys}` of people."""
        keys = defaultdict(set)
        for traits in self.traits.values():
            keys[traits.first_name].add(traits.key)
            keys[traits.last_name].add(traits.key)
        return keys

    def _rows(self, keys: set[int]) -> dict[int, Any]:
        if not keys:
            return {}
        rows = self.kind.model.objects.all()
        if self.kind == Kind.ENTITY:
            rows = rows.select_related("seat")
        else:
            rows = rows.prefetch_related("representations__entity")
        return rows.in_bulk(keys)


def _same_contact(traits: Traits, other: Traits) -> tuple[str, ...]:
    email = ("e-mail",) if traits.email and traits.email == other.email else ()
    phone = ("telefon",) if traits.phone and traits.phone == other.phone else ()
    return email + phone


def near_entities(names: Iterable[str]) -> dict[str, list[Entity]]:
    """`{name: [Entity]}` of the entities whose names are most like each; two queries."""
    words_of = {key: entity_words(name) for key, name in Entity.objects.values_list("pk", "name")}
    known = {key: (words, pieces(own_words(words))) for key, words in words_of.items()}
    nearest = {}
    for name in names:
        asked = entity_words(name)
        places = []
        for key, (words, own) in known.items():
            share = _common(pieces(own_words(asked)), own)
            if share >= NEAR:
                # Short words and numbers have no pieces: they tell apart what is as near.
                places.append((-share, -_common(set(asked.split()), set(words.split())), key))
        nearest[name] = [key for *_, key in sorted(places)[:MOST_NEAR]]
    wanted = {key for near in nearest.values() for key in near}
    rows = Entity.objects.select_related("seat").in_bulk(wanted)
    return {name: [rows[key] for key in near] for name, near in nearest.items()}


def _common(pieces: set[str], others: set[str]) -> float:
    """The size of the intersection divided by the size of the union."""
    return len(pieces & others) / len(pieces | others or {""})


def _are_long(names: tuple[str, str]) -> bool:
    return min(map(len, names)) >= LONG and len({name[0] for name in names}) == 1


@lru_cache(maxsize=4096)
def letters_apart(word: str, other_word: str) -> int:
    """How many letters are wrong, missing, too many or swapped with the next one."""
    rows = [list(range(len(other_word) + 1))]
    for n, letter in enumerate(word):
        row = [n + 1]
        for m, other in enumerate(other_word):
            cost = min(rows[-1][m + 1] + 1, row[m] + 1, rows[-1][m] + (letter != other))
            if n and m and (letter, word[n - 1]) == (other_word[m - 1], other):
                cost = min(cost, rows[-2][m - 1] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _share(word: str, other_word: str) -> float:
    return SequenceMatcher(None, word, other_word).ratio()


def entity_words(name: str) -> str:
    """A name as it is compared: folded, legal forms abbreviated, without little words."""
    text = re.sub(r"[^\w ]", " ", fold(name))
    text = " ".join(text.split())
    for words, short in SHORT.items():
        text = re.sub(rf"\b{words}\b", short, text)
    return " ".join(word for word in text.split() if word not in LITTLE_WORDS)


def own_words(name: str) -> str:
    """The words that are the entity's own; all of them when it has no other."""
    own = [word for word in name.split() if word not in COMMON_WORDS]
    return " ".join(own) or name


def pieces(text: str) -> set[str]:
    return {text[place : place + 3] for place in range(len(text) - 2)} or {text} - {""}


def without_a_letter(text: str) -> set[str]:
    """The text and each text with one letter less: two that meet are a letter or a swap apart."""
    return {text} | {text[:place] + text[place + 1 :] for place in range(len(text))} - {""}


def digits(phone: str | None) -> str:
    """The digits of a phone without the prefix of Poland; too few of them are no number."""
    number = re.sub(r"\D", "", phone or "")
    if len(number) > 9:
        number = number.removeprefix("00").removeprefix("48")
    return number if len(number) >= 9 else ""
