"""An earlier state of a record, with which its own form opens: `?restore=` is a row of history.

Nothing is saved until somebody looks the form over and saves it, so a restoring is judged,
rehearsed and given a reason as any change is.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import HttpRequest

from owes.formatting import moment
from owes.history import LONGEST, explain
from owes.record_history.changes import TOGETHER
from owes.versions import fields_of, link_of, model_of, rows_of, rows_until

ASKED = "restore"


class EarlierState:
    """What the address asks for; `row` is the row of history, None where there is none."""

    def __init__(self, request: HttpRequest) -> None:
        self.asked = request.GET.get(ASKED, "")
        self.is_sent = request.method == "POST"
        self.row: Any = None

    def fill(self, record: Any, typed_reason: str) -> None:
        """Gives the record the values of then, or on saving the reason that says so."""
        if not (record.pk and self.asked.isdecimal() and len(self.asked) < 10):
            return
        rows = record.history.exclude(history_type="-").select_related("history_user")
        self.row = rows.filter(history_id=self.asked).first()
        if self.row is None:
            return
        if self.is_sent:
            told = f"przywrócono stan z {moment(self.row.history_date)}"
            explain(": ".join(filter(None, (told, typed_reason)))[:LONGEST])
            return
        for field in fields_of(type(record)):
            value = getattr(self.row, field.attname)
            if not field.is_relation or is_there(field, value):
                setattr(record, field.attname, value)

    def show_rows(self, record: Any, parts: Iterable[str], forms: Iterable[Any]) -> None:
        """Lets the forms show the rows under the record as they were then, and links as rows."""
        if self.row is None:
            return
        for part in parts:
            rows = rows_until(record, part, self.row.history_date + TOGETHER)
            model, parent = model_of(type(record), part)
            link = link_of(type(record), model)
            for form in forms:
                if link and link.name in getattr(form, "fields", ()):
                    name = model._meta.get_field(link.m2m_reverse_field_name())
                    keys = [getattr(row, name.attname) for row in rows]
                    form.initial[link.name] = list(name.related_model.objects.filter(pk__in=keys))
                elif getattr(form, "fk", None) == parent and form.model is model:
                    form.open_with([row.instance for row in rows])

    @contextmanager
    def standing(self, record: Any, parts: Sequence[str]) -> Iterator[None]:
        """For a form that reads the rows under its record itself: inside they stand as then.

        They are put into the database and taken back; nobody else sees them.
        """
        if self.row is None or self.is_sent:
            yield
            return
        with transaction.atomic():
            then = [
                [
                    row.instance
                    for row in rows_until(record, part, self.row.history_date + TOGETHER)
                ]
                for part in parts
            ]
            for part in reversed(parts):
                rows_of(record, part)._raw_delete(DEFAULT_DB_ALIAS)
            for rows in filter(None, then):
                type(rows[0])._base_manager.bulk_create(_that_lead(rows))
            yield
            transaction.set_rollback(True)


def _that_lead(rows: list[Any]) -> list[Any]:
    """The rows, of one model, without those that led to a record which is no more."""
    for field in type(rows[0])._meta.concrete_fields:
        if field.is_relation:
            keys = {getattr(row, field.attname) for row in rows}
            known = field.related_model._base_manager.filter(pk__in=keys - {None})
            there = {None, *known.values_list("pk", flat=True)}
            rows = [row for row in rows if getattr(row, field.attname) in there]
    return rows


def is_there(field: Any, key: Any) -> bool:
    """Whether what a field led to may still be led to."""
    return key is None or field.related_model._base_manager.filter(pk=key).exists()
