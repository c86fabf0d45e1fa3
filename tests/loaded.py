"""What stands in the database when a test begins: the reference data, or the demonstration.

Each is loaded once a run. What a test commits is put right before the next one that needs it, so
that tests which only roll back and want the same find it there.
"""

import io
import os
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

import entities.reference
import support.reference
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.reference import load_project
from owes.chain.triggers import rewriting
from tests.factories import sputnik


class Loaded:
    """`is_touched` is true from the first test that commits to the next `bring`."""

    def __init__(self, folder):
        self.files = Path(folder) / "media"
        self.rows, self.name, self.is_touched = {}, "reference", False
        load_reference()
        self._keep()

    def bring(self, name):
        """The database becomes the reference data or the demonstration, which has files too."""
        if name not in self.rows:
            self.bring("reference")
            self._load_demonstration()
        elif name != self.name or self.is_touched:
            with transaction.atomic():
                put_back(self.rows[name])
        self.name, self.is_touched = name, False
        if name == "demonstration":
            # No file is written in place, so one content can have a name in both folders.
            copytree(self.files, settings.MEDIA_ROOT, copy_function=os.link)

    def _load_demonstration(self):
        with override_settings(MEDIA_ROOT=self.files):
            call_command("load_demo", one_project=True, verbosity=0)
        kept(Scope.of(sputnik()))
        self.name = "demonstration"
        self._keep()

    def _keep(self):
        self.rows[self.name] = {table: content(table) for table in tables()}


def load_reference():
    """What a new installation holds, and the project that most tests are about."""
    for part in (entities.reference, support.reference):
        part.load(apps)
    load_project("sputnik-ii")
    # Tests begin with a project that was always there: no history, nothing to judge anew.
    apps.get_model("indicators", "ChangeMark").objects.all().delete()
    with rewriting():
        for app, written in (
            ("support", "HistoricalProject"),
            ("support", "HistoricalProject_area"),
            ("indicators", "HistoricalProjectIndicator"),
            ("indicators", "HistoricalIndicatorRule"),
        ):
            apps.get_model(app, written).objects.all().delete()


def tables():
    return sorted(connection.introspection.django_table_names())


def content(table):
    """The rows of a table as the database itself holds and takes them."""
    of = {"sqlite": content_of_sqlite, "postgresql": content_of_postgresql}
    return of[connection.vendor](table)


def put_back(rows):
    of = {"sqlite": put_back_sqlite, "postgresql": put_back_postgresql}
    of[connection.vendor](rows)


def content_of_sqlite(table):
    """`(columns, rows)`, the values as SQLite holds them: `+` hides the declared type."""
    with connection.cursor() as cursor:
        fields = connection.introspection.get_table_description(cursor, table)
    columns = [f'"{field.name}"' for field in fields]
    bare = ", ".join(f"+{column}" for column in columns)
    return columns, connection.connection.execute(f'SELECT {bare} FROM "{table}"').fetchall()


def put_back_sqlite(rows):
    """Without triggers: what the rows mark is judged already, and comes back with them."""
    database = connection.connection
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = database.execute(query).fetchall()
    for name, _ in triggers:
        database.execute(f'DROP TRIGGER "{name}"')
    for table in rows:
        database.execute(f'DELETE FROM "{table}"')
    for table, (columns, own) in rows.items():
        names, places = ", ".join(columns), ", ".join("?" * len(columns))
        database.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', own)
    for _, sql in triggers:
        database.execute(sql)


def content_of_postgresql(table):
    """`(sum of the rows, rows as COPY writes them)`."""
    rows = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT BINARY)', rows)
    return sums_of([table])[table], rows


def sums_of(names):
    """`{table: number that any other rows would almost surely change}`."""
    rows = "count(*) + coalesce(sum(hashtextextended(t::text, 0)), 0)"
    one = f"""SELECT '{{0}}', {rows} FROM "{{0}}" t"""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(name) for name in names))
        return dict(cursor.fetchall())


def put_back_postgresql(rows):
    """Of the tables whose rows are others; where most are, that takes a second."""
    now = sums_of(rows)
    changed = {table: own for table, (told, own) in rows.items() if told != now[table]}
    with without_triggers(), connection.cursor() as cursor:
        for table in changed:
            cursor.execute(f'DELETE FROM "{table}"')
        for table, own in changed.items():
            own.seek(0)
            cursor.copy_expert(f'COPY "{table}" FROM STDIN (FORMAT BINARY)', own)


@contextmanager
def without_triggers():
    set_triggers("DISABLE")
    yield
    set_triggers("ENABLE")


def set_triggers(act):
    """A table may be altered when no key of its rows waits to be looked for."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
        for [table] in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {act} TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
