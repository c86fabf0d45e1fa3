from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from entities.terc import TercError, gus_rows, load_terc
from owes.change_reasons import ReasonNeeded, explained


class Command(BaseCommand):
    help = "Wczytuje nowszy plik TERC z GUS (WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--reason", default="", help="powód zmiany tego, co podano w raporcie")

    def handle(self, *, file: str, reason: str, **options: Any) -> None:
        try:
            rows, day = gus_rows(file)
        except (TercError, OSError) as error:
            raise CommandError(str(error)) from error
        try:
            new, ended = explained(lambda: load_terc(apps, rows, day), reason=reason.strip())
        except ReasonNeeded as needed:
            sentence = f"Zmieni to, co podaje {needed}."
            message = f"{sentence}\nPodaj powód (--reason). Niczego nie zapisano."
            raise CommandError(message, returncode=2) from None
        self.stdout.write(f"Stan na {day:%d.%m.%Y}: nowych kodów {new}, zakończonych {ended}.")
