"""SQL made once in a process, with a place for the keys and the days of each run.

Making the SQL of a counting rule takes longer than running it on a few records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, DateField, F, Func, QuerySet, Value

# Parameters of a made statement in whose places a run puts its own.
KEYS, DAYS = "@keys", "@days"
MOST_MADE = 2000
_made: dict[Hashable, tuple[str, tuple] | None] = {}


class Among(Func):
    """Whether a key is among those of the run."""

    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "%(expressions)s::bigint[])"
        joiner = " = ANY("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "%(expressions)s))"
        joiner = " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


class DayOf(Func):
    """The day that the run gives for a key, or NULL."""

    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "((%(expressions)s)::text)::date)"
        joiner = "::jsonb ->> ("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = """json_extract(%(expressions)s || '"')"""
        joiner = """, '$."' || """
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


def among(column: str) -> Among:
    return Among(F(column), Value(KEYS))


def day_of(column: str) -> DayOf:
    return DayOf(Value(DAYS), F(column))


def rows_of(
    key: Hashable,
    make: Callable[[], QuerySet],
    keys: Collection[int] = (),
    days: Mapping[int, date] | None = None,
) -> list[tuple]:
    """The rows of a `values_list` queryset, as the database gives them.

    `make` is called for the first of equal keys; it says `among` and `day_of` where the run's own
    `keys` and `days` belong.
    """
    statement = _statement((connection.vendor, key), make)
    if statement is None:
        return []
    sql, parameters = statement
    given = {KEYS: _array(keys), DAYS: json.dumps(days or {}, default=str)}
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [given.get(value, value) if isinstance(value, str) else value for value in parameters],
        )
        return cursor.fetchall()


def _statement(key, make):
    """The SQL and its parameters; None where nothing can match (a project without an area)."""
    if key not in _made:
        if len(_made) >= MOST_MADE:
            _made.clear()
        try:
            _made[key] = make().query.sql_with_params()
        except EmptyResultSet:
            _made[key] = None
    return _made[key]


def _array(keys):
    numbers = ",".join(map(str, keys))
    return f"{{{numbers}}}" if connection.vendor == "postgresql" else f"[{numbers}]"
