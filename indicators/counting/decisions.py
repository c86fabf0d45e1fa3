"""What made a counted record count: the objects of its deciding row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.counting.engine import Indicator
from indicators.counting.row_objects import RowObjects, SourceRows

if TYPE_CHECKING:
    from indicators.scope import Scope


@dataclass(frozen=True)
class DecidingObject:
    """An object that decided, in words. `text` finds it in a list.

    `list_view` is its list in the project, when it has no page of its own.
    """

    instance: object
    text: str
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
        if row := self.adoption:
            kind = f"wdrożenie {row.get_kind_display()}"
            objects.append(
                DecidingObject(row, row.code, row.code, kind, row.description, "adoption_list")
            )
        if row := self.partnership:
            kind, number = row.get_kind_display(), row.document_number
            objects.append(
                DecidingObject(row, row.code, row.code, kind, number, "partnership_list")
            )
        if row := self.training:
            objects.append(
                DecidingObject(row, row.topic, row.topic, "", row.organiser, "staff_list")
            )
        if row := self.service:
            objects.append(
                DecidingObject(row, row.code, row.printed_number, str(row.type), row.topic)
            )
        return objects


def decisions(indicator: Indicator, scope: Scope, keys: Iterable[int]) -> dict[int, Decision]:
    """`{key: Decision}` of counted records: a fixed number of queries."""
    records = indicator.candidates(scope).filter(pk__in=keys)
    records = indicator.with_deciding_row(scope, records)
    deciding_rows = dict(records.values_list("pk", "deciding_row"))
    rows = SourceRows.of(deciding_rows.values())
    return {key: Decision(**rows.named_by(row)) for key, row in deciding_rows.items()}
