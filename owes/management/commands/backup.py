from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from owes.backups.keys import BackupError
from owes.backups.making import delete_superfluous, make_backup
from owes.formatting import plural


class Command(BaseCommand):
    help = "Robi kopię zapasową bazy i plików w jednym pliku i usuwa kopie, które się zestarzały."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="katalog kopii")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            made = make_backup(folder)
            deleted = delete_superfluous(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        took = plural(made.seconds, "sekunda,sekundy,sekund")
        self.stdout.write(f"{folder / made.name}: {filesizeformat(made.size)}, {took}.")
        if not made.is_encrypted:
            self.stderr.write("Kopia nie jest zaszyfrowana: ustaw BACKUP_KEYS.")
        for name in deleted:
            self.stdout.write(f"Usunięto starą kopię {name}.")
