"""The list of what was changed on a record, on its page and in a file."""

from django.utils.html import format_html, format_html_join

from owes.formatting import moment
from owes.record_history.lines import EMPTY, Line, Saving
from owes.record_history.restoring import ASKED
from owes.tables import Column, MomentColumn, Table

KEPT = "Wierszy historii nie da się zmienić ani usunąć."
RESTORING = "Przywrócenie zapisuje nową zmianę; z historii nic nie znika."


class HistoryTable(Table):
    caption = "Historia zapisu"
    is_choosable = False
    empty_title = "Nie ma takich zmian"
    empty_text = "Zmień filtry; zapis bez historii nie był zmieniany w programie."

    at = MomentColumn(verbose_name="Kiedy", orderable=False)
    by = Column(verbose_name="Kto", orderable=False)
    lines = Column(verbose_name="Co: z → na", orderable=False, empty_values=())
    reason = Column(verbose_name="Dlaczego", orderable=False)
    version = Column(verbose_name="Działanie", orderable=False, exclude_from_export=True)

    class Meta(Table.Meta):
        fields = ("at", "by", "lines", "reason", "version")

    def __init__(self, savings: list[Saving], edit_url: str, newest: int | None) -> None:
        """`edit_url` is the form of the record; `newest` the version that stands now."""
        super().__init__(savings, exclude=() if edit_url else ("version",))
        self.edit_url, self.newest = edit_url, newest
        self.foot = RESTORING if edit_url else KEPT

    def render_version(self, value: int, record: Saving) -> str:
        if value == self.newest:
            return "stan obecny"
        return format_html(
            '<a href="{}?{}={}">Przywróć<span class="visually-hidden"> stan z {}</span></a>',
            self.edit_url,
            ASKED,
            value,
            moment(record.at),
        )

    def render_lines(self, record: Saving) -> str:
        lines = format_html_join("", "{}", ((_line(line),) for line in record.lines))
        if not record.is_first:
            return lines
        return format_html(
            "<details><summary>zapisano po raz pierwszy</summary>{}</details>", lines
        )

    def value_lines(self, record: Saving) -> str:
        return "\n".join(_text(line) for line in record.lines)


def _text(line: Line) -> str:
    if line.is_withheld:
        return line.label
    return f"{line.label}: {line.before or EMPTY} → {line.after or EMPTY}"


def _line(line: Line) -> str:
    if line.is_withheld:
        return format_html('<p class="changed">{}</p>', line.label)
    return format_html(
        '<p class="changed"><span class="quiet inline">{}:</span> {} → {}</p>',
        line.label,
        format_html("<del>{}</del>", line.before) if line.before else EMPTY,
        format_html("<ins>{}</ins>", line.after) if line.after else EMPTY,
    )
