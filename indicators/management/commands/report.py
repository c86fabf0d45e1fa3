from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from indicators.models import Report
from indicators.reports.builder import build_report
from indicators.reports.files import render_pdf, render_xlsx
from owes.parsing.days import read_file_date
from owes.pdf import PdfUnavailable
from owes.periods import Period
from support.models import Project


class Command(BaseCommand):
    help = "Zapisuje roboczą wersję raportu wskaźników: PDF, a przy nazwie .xlsx arkusz."

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--from", dest="start", required=True, metavar="DATE")
        parser.add_argument("--to", dest="end", required=True, metavar="DATE")
        parser.add_argument("--kind", choices=Report.Kind.values, required=True)
        parser.add_argument("--output", required=True, metavar="FILE.pdf")
        parser.add_argument("--steps", action="store_true", help="podaje postęp jako 3/18")

    def handle(self, *, project, start, end, kind, output, steps, **options):
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma projektu o tym skrócie.")
        try:
            period = Period(read_file_date(start), read_file_date(end))
        except (ValidationError, ValueError) as error:
            raise CommandError(getattr(error, "message", str(error))) from error

        def tell(done, total):
            if steps:
                self.stdout.write(f"{done}/{total}")
                self.stdout.flush()

        report = build_report(project, kind, period, tell=tell)
        render = render_xlsx if output.endswith(".xlsx") else render_pdf
        try:
            content = render(report)
            with open(output, "wb") as file:
                file.write(content)
        except (PdfUnavailable, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Zapisano {output}.")
