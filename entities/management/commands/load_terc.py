from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from entities.terc import TercError, gus_rows, load_terc


class Command(BaseCommand):
    help = "Wczytuje nowszy plik TERC z GUS (WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA)."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file, **options):
        try:
            rows, day = gus_rows(file)
        except (TercError, OSError) as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            new, ended = load_terc(apps, rows, day)
        self.stdout.write(f"Stan na {day:%d.%m.%Y}: nowych kodów {new}, zakończonych {ended}.")
