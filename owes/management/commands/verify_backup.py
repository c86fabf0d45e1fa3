from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from owes.backups.keys import BackupError
from owes.backups.restoring import verify


class Command(BaseCommand):
    help = "Czyta całą kopię zapasową i porównuje ją z jej spisem; niczego nie odtwarza."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="plik kopii")
        parser.add_argument("--key", type=Path, metavar="FILE", help="plik tajnego klucza")

    def handle(self, *, file: Path, key: Path | None, **options: Any) -> None:
        try:
            manifest = verify(file, key)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Kopia jest cała. {manifest}.")
