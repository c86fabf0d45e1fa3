from django.core.management.base import BaseCommand, CommandError

from indicators.reference import load_project
from support.contracts import KNOWN


class Command(BaseCommand):
    help = (
        "Zakłada projekt ze znanej umowy: obszar, wymagane dowody i cele; uzupełnia, czego brak."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG", help="skrót umowy")

    def handle(self, *, slug, **options):
        if slug not in KNOWN:
            raise CommandError(f"Nie ma umowy o skrócie {slug}. Znane: {', '.join(KNOWN)}.")
        load_project(slug)
        self.stdout.write(f"Projekt {slug} jest kompletny.")
