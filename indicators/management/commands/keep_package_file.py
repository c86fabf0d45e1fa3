from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from indicators.closing.packages import make
from indicators.models import Package
from owes.pdf import PdfUnavailable


class Command(BaseCommand):
    help = "Tworzy plik pakietu dla zleceniodawcy; drugi raz niczego nie zmienia."

    def add_arguments(self, parser):
        parser.add_argument("package", type=int)

    def handle(self, *, package, **options):
        row = Package.objects.select_related("report__project").filter(pk=package).first()
        if row is None:
            raise CommandError("Nie ma takiego pakietu.")
        if row.sha256:
            return

        def tell(done, total):
            self.stdout.write(f"{done}/{total}")
            self.stdout.flush()

        try:
            make(row, tell)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except (PdfUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
