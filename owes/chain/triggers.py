"""Triggers that keep the rows of history and of its chain (owes/kept.py).

No row is deleted. A row is changed only when its record was anonymised, and stays the row of the
same record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection as default
from django.db import transaction
from simple_history.models import HistoricalChanges

from owes import kept
from owes.kept import DELETE, UPDATE, Refusal
from owes.models import ChainLink, ChainShape, Tombstone

MESSAGE = "A row of history is never deleted, and changed only when its record was anonymised."
OF_CHAIN = "A link of the chain of history is never changed or deleted."
TOMBSTONE = Tombstone._meta.db_table
ANONYMISED = (
    "NEW.history_id = OLD.history_id AND NEW.{key} = OLD.{key} AND EXISTS "
    f"(SELECT 1 FROM {TOMBSTONE} t WHERE t.model = '{{label}}' AND t.record = OLD.{{key}})"
)


def histories() -> list[Any]:
    """The models of history of every app, those of many-to-many among them."""
    return [model for model in apps.get_models() if issubclass(model, HistoricalChanges)]


def refusals() -> list[Refusal]:
    of_chain = [
        Refusal(model._meta.db_table, event, OF_CHAIN)
        for model in (ChainShape, ChainLink)
        for event in (UPDATE, DELETE)
    ]
    return of_chain + [
        refusal
        for model in histories()
        for refusal in (
            Refusal(model._meta.db_table, UPDATE, MESSAGE, _changed_otherwise(model)),
            Refusal(model._meta.db_table, DELETE, MESSAGE),
        )
    ]


def _changed_otherwise(model: Any) -> str:
    record = model.instance_type._meta
    return f"NOT ({ANONYMISED.format(key=record.pk.column, label=record.label_lower)})"


def names(vendor: str) -> list[str]:
    return [refusal.name for refusal in refusals()]


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if TOMBSTONE in tables:
        kept.install(connection, [each for each in refusals() if each.table in tables])


def uninstall(connection: Any) -> None:
    kept.uninstall(connection, refusals())


@contextmanager
def rewriting() -> Iterator[None]:
    """History may be written anew inside: the demonstration's is dated by its records.

    In production the role of the application does not own the tables, so this fails there.
    """
    with transaction.atomic():
        _check_what_waits()
        uninstall(default)
        yield
        _check_what_waits()
        install(default)


def _check_what_waits() -> None:
    """PostgreSQL alters no table while the keys of its rows wait to be looked for."""
    if default.vendor == "postgresql":
        default.check_constraints()
