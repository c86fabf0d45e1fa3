"""Rows of history that carry the reason somebody gave for a whole change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet, Value
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from owes.free_text import FreeCharField

LONGEST = 100  # the column of every history table

_given = ContextVar("reason of the change", default="")


@contextmanager
def explained_by(reason: str) -> Iterator[None]:
    """Gives the reason to each row of history written inside that has none of its own."""
    token = _given.set(reason)
    try:
        yield
    finally:
        _given.reset(token)


def explain(reason: str) -> None:
    """Gives the reason to what is written until the end of the `explained_by` around it."""
    _given.set(reason)


def given_reason() -> str:
    """The reason of the current change; empty when none was given."""
    return _given.get()


def record_creation(rows: QuerySet, by: Any, at: datetime | None = None) -> None:
    """Says in history that the rows were created, in one query for any number of them.

    They were just now, or at the moment `at`.
    """
    History = rows.model.history.model
    said = {
        "history_date": Value(at or timezone.now(), models.DateTimeField()),
        "history_type": Value("+"),
        "history_user_id": Value(by.pk),
        "history_change_reason": Value(given_reason()[:LONGEST] or None, models.CharField()),
    }
    tracked = [field.attname for field in History.tracked_fields]
    values = rows.order_by().values_list(*tracked, *said.values())
    select, params = values.query.sql_with_params()
    table, *columns = map(connection.ops.quote_name, [History._meta.db_table, *tracked, *said])
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) {select}", params)


@cache
def _manager_with(queryset: type[QuerySet]) -> Any:
    return HistoryManager.from_queryset(queryset)


class OnceMadeManager(HistoryManager):
    """The library makes a class of a manager at every look at a history; here it is made once."""

    @classmethod
    def from_queryset(cls, queryset_class: type[QuerySet], class_name: str | None = None) -> Any:
        return _manager_with(queryset_class)


class History(HistoricalRecords):
    def __init__(self, **options: Any) -> None:
        super().__init__(history_manager=OnceMadeManager, **options)

    def post_save(
        self, instance: Any, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        """A saving of columns that history does not keep, such as a sign-in, leaves no row."""
        saved = kwargs.get("update_fields")
        if not (saved and set(saved) <= set(self.excluded_fields)):
            super().post_save(instance, created, using, **kwargs)

    def get_change_reason_for_object(
        self, instance: Any, history_type: str, using: str | None
    ) -> str | None:
        own = super().get_change_reason_for_object(instance, history_type, using)
        return own or _given.get()[:LONGEST] or None

    def _get_history_change_reason_field(self) -> FreeCharField:
        return FreeCharField(max_length=LONGEST, null=True)
