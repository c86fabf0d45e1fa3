from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

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
        "może zmieniać ani usuwać historii. Wydaje je właściciel tabel, po każdym migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", metavar="ROLA", help="rola, z którą działa program")
        parser.add_argument(
            "--anonymising",
            action="store_true",
            help="może zmieniać historię zapisów zanonimizowanych; reszty pilnują wyzwalacze",
        )

    def handle(self, *, role: str, anonymising: bool, **options: Any) -> None:
        quoted = connection.ops.quote_name(role)
        for statement in [*EVERYTHING, *_refusals(anonymising)]:
            self.stdout.write(statement.format(role=quoted))


def _refusals(anonymising: bool) -> Iterator[str]:
    of_history = "DELETE, TRUNCATE" if anonymising else "UPDATE, DELETE, TRUNCATE"
    acts = dict.fromkeys(histories(), of_history)
    acts |= dict.fromkeys([ChainShape, ChainLink], "UPDATE, DELETE, TRUNCATE")
    # Old months of looks are deleted every night; triggers let no younger row go.
    acts |= dict.fromkeys([Look, LookedAt], "UPDATE, TRUNCATE")
    for model, refused in acts.items():
        yield f'REVOKE {refused} ON "{model._meta.db_table}" FROM {{role}};'
