"""The list of what an import does, record by record."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django_filters import ChoiceFilter

from owes.filters import ListFilter
from owes.formatting import badge
from owes.tables import Column, HeadingColumn, NumberColumn, Table
from support.models import Import, ImportRow

Outcome = ImportRow.Outcome
BADGES = {
    Outcome.CREATED: ("ok", "plus"),
    Outcome.CHANGED: ("info", "pencil"),
    Outcome.UNCHANGED: ("none", "check"),
    Outcome.DELETED: ("risk", "cross"),
    Outcome.ASKED: ("watch", "watch"),
    Outcome.REFUSED: ("risk", "risk"),
    Outcome.LEFT_OUT: ("none", "back"),
}


class ImportRowFilter(ListFilter):
    outcome = ChoiceFilter(label="Wynik", empty_label="wszystkie")
    sheet = ChoiceFilter(label="Arkusz", empty_label="wszystkie")

    class Meta:
        model = ImportRow
        fields = ["q", "outcome", "sheet"]

    def __init__(self, *args: Any, of: Import, **kwargs: Any) -> None:
        """Offers the outcomes and sheets that there are, the former with their numbers."""
        super().__init__(*args, queryset=of.rows.all(), **kwargs)
        self.filters["q"].label = "Zapis, kod albo numer wiersza"
        counts = of.rows.counts()
        self.filters["outcome"].extra["choices"] = [
            (outcome.value, f"{outcome.label} ({counts[outcome]})")
            for outcome in Outcome
            if outcome in counts
        ]
        sheets = of.rows.order_by("sheet").values_list("sheet", flat=True).distinct()
        self.filters["sheet"].extra["choices"] = [(name, name) for name in sheets if name]


class LabelColumn(HeadingColumn):
    """A link where the record is there without the import too."""

    def render(self, value: Any, record: Any) -> str:
        if record.url:
            return super().render(value, record)
        line = self.second(record) if self.second else ""
        quiet = format_html('<span class="quiet">{}</span>', line) if line else ""
        return format_html("{}{}", value, quiet)


def changes_of(row: ImportRow) -> Iterator[str]:
    """Each change as a line; an empty value is said to be one. A new record has no old ones."""
    for label, old, new in row.changes:
        is_new = row.outcome == Outcome.CREATED
        yield f"{label}: {new}" if is_new else f"{label}: {old or 'brak'} → {new or 'brak'}"
    if row.note:
        yield row.note


class ImportRowTable(Table):
    caption = "Wiersze importu"
    is_choosable = False
    empty_title = "Nie ma takich wierszy"
    empty_text = "Zmień filtry."

    label = LabelColumn(
        verbose_name="Zapis", orderable=False, empty_values=(), second=lambda row: row.code
    )
    sheet = Column(verbose_name="Arkusz", orderable=False)
    number = NumberColumn(verbose_name="Wiersz", orderable=False, default="nie ma w pliku")
    outcome = Column(verbose_name="Wynik", orderable=False)
    changes = Column(verbose_name="Co się stanie", orderable=False, empty_values=())

    def render_label(self, value: str, record: ImportRow) -> str:
        return self.base_columns["label"].render(value or "(bez nazwy)", record)

    def value_label(self, record: ImportRow) -> str:
        return record.label

    def render_outcome(self, record: ImportRow) -> str:
        return badge(*BADGES[Outcome(record.outcome)], record.get_outcome_display())

    def value_outcome(self, record: ImportRow) -> str:
        return record.get_outcome_display()

    def render_changes(self, record: ImportRow) -> str:
        if record.note:
            return record.note
        if record.outcome == Outcome.CREATED:
            told = ((label, new) for label, _, new in record.changes)
            lines = format_html_join("", '<span class="d-block">{}: {}</span>', told)
            return format_html("<div>{}</div>", lines)  # one cell of a stacked table
        lines = format_html_join(
            "",
            '<span class="d-block">{}: {} → <strong>{}</strong></span>',
            (
                (label, format_html("<del>{}</del>", old) if old else "brak", new or "brak")
                for label, old, new in record.changes
            ),
        )
        return format_html("<div>{}</div>", lines)

    def value_changes(self, record: ImportRow) -> str:
        return "; ".join(changes_of(record))
