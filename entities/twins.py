"""Records of a register that may mean one thing: likely twins of what is typed, pairs of them all.

The register is read with a fixed number of queries, and only records with a key of `blocks` in
common are compared, so that looking at all pairs costs little more than reading them. What two
share, `entities/traits.py` says.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entities.models import Entity, Kind, NotDuplicate
from entities.spelling import common_share, entity_words, own_words, pieces, without_a_letter
from entities.traits import MISSPELT, TRAITS, Traits

# Share of three-letter pieces from which a name written from memory may mean another:
# "Stow. Przyjaciol Zagody".
NEAR = 0.3
MOST_NEAR = 5


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
