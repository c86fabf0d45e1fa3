"""The annexes of a report: a row for each counted record, as plain values.

People appear as code, K or M, the entity they represented and the day; never by name.
"""

from dataclasses import dataclass, field
from datetime import date

from indicators.counting.record_facts import TRAINING_TITLE, layout_of
from indicators.counting.row_objects import TRAINING
from owes.formatting import HOURS, amount, plural

ADDING = ("hours", "count")  # kinds of a column of what each record adds


@dataclass(frozen=True)
class AnnexColumn:
    title: str
    kind: str

    @property
    def unit(self):
        """Of its values, as of `owes.formatting.amount`."""
        return HOURS if self.kind == "hours" else ""


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
        """With the number of records; of a sum, with what they add up to."""
        if not self.columns or self.columns[-1].kind not in ADDING:
            return f"{self.short_name} ({len(self.entries)})"
        total = amount(sum(entry.values[-1] for entry in self.entries), self.columns[-1].unit)
        records = plural(len(self.entries), "zapis,zapisy,zapisów")
        return f"{self.short_name} ({total}, {records})"

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


def annex_of(indicator, counted, period):
    """The annex of an indicator; `counted` are its judgements, oldest first.

    A column that is empty in every row is left out.
    """
    fields = [
        field
        for field in layout_of(indicator)
        if any(field.printed(row.facts["values"][field.title]) for row in counted)
    ]
    return Annex(
        code=indicator.code,
        short_name=indicator.short_name,
        label=indicator.label,
        columns=[AnnexColumn(field.title, field.kind) for field in fields],
        entries=[
            AnnexEntry(
                code=row.code,
                label=row.facts["label"],
                counted_on=row.counted_on,
                is_in_period=row.counted_on in period,
                values=[field.printed(row.facts["values"][field.title]) for field in fields],
                decided_by=row.facts["decided_by"],
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
