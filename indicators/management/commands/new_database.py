from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

import entities.reference
import support.reference


class Command(BaseCommand):
    help = (
        "Zakłada pustą bazę SQLite od razu w jej dzisiejszej postaci, w sekundy zamiast pół "
        "minuty. Każdą inną bazę zakłada i zmienia migrate."
    )
    requires_migrations_checks = False

    def handle(self, **options):
        if connection.vendor != "sqlite" or connection.introspection.table_names():
            raise CommandError("To polecenie jest dla pustej bazy SQLite. Użyj manage.py migrate.")
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        call_command("createcachetable", verbosity=0)
        entities.reference.load(apps)
        support.reference.load(apps)
        # Triggers, types of content and permissions.
        emit_post_migrate_signal(0, False, connection.alias)
        _record_migrations()


def _record_migrations():
    """All of this code count as applied, so that `migrate` goes on from here."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in sorted(MigrationLoader(None).graph.nodes):
        recorder.record_applied(app, name)
