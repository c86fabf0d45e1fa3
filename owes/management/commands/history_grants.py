from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from owes.chain.triggers import histories
from owes.models import ChainLink, ChainShape, Look, LookedAt

EVERYTHING = (
    "GRANT USAGE ON SCHEMA public TO {role};",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};",
)


class Command(BaseCommand):
    help = (
        "Wypisuje polecenia SQL, po których rola PostgreSQL może używać bazy programu, ale nie "
        "może zmieniać ani usuwać historii. Wydaje je właściciel tabel, po każdym migrate; "
        "z --apply od razu."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", metavar="ROLA", help="rola, z którą działa program")
        parser.add_argument(
            "--anonymising",
            action="store_true",
            help="może zmieniać historię zapisów zanonimizowanych; reszty pilnują wyzwalacze",
        )
        parser.add_argument(
            "--apply",
            action="store_true",
            help="wydaje polecenia zamiast je wypisać; z PROGRAM_PASSWORD zakłada też rolę",
        )

    def handle(self, *, role: str, anonymising: bool, apply: bool, **options: Any) -> None:
        quoted = connection.ops.quote_name(role)
        granted = [line.format(role=quoted) for line in [*EVERYTHING, *_refusals(anonymising)]]
        if not apply:
            self.stdout.write("\n".join(granted))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            if settings.PROGRAM_PASSWORD:
                _make(cursor, role, quoted)
            for statement in granted:
                cursor.execute(statement)
        self.stdout.write(f"Rola {role} ma prawa do bazy, bez prawa usuwania historii.")


def _make(cursor: Any, role: str, quoted: str) -> None:
    """The role with the password of the settings, made or kept."""
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {quoted} LOGIN")
    cursor.execute(f"ALTER ROLE {quoted} PASSWORD %s", [settings.PROGRAM_PASSWORD])


def _refusals(anonymising: bool) -> Iterator[str]:
    of_history = "DELETE, TRUNCATE" if anonymising else "UPDATE, DELETE, TRUNCATE"
    acts = dict.fromkeys(histories(), of_history)
    acts |= dict.fromkeys([ChainShape, ChainLink], "UPDATE, DELETE, TRUNCATE")
    # Old months of looks are deleted every night; triggers let no younger row go.
    acts |= dict.fromkeys([Look, LookedAt], "UPDATE, TRUNCATE")
    for model, refused in acts.items():
        yield f'REVOKE {refused} ON "{model._meta.db_table}" FROM {{role}};'
