from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.backups.keys import write_new_key


class Command(BaseCommand):
    help = "Robi parę kluczy kopii: tajny zapisuje do pliku, publiczny wypisuje."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="nowy plik tajnego klucza")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            public = write_new_key(file)
        except FileExistsError as error:
            raise CommandError(f"Plik {file} już jest. Kluczy się nie nadpisuje.") from error
        except OSError as error:
            raise CommandError(f"Nie można zapisać {file}: {error.strerror}.") from error
        self.stdout.write(public)
        self.stderr.write(
            f"Ustaw BACKUP_KEYS na tę wartość. Plik {file} przenieś poza ten komputer: bez niego "
            "nie da się odtworzyć kopii, a z nim każdy ją przeczyta."
        )
