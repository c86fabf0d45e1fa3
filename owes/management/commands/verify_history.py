import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.chain.sealing import seal
from owes.chain.verifying import differences, last_link
from owes.formatting import plural

LINK = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")


class Command(BaseCommand):
    help = "Dołącza nowe wiersze historii do łańcucha i sprawdza, czy żadnego nie zmieniono."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--link",
            default="",
            metavar="NR:SKRÓT",
            help="ogniwo zapisane wcześniej poza programem: ma być w łańcuchu",
        )

    def handle(self, *, link: str, **options: Any) -> None:
        if link and not LINK.fullmatch(link):
            raise CommandError("Ogniwo zapisuje się tak, jak je podało to polecenie: nr:skrót.")
        sealed = seal()
        found = 0
        for difference in differences(link):
            found += 1
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{plural(found, 'różnica,różnice,różnic')}.")
        rows = plural(sealed, "nowy wiersz,nowe wiersze,nowych wierszy")
        self.stdout.write(f"Historia się zgadza; dołączono {rows}.")
        self.stdout.write(f"Ostatnie ogniwo: {last_link()}")
