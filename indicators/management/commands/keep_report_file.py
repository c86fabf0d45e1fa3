from django.core.management.base import BaseCommand, CommandError

from indicators.closing.closing import keep_file
from indicators.models import Report
from owes.pdf import PdfUnavailable


class Command(BaseCommand):
    help = "Tworzy i zachowuje PDF zamkniętego raportu; drugi raz niczego nie zmienia."

    def add_arguments(self, parser):
        parser.add_argument("report", type=int)

    def handle(self, *, report, **options):
        closed = Report.objects.closed().filter(pk=report).first()
        if closed is None:
            raise CommandError("Nie ma zamkniętego raportu o tym kluczu.")
        try:
            closed = keep_file(closed)
        except (PdfUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(closed.sha256)
