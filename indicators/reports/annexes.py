"""The annexes of a report: a row for each counted record, as plain values.

People appear as code, K or M, the entity they represented and the day; never by name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.row_objects import KINDS, TRAINING, RowObjects
from owes.free_text import covered
from support.models import StaffMember


@dataclass(frozen=True, kw_only=True)
class CountedRecord(RowObjects):
    """A counted record with the objects of its deciding row.

    `labels` say where it stands in each split of its indicator.
    """

    record: object
    labels: dict

    @property
    def counted_on(self):
        return self.record.counted_on

    def decided_by(self):
        """`{kind: code}` of what the deciding row names; a training has its topic."""
        return {
            kind.name: kind.code_of(instance)
            for kind in KINDS
            if (instance := getattr(self, kind.name))
        }


@dataclass(frozen=True)
class AnnexField:
    """A value that an annex prints of a record; its column is a "text", "word", "day" or "code".

    `is_typed` where people type it freely: it is covered where it leads to somebody.
    """

    title: str
    read: Callable
    kind: str = "text"
    is_typed: bool = False

    def value(self, counted):
        value = self.read(counted)
        return covered(value) if self.is_typed else value


COUNTED_ON = AnnexField("Liczy się od", lambda counted: counted.counted_on, "day")
SERVICE = AnnexField(
    "Usługa", lambda counted: counted.service.printed_number if counted.service else "", "code"
)

TRAINING_TITLE = "Szkolenie"
# What is printed of a record, by what the record is. A column empty in every row is left out.
LAYOUTS = {
    Entity: [
        AnnexField("Nazwa", lambda counted: counted.record.name),
        AnnexField("Kod", lambda counted: counted.record.code, "code"),
        AnnexField("Forma prawna", lambda counted: counted.record.get_legal_form_display()),
        AnnexField("Gmina siedziby", lambda counted: str(counted.record.seat or "")),
        AnnexField(
            "Wdrożenie",
            lambda counted: counted.adoption.description if counted.adoption else "",
            is_typed=True,
        ),
        COUNTED_ON,
        SERVICE,
    ],
    Person: [
        AnnexField("Kod osoby", lambda counted: counted.record.code, "code"),
        AnnexField("K/M", lambda counted: counted.record.sex, "word"),
        AnnexField("Reprezentowany podmiot", lambda counted: counted.entity.name),
        AnnexField("Kod podmiotu", lambda counted: counted.entity.code, "code"),
        COUNTED_ON,
        SERVICE,
    ],
    LocalGovernment: [
        AnnexField("Samorząd", lambda counted: str(counted.record)),
        AnnexField("Kod", lambda counted: counted.record.code, "code"),
        AnnexField("Pierwsza współpraca", lambda counted: counted.partnership.get_kind_display()),
        AnnexField("Dokument", lambda counted: counted.partnership.document_number, is_typed=True),
        COUNTED_ON,
    ],
    StaffMember: [
        AnnexField("Kadra", lambda counted: counted.record.name),
        AnnexField(TRAINING_TITLE, lambda counted: counted.training.topic, is_typed=True),
        AnnexField("Organizator", lambda counted: counted.training.organiser, is_typed=True),
        AnnexField(
            "Zaświadczenie", lambda counted: counted.training.certificate_number, is_typed=True
        ),
        COUNTED_ON,
    ],
}
TYPED = {field.title for layout in LAYOUTS.values() for field in layout if field.is_typed}
RELATED = {Entity: ["seat"], LocalGovernment: [], Person: [], StaffMember: []}


@dataclass(frozen=True)
class AnnexColumn:
    title: str
    kind: str


@dataclass(frozen=True)
class AnnexEntry:
    """A counted record as it was: what an annex prints, and the codes of what decided."""

    code: str
    label: str
    counted_on: date
    is_in_period: bool
    values: list
    decided_by: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Annex:
    """The records an indicator counted from the project's start to the end of the period."""

    code: str
    short_name: str
    label: str
    columns: list
    entries: list

    @property
    def title(self):
        return f"{self.short_name} ({len(self.entries)})"

    def rows(self):
        """`(entry, [(column, value)])` of each record, oldest first."""
        for entry in self.entries:
            yield entry, list(zip(self.columns, entry.values, strict=True))

    def decided_by(self, entry):
        """What decided about an entry, as it may be shown: a training as its column prints it."""
        if TRAINING.name not in entry.decided_by:
            return entry.decided_by
        titles = [column.title for column in self.columns]
        printed = dict(zip(titles, entry.values, strict=True))
        return entry.decided_by | {TRAINING.name: printed.get(TRAINING_TITLE, "")}


def annex_of(indicator, model, counted, period):
    """The annex of an indicator; `counted` are `CountedRecord` whose records are of the model."""
    all_fields = LAYOUTS[model]
    fields = [field for field in all_fields if any(map(field.value, counted))]
    return Annex(
        code=indicator.code,
        short_name=indicator.short_name,
        label=indicator.label,
        columns=[AnnexColumn(field.title, field.kind) for field in fields],
        entries=[
            AnnexEntry(
                code=getattr(row.record, indicator.record_code),
                label=all_fields[0].value(row),
                counted_on=row.counted_on,
                is_in_period=row.counted_on in period,
                values=[field.value(row) for field in fields],
                decided_by=row.decided_by(),
            )
            for row in counted
        ],
    )


def day_of_json(text):
    return date.fromisoformat(text) if text else None


def annex_of_json(data):
    columns = [AnnexColumn(**column) for column in data["columns"]]
    entries = [
        AnnexEntry(
            **entry
            | {
                "counted_on": day_of_json(entry["counted_on"]),
                "values": [
                    day_of_json(value) if column.kind == "day" else value
                    for column, value in zip(columns, entry["values"], strict=True)
                ],
            }
        )
        for entry in data["entries"]
    ]
    return Annex(**data | {"columns": columns, "entries": entries})
