"""Whom a row means: the one place that decides it for forms, rosters, pastes and imports.

A row is somebody of the register for certain, or may be some of them and is asked about, or is
new. The register is read with a fixed number of queries, and only records with a key of `blocks`
in common are compared, so that looking at all pairs costs little more than reading them. What two
share, `entities/traits.py` says; what is peeled off a name before, `entities/written_names.py`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entities.models import Entity, Kind, NotDuplicate, merged_codes
from entities.spelling import common_share, entity_words, own_words, pieces, without_a_letter
from entities.traits import IN_PART, MISSPELT, PROVEN, TRAITS, UNDENIED, Traits

# Share of three-letter pieces from which a name written from memory may mean another:
# "Stow. Przyjaciol Zagody".
NEAR = 0.3
MOST_NEAR = 5
# The answers of a match.
SAME, ASK, NEW = "same", "ask", "new"


@dataclass(frozen=True)
class Twin:
    """A record of the register that may be the one typed, and what the two share."""

    row: Any
    shared: tuple
    differing: tuple = ()


@dataclass(frozen=True)
class Match:
    """Whom a row means: `row`, when there is no doubt; else one of the `twins`, or nobody yet."""

    row: Any = None
    twins: tuple[Twin, ...] = ()

    @property
    def answer(self) -> str:
        if self.row:
            return SAME
        return ASK if self.twins else NEW


@dataclass(frozen=True)
class TwinPair:
    first: object
    second: object
    shared: tuple


class Matching:
    """The traits of all records of a kind, read once, and the search for matches among them.

    `represented` are pairs of keys of a person and an entity, beside those of the register.
    """

    def __init__(self, kind: str, represented: Iterable[tuple[int, int]] = ()) -> None:
        self.kind = Kind(kind)
        known = TRAITS[self.kind].register(*([represented] if represented else []))
        self.traits = {traits.key: traits for traits in known}
        # An anonymised record is found by its code alone: it is nobody's twin.
        self.comparable = {key: own for key, own in self.traits.items() if not own.is_anonymised}

    @cached_property
    def blocks(self) -> dict[tuple, list[int]]:
        blocks = defaultdict(list)
        for traits in self.comparable.values():
            for block in set(traits.blocks()):
                blocks[block].append(traits.key)
        return blocks

    def key_of(self, code: str) -> int | None:
        """The key of the record with the code, in any case; of a merged one that of its survivor.

        A code as it is written comes first.
        """
        keys = self._keys_by_code
        return keys.get(code) or keys.get(code.casefold()) if code else None

    @cached_property
    def _keys_by_code(self) -> dict[str, int]:
        former = merged_codes(self.kind)
        own = {traits.code: traits.key for traits in self.traits.values()}
        known = former | own
        return {code.casefold(): key for code, key in known.items()} | known

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        keys = defaultdict(list)
        for traits in self.comparable.values():
            keys[traits.exact_name].append(traits.key)
        return keys

    def matches(self, *typed: Traits) -> list[Match]:
        """A `Match` for each of the traits; a code of the register is never doubted."""
        certain = [self._certain(traits) for traits in typed]
        rows = self._rows({key for key in certain if key})
        doubtful = [traits for traits, key in zip(typed, certain, strict=True) if not key]
        twins = iter(self.twins(*doubtful) if doubtful else [])
        return [Match(rows[key]) if key else Match(twins=tuple(next(twins))) for key in certain]

    def _certain(self, traits: Traits) -> int | None:
        """The key of the only record that the traits can mean, if there is one.

        A code that nobody has says that it is none of the register, whatever the name says.
        """
        if traits.code:
            return self.key_of(traits.code)
        namesakes = self.by_name.get(traits.exact_name, [])
        sure = {key: traits.certainty(self.traits[key]) for key in namesakes}
        proven = [key for key in namesakes if sure[key] == PROVEN]
        if len(proven) == 1:
            return proven[0]
        return namesakes[0] if list(sure.values()) == [UNDENIED] else None

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
        return self._as_twins(typed, twins_of)

    def _comparable(self, traits: Any) -> set[int]:
        """Keys of those worth comparing with the traits."""
        keys = {key for block in traits.blocks() for key in self.blocks.get(block, ())}
        if self.kind == Kind.ENTITY:
            begun = [self.begun.get(word[:3], set()) for word in traits.own_name.split()]
            keys |= min(filter(None, begun), key=len, default=set())  # those of its rarest word
        if self.kind == Kind.PERSON:
            keys |= self._misspelt_in_both(traits)
            for block in traits.near_blocks():
                keys |= self.near.get(block, set())
            for entity in traits.entities:
                keys.update(self.of_entity.get(entity, ()))
        return keys

    def _shared(self, traits: Any, other: Any) -> tuple[str, ...]:
        return traits.shared(other) or traits.near(other)

    def _as_twins(self, typed: tuple, twins_of: list[dict]) -> list[list[Twin]]:
        rows = self._rows({key for twins in twins_of for key in twins})
        return [
            sorted(
                (
                    Twin(rows[key], shared, traits.differing(self.traits[key]))
                    for key, shared in twins.items()
                    if key in rows
                ),
                key=lambda twin: (
                    -len(twin.shared),
                    not {MISSPELT, IN_PART}.isdisjoint(twin.shared),
                    twin.row.sort_key,
                    twin.row.pk,
                ),
            )
            for traits, twins in zip(typed, twins_of, strict=True)
        ]

    @cached_property
    def begun(self) -> dict[str, set[int]]:
        """`{first three letters of a word of its own: keys}` of entities."""
        keys = defaultdict(set)
        for traits in self.comparable.values():
            for word in traits.own_name.split():
                keys[word[:3]].add(traits.key)
        return keys

    def _misspelt_in_both(self, traits: Any) -> set[int]:
        """Keys of people whose first and last name are both the typed ones or a letter apart."""
        keys = set()
        for names in traits.orders():
            first, last = (
                {key for word in without_a_letter(name) for key in spelt.get(word, ())}
                for name, spelt in zip(names, self.spelt, strict=True)
            )
            keys |= first & last
        return keys

    @cached_property
    def near(self) -> dict[tuple, set[int]]:
        """`{block: keys}` of people who are compared only with what is typed."""
        keys = defaultdict(set)
        for traits in self.comparable.values():
            for block in traits.near_blocks():
                keys[block].add(traits.key)
        return keys

    @cached_property
    def spelt(self) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """`{a name, also without one letter: keys}` of first and of last names."""
        firsts: dict[str, set[int]] = defaultdict(set)
        lasts: dict[str, set[int]] = defaultdict(set)
        for traits in self.comparable.values():
            for spelt, name in ((firsts, traits.first_name), (lasts, traits.last_name)):
                for word in without_a_letter(name):
                    spelt[word].add(traits.key)
        return firsts, lasts

    @cached_property
    def of_entity(self) -> dict[int, list[int]]:
        """`{entity: keys}` of the people who represent it."""
        keys = defaultdict(list)
        for traits in self.comparable.values():
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
        for traits in self.comparable.values():
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


def near_entities(names: Iterable[str]) -> dict[str, list[Entity]]:
    """`{name: [Entity]}` of the entities whose names are most like each; two queries."""
    words_of = {key: entity_words(name) for key, name in Entity.objects.values_list("pk", "name")}
    known = {key: (words, pieces(own_words(words))) for key, words in words_of.items()}
    nearest = {}
    for name in names:
        asked = entity_words(name)
        places = []
        for key, (words, own) in known.items():
            share = common_share(pieces(own_words(asked)), own)
            if share >= NEAR:
                # Short words and numbers have no pieces: they tell apart what is as near.
                places.append((-share, -common_share(set(asked.split()), set(words.split())), key))
        nearest[name] = [key for *_, key in sorted(places)[:MOST_NEAR]]
    wanted = {key for near in nearest.values() for key in near}
    rows = Entity.objects.select_related("seat").in_bulk(wanted)
    return {name: [rows[key] for key in near] for name, near in nearest.items()}
