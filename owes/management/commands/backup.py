from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from owes.backups.keys import BackupError
from owes.backups.making import delete_superfluous, make_backup
from owes.backups.work import in_words
from owes.formatting import plural


class Command(BaseCommand):
    help = "Robi kopię zapasową bazy i plików w jednym pliku i usuwa kopie, które się zestarzały."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            metavar="DIR",
            default=settings.BACKUP_DIR,
            help="katalog kopii; gdy pominięto, ten z BACKUP_DIR",
        )
        parser.add_argument(
            "--unencrypted", action="store_true", help="bez szyfrowania: plik przeczyta każdy"
        )

    def handle(self, *, folder: Path | None, unencrypted: bool, **options: Any) -> None:
        if folder is None:
            raise CommandError("Podaj katalog kopii albo ustaw BACKUP_DIR.")
        try:
            made = make_backup(folder, is_plain=unencrypted)
            with in_words("Nie można usunąć starej kopii"):
                deleted = delete_superfluous(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        took = plural(made.seconds, "sekunda,sekundy,sekund")
        self.stdout.write(f"{folder / made.name}: {filesizeformat(made.size)}, {took}.")
        for name in deleted:
            self.stdout.write(f"Usunięto starą kopię {name}.")
