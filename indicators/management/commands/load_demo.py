from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from entities.models import Entity
from indicators.demonstration import tell_story
from indicators.reference import load_project
from support.workbook import demonstration


class Command(BaseCommand):
    help = "Wczytuje dane przykładowe i konta pokazowe do pustej bazy."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Dane przykładowe wczytuje się tylko z OWES_DEMO=1.")
        if demonstration.is_loaded():
            self.stdout.write("Dane przykładowe już są.")
            return
        if Entity.objects.exists():
            raise CommandError("W rejestrze są już podmioty: tu nie wczytam danych przykładowych.")
        with transaction.atomic():
            began = timezone.now()
            load_project(demonstration.PROJECT)
            demonstration.load(began)
            tell_story()
        self.stdout.write("Wczytano dane przykładowe.")
