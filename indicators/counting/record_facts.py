"""What reports print of a counted record, as plain values.

People appear as code, K or M, the entity they represented and the day; never by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.row_objects import KINDS, RowObjects, SourceRows
from indicators.counting.splits import by_activity
from owes.formatting import HOURS, NOT_GIVEN
from owes.free_text import covered
from support.models import Service, Session, StaffMember

if TYPE_CHECKING:
    from indicators.counting.engine import Indicator
    from indicators.counting.judging import Verdict


@dataclass(frozen=True, kw_only=True)
class CountedRecord(RowObjects):
    """A counted record with the objects of the row that decided."""

    record: Any
    counted_on: date
    amount: int = 1

    def decided_by(self) -> dict[str, str]:
        """`{kind: code}` of what the row names; a training has its topic."""
        return {
            kind.name: kind.code_of(instance)
            for kind in KINDS
            if (instance := getattr(self, kind.name))
        }


@dataclass(frozen=True)
class PrintedField:
    """A value that a report prints of a record.

    Its column is a "text", "word", "day", "code", "count" or "hours" (of minutes).

    `is_typed` where people type it freely: it is covered where it leads to somebody.
    """

    title: str
    read: Callable[[Any], Any]  # of a `CountedRecord`
    kind: str = "text"
    is_typed: bool = False

    def printed(self, value: Any) -> Any:
        """The value as it may be shown; a day is a day again."""
        if self.kind == "day":
            return date.fromisoformat(value) if value else None
        return covered(value) if self.is_typed else value


COUNTED_ON = PrintedField("Liczy się od", lambda counted: counted.counted_on.isoformat(), "day")
SERVICE = PrintedField(
    "Usługa", lambda counted: counted.service.printed_number if counted.service else "", "code"
)
TRAINING_TITLE = "Szkolenie"
ACTIVITY = PrintedField("Działanie", lambda counted: by_activity(counted.record, {}))
# Of a sum: what the record adds, by the unit.
ADDED = {
    HOURS: PrintedField("Czas", lambda counted: counted.amount, "hours"),
    "": PrintedField("Liczba osób", lambda counted: counted.amount, "count"),
}

# What is printed of a record, by what the record is; the first field is what it is called.
LAYOUTS: dict[type, list[PrintedField]] = {
    Entity: [
        PrintedField("Nazwa", lambda counted: counted.record.name),
        PrintedField("Kod", lambda counted: counted.record.code, "code"),
        PrintedField("Forma prawna", lambda counted: counted.record.get_legal_form_display()),
        PrintedField("Gmina siedziby", lambda counted: str(counted.record.seat or "")),
        PrintedField(
            "Wdrożenie",
            lambda counted: counted.adoption.description if counted.adoption else "",
            is_typed=True,
        ),
        COUNTED_ON,
        SERVICE,
    ],
    Person: [
        PrintedField("Kod osoby", lambda counted: counted.record.code, "code"),
        PrintedField("K/M", lambda counted: counted.record.sex, "word"),
        PrintedField("Reprezentowany podmiot", lambda counted: counted.entity.name),
        PrintedField("Kod podmiotu", lambda counted: counted.entity.code, "code"),
        COUNTED_ON,
        SERVICE,
    ],
    LocalGovernment: [
        PrintedField("Samorząd", lambda counted: str(counted.record)),
        PrintedField("Kod", lambda counted: counted.record.code, "code"),
        PrintedField(
            "Pierwsza współpraca", lambda counted: counted.partnership.get_kind_display()
        ),
        PrintedField(
            "Dokument", lambda counted: counted.partnership.document_number, is_typed=True
        ),
        COUNTED_ON,
    ],
    StaffMember: [
        PrintedField("Kadra", lambda counted: counted.record.name),
        PrintedField(TRAINING_TITLE, lambda counted: counted.training.topic, is_typed=True),
        PrintedField("Organizator", lambda counted: counted.training.organiser, is_typed=True),
        PrintedField(
            "Zaświadczenie", lambda counted: counted.training.certificate_number, is_typed=True
        ),
        COUNTED_ON,
    ],
    Session: [SERVICE, ACTIVITY, COUNTED_ON],
    Service: [SERVICE, ACTIVITY, COUNTED_ON],
}
TYPED = {field.title for layout in LAYOUTS.values() for field in layout if field.is_typed}
# What fields and splits read of a record.
RELATED: dict[type, list[str]] = {
    Entity: ["seat__powiat"],
    LocalGovernment: ["powiat"],
    Person: [],
    StaffMember: [],
    Session: ["service__activity"],
    Service: ["activity"],
}


def layout_of(indicator: Indicator) -> list[PrintedField]:
    """What is printed of the records of an indicator; of a sum, also what each adds."""
    layout = LAYOUTS[indicator.model]
    return [*layout, ADDED[indicator.unit]] if indicator.is_sum else layout


def facts_of(
    indicator: Indicator, verdicts: Iterable[Verdict]
) -> dict[int, tuple[dict[str, Any], dict[str, str]]]:
    """`{candidate: (facts, labels)}` of the counted: at most six queries.

    Facts are `label`, `values` by the title of the field, uncovered, and `decided_by`; labels say
    where the record stands in each split.
    """
    counted = {each.candidate: each for each in verdicts if each.is_counted}
    model = indicator.model
    records = model.objects.select_related(*RELATED[model]).in_bulk(counted)
    rows = SourceRows.bare(verdict.row for verdict in counted.values())
    return {
        key: _facts(indicator, records[key], verdict, rows)
        for key, verdict in counted.items()
        if key in records
    }


def _facts(indicator, record, verdict, rows):
    named = rows.named_by(verdict.row)
    counted = CountedRecord(
        record=record, counted_on=verdict.counted_on, amount=verdict.amount, **named
    )
    layout = layout_of(indicator)
    facts = {
        "label": layout[0].read(counted),
        "values": {field.title: field.read(counted) for field in layout},
        "decided_by": counted.decided_by(),
    }
    labels = {
        name: read(record, verdict.row) or NOT_GIVEN for name, read in indicator.splits.items()
    }
    return facts, labels
