"""Rows of history as the chain reads them: set by set, their digests made by the database."""

from typing import Any

from django.db import connection

from owes.chain.models import ChainLink, ChainShape
from owes.privacy.models import Tombstone

# Of a text that is the JSON list of the row's columns. What makes it is of the database and the
# same for ever; no code of a field of Django has a part in it.
DIGEST = {
    "postgresql": "encode(sha256(convert_to(json_build_array({})::text, 'UTF8')), 'hex')",
    "sqlite": "SHA256(json_array({}))",
}
LINK, TOMBSTONE = ChainLink._meta.db_table, Tombstone._meta.db_table


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def columns_of(history: Any) -> list[str]:
    return sorted(field.column for field in history._meta.concrete_fields)


def digest_of(columns: list[str]) -> str:
    """The SQL of the digest of a row that is called `r`."""
    return DIGEST[connection.vendor].format(", ".join(f"r.{quoted(name)}" for name in columns))


def shapes_of(history: Any) -> list[ChainShape]:
    return list(ChainShape.objects.filter(table=history._meta.db_table).order_by("pk"))


def whole(history: Any, shapes: list[ChainShape]) -> list[ChainShape]:
    """Those whose columns the table still has, all of them."""
    columns = set(columns_of(history))
    return [shape for shape in shapes if columns.issuperset(shape.names)]


def unsealed(history: Any, after: int, most: int) -> list[tuple[int, str]]:
    """`(key, digest)` of rows that no link proves, by the columns of now."""
    key, columns = quoted(history._meta.pk.column), columns_of(history)
    proving = [shape.pk for shape in whole(history, shapes_of(history))]
    marks = ", ".join(["%s"] * len(proving)) or "NULL"
    query = (
        f"SELECT r.{key}, {digest_of(columns)} FROM {quoted(history._meta.db_table)} r "
        f"WHERE r.{key} > %s AND NOT EXISTS (SELECT 1 FROM {LINK} l "
        f"WHERE l.shape_id IN ({marks}) AND l.row = r.{key}) ORDER BY r.{key} LIMIT %s"
    )
    return _answer(query, [after, *proving, most])


def missing(history: Any, shape: ChainShape) -> list[int]:
    """Keys of sealed rows that are no more."""
    key = quoted(history._meta.pk.column)
    query = (
        f"SELECT l.row FROM {LINK} l LEFT JOIN {quoted(shape.table)} r ON r.{key} = l.row "
        f"WHERE l.shape_id = %s AND r.{key} IS NULL ORDER BY l.row"
    )
    return [row for [row] in _answer(query, [shape.pk])]


def changed(history: Any, shape: ChainShape) -> list[int]:
    """Keys of sealed rows whose content is not what it was, those of anonymised records aside."""
    key, record = quoted(history._meta.pk.column), history.instance_type._meta
    query = (
        f"SELECT l.row FROM {LINK} l JOIN {quoted(shape.table)} r ON r.{key} = l.row "
        f"WHERE l.shape_id = %s AND l.digest <> {digest_of(shape.names)} "
        f"AND NOT EXISTS (SELECT 1 FROM {TOMBSTONE} t "
        f"WHERE t.model = %s AND t.record = r.{quoted(record.pk.column)}) ORDER BY l.row"
    )
    return [row for [row] in _answer(query, [shape.pk, record.label_lower])]


def _answer(query: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
