"""The demonstration, loaded once a run: its rows and files are put back for every later test.

Into a database that a test flushed as into one that a test will roll back.
"""

import io
import os
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

import entities.reference
import support.reference
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.counting.triggers import PREFIX, WATCHED
from indicators.reference import load_project
from support.models import ServiceType
from tests.factories import sputnik

# A flush writes them anew.
WRITTEN_BY_FLUSH = {"django_content_type", "auth_permission"}


class Loaded:
    def __init__(self, folder):
        self.rows, self.files = None, Path(folder) / "media"

    def bring(self):
        """What is there, reference data at most, becomes the demonstration."""
        keep, put_back = {
            "sqlite": (keep_sqlite, put_back_sqlite),
            "postgresql": (keep_postgresql, put_back_postgresql),
        }[connection.vendor]
        if self.rows is None:
            if not ServiceType.objects.exists():
                load_reference()
            call_command("load_demo", one_project=True, verbosity=0)
            kept(Scope.of(sputnik()))
            self.rows = keep()
            link_files(settings.MEDIA_ROOT, self.files)
        else:
            with transaction.atomic():
                put_back(self.rows)
            link_files(self.files, settings.MEDIA_ROOT)


def load_reference():
    """What a new installation holds, and the project that most tests are about."""
    for part in (entities.reference, support.reference):
        part.load(apps)
    load_project("sputnik-ii")
    # Tests begin with a project that was always there: no history, nothing to judge anew.
    apps.get_model("indicators", "ChangeMark").objects.all().delete()
    for app, written in (
        ("support", "HistoricalProject"),
        ("support", "HistoricalProject_area"),
        ("indicators", "HistoricalProjectIndicator"),
        ("indicators", "HistoricalIndicatorRule"),
    ):
        apps.get_model(app, written).objects.all().delete()


def link_files(source, target):
    """No file is written in place, so one content can have a name in both folders."""
    copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


def tables():
    return sorted(set(connection.introspection.django_table_names()) - WRITTEN_BY_FLUSH)


def keep_sqlite():
    """`{table: (columns, rows)}`, the values as SQLite holds them: `+` hides the declared type."""
    rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            fields = connection.introspection.get_table_description(cursor, table)
            columns = [f'"{field.name}"' for field in fields]
            bare = ", ".join(f"+{column}" for column in columns)
            found = connection.connection.execute(f'SELECT {bare} FROM "{table}"')
            rows[table] = columns, found.fetchall()
    return rows


def put_back_sqlite(rows):
    """Without triggers: what the rows mark is judged already, and comes back with them."""
    database = connection.connection
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{PREFIX}%'"
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


def keep_postgresql():
    rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            rows[table] = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT BINARY)', rows[table])
    return rows


def put_back_postgresql(rows):
    with without_triggers(), connection.cursor() as cursor:
        for table in rows:
            cursor.execute(f'DELETE FROM "{table}"')
        for table, content in rows.items():
            content.seek(0)
            cursor.copy_expert(f'COPY "{table}" FROM STDIN (FORMAT BINARY)', content)
        for line in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(line)


@contextmanager
def without_triggers():
    set_triggers("DISABLE")
    yield
    set_triggers("ENABLE")


def set_triggers(act):
    """A table may be altered when no key of its rows waits to be looked for."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for watched in WATCHED:
            cursor.execute(f'ALTER TABLE "{watched.table}" {act} TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
