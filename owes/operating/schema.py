"""Whether the database has what the models and the triggers of this code ask for, by name."""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string


def missing_constraints() -> list[str]:
    """Indexes and constraints of the models; one broken off in its making is not there."""
    wanted = {
        each.name
        for model in apps.get_models()
        for each in (*model._meta.indexes, *model._meta.constraints)
    }
    return sorted(wanted - CONSTRAINTS[connection.vendor]())


def missing_triggers() -> list[str]:
    """A trigger that was switched off is not there."""
    wanted = {
        name for path in settings.TRIGGER_NAMES for name in import_string(path)(connection.vendor)
    }
    return sorted(wanted - _column(TRIGGERS[connection.vendor]))


def _constraints_of_postgresql() -> set[str]:
    return _column(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indisvalid AND c.relnamespace = current_schema()::regnamespace UNION "
        "SELECT conname FROM pg_constraint "
        "WHERE convalidated AND connamespace = current_schema()::regnamespace"
    )


def _constraints_of_sqlite() -> set[str]:
    """A constraint has its name, in quotes, in what made its table."""
    tables = _column("SELECT sql FROM sqlite_master WHERE type = 'table'")
    quoted = {part for sql in tables for part in sql.split('"')[1::2]}
    return quoted | _column("SELECT name FROM sqlite_master WHERE type = 'index'")


def _column(query: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {value for [value] in cursor.fetchall()}


CONSTRAINTS = {"postgresql": _constraints_of_postgresql, "sqlite": _constraints_of_sqlite}
TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}
