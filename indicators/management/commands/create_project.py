import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from indicators.contract.project_file import create_project


class Command(BaseCommand):
    help = "Zakłada projekt z pliku JSON: w całości albo wcale. Kształt: docs/nowy_projekt.md."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="plik JSON")

    def handle(self, *, file, **options):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"Nie można odczytać pliku: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError("Plik nie jest tekstem w UTF-8.") from None
        except json.JSONDecodeError as error:
            raise CommandError(
                f"To nie jest JSON: wiersz {error.lineno}, znak {error.colno}."
            ) from None
        try:
            project = create_project(content)
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, "Niczego nie zapisano."])) from None
        self.stdout.write(f"Założono projekt {project.slug}.")
        if project.memberships.exists():
            self.stdout.write("Linki do hasła wyślij ze strony zespołu.")
