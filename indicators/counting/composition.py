"""A rule composed of blocks, as the counting machine counts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from indicators.counting.blocks.bases import Base, source_of
from indicators.counting.blocks.block import (
    Block,
    CandidateCondition,
    Narrowing,
    names_of,
)
from indicators.counting.blocks.conditions import Forms, PsStatus
from indicators.counting.blocks.services import AtLeast
from indicators.counting.sources import Condition, CountingSource

if TYPE_CHECKING:
    from entities.models import Entity
    from indicators.counting.scope import Scope


@dataclass(frozen=True, eq=False)
class Composition:
    """Blocks in the order of the machine; of equal blocks there is one (`composed`)."""

    blocks: tuple[Block, ...]

    @cached_property
    def base(self) -> Base:
        return self._of(Base)[0]

    @property
    def model(self) -> Any:
        return self.base.model

    @property
    def splits(self) -> Mapping[str, Callable[[Any, dict[str, Any]], str]]:
        return self.base.splits

    def candidates(self, scope: Scope) -> QuerySet:
        candidates = self.base.candidates(scope)
        for block in self._conditions:
            candidates = block.narrowed(candidates)
        for narrowing in self._of(Narrowing):
            candidates = self.base.narrowed_by(narrowing, candidates)
        return candidates

    def conditions(self, scope: Scope) -> list[Condition]:
        """Those chosen, the base's own, then those judged on the day counted; each once."""
        on_day = [block for block in self._conditions if block.is_of_counted_day]
        before = [block for block in self._conditions if not block.is_of_counted_day]
        conditions = [
            each for block in before for each in block.conditions(scope, self.counted_day)
        ]
        conditions += self.base.conditions(scope)
        conditions += [
            each for block in on_day for each in block.conditions(scope, self.counted_day)
        ]
        return list({condition.code: condition for condition in conditions}.values())

    @cached_property
    def counting_source(self) -> CountingSource:
        thresholds = tuple(
            block.threshold(number) for number, block in enumerate(self._of(AtLeast), start=1)
        )
        return source_of(self.base, tuple(self._of(Narrowing)), thresholds)

    @property
    def counted_day(self) -> str:
        """The day counted, as in "w dniu pierwszego wsparcia"."""
        support = "uzyskania wymaganego" if self.asks_for_more else "pierwszego"
        return f"dniu {support} wsparcia"

    @property
    def asks_for_more(self) -> bool:
        """Whether one row that passes every step is too little."""
        return bool(self._of(AtLeast))

    @property
    def asks_for_status(self) -> bool:
        return any(block.held for block in self._of(PsStatus))

    def may_count(self, entity: Entity) -> bool:
        """Whether the legal form is one that the rule asks for; without such a rule, of a PES."""
        asked = self._of(Forms)
        if not asked:
            return entity.is_pes
        return all(entity.legal_form in block.forms for block in asked)

    def clauses(self) -> list[str]:
        """What the rule says, block by block; a query for each dictionary that it names."""
        names = names_of(list(self.blocks))
        return [block.words(names) for block in self.blocks]

    def sentence(self) -> str:
        """The whole rule; clauses are numbered, since one may hold an "i" or an "albo"."""
        what, *clauses = self.clauses()
        said = "; ".join(f"{number}) {clause}" for number, clause in enumerate(clauses, start=1))
        whole = f"{what}{f'; {said}' if said else ''}"
        if self.counting_source.amount:
            return f"Sumuje się {whole}. {self.base.added_once}"
        day = "dostaje całe wymagane wsparcie" if self.asks_for_more else "pierwszy raz to spełnia"
        return f"Liczy się {whole}. Liczy się raz, gdy {day}."

    def as_json(self) -> list[dict[str, Any]]:
        return [block.as_json() for block in self.blocks]

    @cached_property
    def _conditions(self):
        return self._of(CandidateCondition)

    def _of(self, kind: type[Any]) -> list[Any]:
        return [block for block in self.blocks if isinstance(block, kind)]


@lru_cache(maxsize=500)
def composed(blocks: tuple[Block, ...]) -> Composition:
    """`blocks` as `indicators.counting.blocks.blocks_of` gives them."""
    return Composition(blocks)
