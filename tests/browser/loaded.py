"""The demonstration, loaded once a run: its rows and files are put back for every later test."""

import io
import os
import sqlite3
from pathlib import Path
from shutil import copytree

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.counting.triggers import WATCHED
from tests.conftest import load_reference
from tests.factories import sputnik

# The flush that ends a test writes them anew.
WRITTEN_BY_FLUSH = {"django_content_type", "auth_permission"}


class Loaded:
    def __init__(self, folder):
        self.rows, self.files = None, Path(folder) / "media"

    def bring(self):
        """The demonstration into a database that has been flushed."""
        keep, put_back = {
            "sqlite": (keep_sqlite, put_back_sqlite),
            "postgresql": (keep_postgresql, put_back_postgresql),
        }[connection.vendor]
        if self.rows is None:
            load_reference()
            call_command("load_demo", verbosity=0)
            kept(Scope.of(sputnik()))
            self.rows = keep()
            link_files(settings.MEDIA_ROOT, self.files)
        else:
            put_back(self.rows)
            link_files(self.files, settings.MEDIA_ROOT)


def link_files(source, target):
    """No file is written in place, so one content can have a name in both folders."""
    copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


def keep_sqlite():
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(copy)
    return copy


def put_back_sqlite(copy):
    copy.backup(connection.connection)


def keep_postgresql():
    rows = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.django_table_names()) - WRITTEN_BY_FLUSH:
            rows[table] = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT BINARY)', rows[table])
    return rows


def put_back_postgresql(rows):
    """Without triggers: what the rows mark is judged already, and comes back with them."""
    set_triggers("DISABLE")
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in rows.items():
            content.seek(0)
            cursor.copy_expert(f'COPY "{table}" FROM STDIN (FORMAT BINARY)', content)
        for line in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(line)
    set_triggers("ENABLE")


def set_triggers(act):
    with connection.cursor() as cursor:
        for watched in WATCHED:
            cursor.execute(f'ALTER TABLE "{watched.table}" {act} TRIGGER USER')
