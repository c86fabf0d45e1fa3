"""The base of every list: django-tables2 drawn by `components/table.html`.

A list's first column is its row heading. Set `caption`, and `empty_title` with `empty_text` for a
list without rows. One that has pages lets its columns be chosen, unless `is_choosable` is False.
Cells return text; the columns here give them the classes and labels that the theme and the phone
need.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from owes import formatting

PER_PAGE = 25


class Column(tables.Column):
    """Text. `kind` is the class of the cell: `n` to the right, `d` a date, `bare` unlabelled.

    An `optional` column is shown, and exported, only when chosen. One that is merely not visible
    says in a file what the second line of the heading says on the page.
    """

    kind = ""
    unit_in_files = ""

    def __init__(
        self, *args: Any, kind: str | None = None, optional: bool = False, **kwargs: Any
    ) -> None:
        kind = self.kind if kind is None else kind
        self.optional = optional
        if optional:
            kwargs |= {"visible": False}
        attrs = kwargs.pop("attrs", {})
        label = kwargs.get("verbose_name") or ""
        attrs.setdefault("th", {"class": kind} if kind else {})
        cell = {"class": kind} if kind else {}
        attrs.setdefault("td", cell if kind == "bare" else cell | {"data-label": label})
        attrs.setdefault("tf", {"class": kind} if kind else {})
        super().__init__(*args, attrs=attrs, default=kwargs.pop("default", ""), **kwargs)


class HeadingColumn(Column):
    """The row's heading: a link to the record, with a quiet second line from `second`."""

    def __init__(
        self, *args: Any, second: Callable[[Any], str] | None = None, **kwargs: Any
    ) -> None:
        self.second = second
        attrs: dict[str, dict] = {"th": {}, "td": {}}
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Any, record: Any) -> str:
        url = record.get_absolute_url()
        line = self.second(record) if self.second else ""
        quiet = format_html('<span class="quiet">{}</span>', line) if line else ""
        return format_html('<a href="{}">{}</a>{}', url, value, quiet)

    def value(self, value: Any) -> Any:
        return value


class DayColumn(Column):
    kind = "d"

    def render(self, value: date) -> str:
        return formatting.day(value)

    def value(self, value: date) -> date:
        return value


class MomentColumn(Column):
    kind = "nowrap"

    def render(self, value: datetime) -> str:
        return formatting.moment(value)

    def value(self, value: datetime) -> datetime:
        return value


class NumberColumn(Column):
    kind = "n"

    def render(self, value: Any) -> str:
        return formatting.number(value)

    def value(self, value: Any) -> Any:
        return value


class HoursColumn(Column):
    """Minutes, shown as hours and minutes; in a file they stay minutes."""

    kind = "n"
    unit_in_files = " (min)"

    def render(self, value: int) -> str:
        return formatting.hours(value)

    def value(self, value: int) -> int:
        return value


class Table(tables.Table):
    caption = ""
    note = ""
    foot = ""
    shows_caption = False
    is_wide = False
    is_choosable = True
    empty_title = "Nic tu nie ma"
    empty_text = "Zmień filtry albo dodaj pierwszy zapis."
    chosen: Sequence[str] = ()

    class Meta:
        template_name = "components/table.html"
        orderable = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The library would write its own empty sentence over that of the class.
        super().__init__(*args, empty_text=self.empty_text, **kwargs)

    @tables.Table.order_by.setter
    def order_by(self, value: Any) -> None:
        """Equal rows keep one order too: else one might stand on two pages, another on none."""
        tables.Table.order_by.fset(self, value)
        rows = getattr(self.data, "data", None)
        if isinstance(rows, QuerySet) and not (rows.query.values_select or rows.query.combinator):
            self.data.data = rows.order_by(*rows.query.order_by, "pk")

    @property
    def columns_field(self) -> str:
        return f"{self.prefix}columns"

    def _choosable(self) -> list[str]:
        """Names of the columns of data, all but the heading."""
        columns = list(self.columns.iterall())[1:]
        return [column.name for column in columns if not column.column.exclude_from_export]

    def choose(self, names: Collection[str]) -> None:
        """Shows the named columns besides the heading, in the order of the table."""
        others = self._choosable()
        self.chosen = [name for name in others if name in names]
        for name in others if self.chosen else ():
            (self.columns.show if name in self.chosen else self.columns.hide)(name)

    def choices(self) -> list[tuple[str, str, bool]]:
        """`(name, words, is shown)` of each column that one may choose, all but the heading."""
        columns = [self.columns[name] for name in self._choosable()]
        return [(c.name, c.header, c.visible) for c in columns if c.header]

    def body(self) -> SafeString:
        """The rows of the page, drawn here: a template would take twice as long."""
        ends = [*self._ends_of_cells()]
        rows = []
        for row in self.paginated_rows:
            cells = (
                f"{start}{conditional_escape(localize(cell))}{end}"
                for (start, end), (_, cell) in zip(ends, row.items(), strict=True)
            )
            rows.append(f'<tr role="row" {row.attrs.as_html()}>{"".join(cells)}</tr>')
        return SafeString("\n".join(rows))

    def _ends_of_cells(self) -> Iterator[tuple[str, str]]:
        """The tags before and after what each column says; the first is the heading of its row."""
        heading, *others = self.columns
        look = heading.attrs["td"].get("class")
        look = format_html(' class="{}"', look) if look else ""
        yield f'<th scope="row" role="rowheader"{look}>', "</th>"
        for column in others:
            yield f'<td role="cell" {column.attrs["td"].as_html()}>', "</td>"

    def file_rows(self) -> Iterator[list]:
        """The head and every row of a file: the chosen columns, else all but the optional ones."""
        left_out = [
            column.name
            for column in self.columns.iterall()
            if not column.visible and (self.chosen or column.column.optional)
        ]
        head = [
            f"{column.header}{column.column.unit_in_files}"
            for column in self.columns.iterall()
            if not (column.column.exclude_from_export or column.name in left_out)
        ]
        rows = self.as_values(exclude_columns=left_out)
        return chain([head], islice(rows, 1, None))


def paged(request: HttpRequest, table: Table, per_page: int = PER_PAGE) -> Table:
    """The table as the address asks: its columns, order and page; beyond the last is the last."""
    table.choose(request.GET.getlist(table.columns_field))
    tables.RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    return table
