"""What made a counted record count: the objects of its deciding row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.counting.engine import Indicator
from indicators.counting.row_objects import RowObjects, SourceRows
from indicators.counting.store import kept
from owes.periods import Period

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


@dataclass(frozen=True)
class DecidingObject:
    """An object that decided, in words.

    `list_view` is its list in the project, searched by `code`, when it has no page of its own.
    """

    instance: object
    code: str
    kind: str
    words: str
    list_view: str | None = None


@dataclass(frozen=True, kw_only=True)
class Decision(RowObjects):
    """The objects of a deciding row."""

    @property
    def advisers(self) -> list[str]:
        return [str(member) for member in self.service.advisers.all()] if self.service else []

    @property
    def deciding(self) -> object:
        """The nearest object that decided: the one to be proven."""
        return self.adoption or self.partnership or self.training or self.service

    def deciding_objects(self) -> list[DecidingObject]:
        """Each object that decided, the nearest one first."""
        objects = []
        if adoption := self.adoption:
            kind, words = adoption.kind.words, adoption.description
            objects.append(DecidingObject(adoption, adoption.code, kind, words, "adoption_list"))
        if act := self.partnership:
            kind, words = act.get_kind_display(), act.document_number
            objects.append(DecidingObject(act, act.code, kind, words, "partnership_list"))
        if training := self.training:
            topic, organiser = training.topic, training.organiser
            objects.append(DecidingObject(training, topic, "", organiser, "staff_list"))
        if service := self.service:
            number, kind = service.printed_number, str(service.type)
            objects.append(DecidingObject(service, number, kind, service.topic))
        return objects


def decisions(indicator: Indicator, scope: Scope, keys: Iterable[int]) -> dict[int, Decision]:
    """`{key: Decision}` of counted records: a fixed number of queries."""
    judged = kept(scope, indicator).filter(candidate__in=keys)
    deciding_rows = dict(judged.values_list("candidate", "row"))
    rows = SourceRows.of(deciding_rows.values())
    return {key: Decision(**rows.named_by(row)) for key, row in deciding_rows.items()}


def unproven(scope: Scope, period: Period) -> dict[str, set[int]]:
    """`{code: keys of the counted records that have no proof}` of every indicator."""
    rows = kept(scope).counted_in(period).filter(lacks_proof=True)
    keys: dict[str, set[int]] = {indicator.code: set() for indicator in scope.indicators}
    for code, candidate in rows.values_list("indicator", "candidate"):
        keys[code].add(candidate)
    return keys
