from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.backups.keys import BackupError
from owes.backups.restoring import restore

INTERRUPTED = (
    "Przerwano. To, co stoi w bazie i w katalogu plików, nie jest sprawdzone: opróżnij oba i "
    "zacznij od nowa."
)


class Command(BaseCommand):
    help = "Odtwarza kopię zapasową w pustej bazie i pustym katalogu plików i porównuje ją z nimi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="plik kopii")
        parser.add_argument("--key", type=Path, metavar="FILE", help="plik tajnego klucza")

        parser.add_argument(
            "--without-tombstones",
            action="store_true",
            help="odtwarza bez listy osób zanonimizowanych po zrobieniu kopii",
        )

    def handle(
        self, *, file: Path, key: Path | None, without_tombstones: bool, **options: Any
    ) -> None:
        try:
            manifest = restore(file, key, is_without_list=without_tombstones)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except (KeyboardInterrupt, SystemExit) as end:
            raise CommandError(INTERRUPTED) from end
        self.stdout.write(f"Odtworzono kopię. {manifest}.")
        self.stdout.write("Wiersze, pliki, historia i wskaźniki każdego dnia są równe. Gotowe.")
