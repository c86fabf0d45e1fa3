from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from entities.models import Entity
from indicators.demonstration import tell_story
from indicators.demonstration_running import tell_running
from indicators.reference import load_project
from owes.chain.triggers import rewriting
from support.workbook import demonstration, demonstration_running


class Command(BaseCommand):
    help = "Wczytuje dane przykładowe i konta pokazowe do pustej bazy."

    def add_arguments(self, parser):
        parser.add_argument(
            "--one-project",
            action="store_true",
            help="Tylko projekt zakończony, bez drugiego, który trwa w dniu wczytania.",
        )

    def handle(self, *, one_project, **options):
        if not settings.DEMO:
            raise CommandError("Dane przykładowe wczytuje się tylko z OWES_DEMO=1.")
        if demonstration.is_loaded():
            self.stdout.write("Dane przykładowe już są.")
            return
        if Entity.objects.exists():
            raise CommandError("W rejestrze są już podmioty: tu nie wczytam danych przykładowych.")
        with rewriting():
            began = timezone.now()
            load_project(demonstration.PROJECT)
            demonstration.load(began)
            tell_story()
            if not one_project:
                load_running(timezone.localdate())
        self.stdout.write("Wczytano dane przykładowe.")


def load_running(today):
    """The second project, with its indicators and reports; its days are relative to today."""
    demonstration_running.load(today, timezone.now())
    tell_running(today)
