"""The command that writes a project as an exchange workbook."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from support.models import Project
from support.workbook.exporting import workbook_of


class Command(BaseCommand):
    """Exit 0: written; 1: nothing written, and why."""

    help = "Zapisuje cały projekt w formacie wymiany, z wykazem dowodów."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="nowy plik xlsx")
        parser.add_argument("--project", required=True, help="skrót projektu")

    def handle(self, *, file, project, **options):
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma takiego projektu.")
        content = workbook_of(project)
        try:
            with file.open("xb") as target:
                target.write(content)
        except FileExistsError:
            raise CommandError(f"Plik {file} już jest. Podaj inną nazwę.") from None
        except OSError as error:
            raise CommandError(f"Nie można zapisać {file}: {error.strerror}.") from None
        self.stdout.write(f"Zapisano {file}.")
