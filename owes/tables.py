"""The base of every list: django-tables2 drawn by `components/table.html`.

A list's first column is its row heading. Set `caption`, and `empty_title` with `empty_text` for a
list without rows. One that has pages lets its columns be chosen, unless `is_choosable` is False.
Cells return text; the columns here give them the classes and labels that the theme and the phone
need.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeGuard

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from owes import formatting

PER_PAGE = 25
IN_A_CHUNK = 500  # rows of a file read at once


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


@lru_cache(maxsize=1000)
def _wanted(function: Callable) -> tuple[tuple[str, ...], bool]:
    """Names of the arguments of a method of a column or a table, and whether it takes any."""
    names, keywords = signature(function)
    return names[1:] if names[:1] == ("self",) else names, keywords is not None


@cache
def _display_of(model: type[Model], name: str) -> str:
    """The method that says the choice of a column in words; "" of a column without choices."""
    try:
        has_choices = bool(getattr(model._meta.get_field(name), "choices", None))
    except FieldDoesNotExist:
        return ""
    return f"get_{name}_display" if has_choices else ""


class Row(BoundRow):
    """A row that asks its columns as the library does, but looks once at what a method takes."""

    def values(self, columns: Sequence[tables.columns.BoundColumn]) -> list:
        """What a file says in these columns."""
        return [self._get_and_render_with(column, self._call_value, None) for column in columns]

    def _get_and_render_with(self, bound_column: Any, render_func: Any, default: Any) -> Any:
        """A plain column of a model is read at once; all else as the library reads it."""
        name, record = str(bound_column.accessor), self.record
        if not isinstance(record, Model) or "__" in name:
            return super()._get_and_render_with(bound_column, render_func, default)
        if display := _display_of(type(record), name):
            value = getattr(record, display)()
        elif callable(value := getattr(record, name, None)):
            return super()._get_and_render_with(bound_column, render_func, default)
        if value in bound_column.column.empty_values:
            return default
        return render_func(bound_column, value)

    def _call_value(self, bound_column: Any, value: Any = None) -> Any:
        method = bound_column.value
        if getattr(method, "__func__", None) is tables.Column.value:
            method = bound_column.column.render  # which it would call
        return self._call(method, bound_column, value)

    def _call_render(self, bound_column: Any, value: Any = None) -> Any:
        return self._call(bound_column.render, bound_column, value)

    def _call(self, method: Callable, bound_column: Any, value: Any) -> Any:
        given = self._optional_cell_arguments(bound_column, value)
        names, takes_any = _wanted(getattr(method, "__func__", method))
        return method(**(given if takes_any else {name: given[name] for name in names}))


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
        if _is_of_records(rows):
            self.data.data = rows.order_by(*rows.query.order_by, "pk")

    def know_count(self, count: int) -> None:
        """How many rows there are, where the page has counted them already."""
        self.data._length = count

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
        for record in self.paginated_rows.data:
            row = Row(record, self)
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

    def file_columns(self) -> list[tables.columns.BoundColumn]:
        """The columns of a file: the chosen ones, else all but the optional ones."""
        return [
            column
            for column in self.columns.iterall()
            if not column.column.exclude_from_export
            and (column.visible or not (self.chosen or column.column.optional))
        ]

    def file_rows(
        self, progress: Callable[[int, int], object] = lambda done, total: None
    ) -> Iterator[list]:
        """The head and every row of a file, read in chunks; `progress` hears of each."""
        columns = self.file_columns()
        yield [f"{column.header}{column.column.unit_in_files}" for column in columns]
        done, total = 0, len(self.rows)
        for records in self._chunks():
            self.look_up_for_file(records)
            for record in records:
                yield Row(record, self).values(columns)
            done += len(records)
            progress(done, max(done, total))

    def for_file(self, rows: QuerySet) -> QuerySet:
        """The rows as a file reads them, where that differs from a page."""
        return rows

    def look_up_for_file(self, records: list) -> None:
        """Fetches what the columns say of these rows of a file, besides the rows themselves."""

    def _chunks(self) -> Iterator[list]:
        """All rows in their order; of a query the keys first, so that memory stays the same."""
        rows = getattr(self.data, "data", self.data)
        if not _is_of_records(rows):
            rows = list(self.data)
            yield from (rows[at : at + IN_A_CHUNK] for at in range(0, len(rows), IN_A_CHUNK))
            return
        keys = list(rows.prefetch_related(None).values_list("pk", flat=True))
        for at in range(0, len(keys), IN_A_CHUNK):
            places = {key: place for place, key in enumerate(keys[at : at + IN_A_CHUNK])}
            found = self.for_file(rows).filter(pk__in=places).order_by()
            yield sorted(found, key=lambda record: places[record.pk])


def _is_of_records(rows: Any) -> TypeGuard[QuerySet]:
    """Whether it is a query for records, which have keys; not for values, nor one of several."""
    return isinstance(rows, QuerySet) and not (rows.query.values_select or rows.query.combinator)


def paged(request: HttpRequest, table: Table, per_page: int = PER_PAGE) -> Table:
    """The table as the address asks: its columns, order and page; beyond the last is the last."""
    table.choose(request.GET.getlist(table.columns_field))
    tables.RequestConfig(request, paginate={"per_page": per_page, "silent": True}).configure(table)
    return table
