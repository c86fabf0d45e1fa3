"""The command that lists whose data of a project may go, and approves the list."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from owes.formatting import day
from owes.models import User
from support.models import Project
from support.retention.plan import approve, plan_of


class Command(BaseCommand):
    """Without `--approve` a dry run, of today or of another day; names are not read."""

    help = "Wypisuje, czyje dane projektu można zanonimizować, a czyje zostają i dlaczego."

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--on", type=date.fromisoformat, metavar="RRRR-MM-DD")
        parser.add_argument(
            "--approve",
            metavar="E-MAIL",
            help="zatwierdza listę na dziś w imieniu konta; anonimizację robi proces worker",
        )

    def handle(self, *, project, on, approve, **options):
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma projektu o tym skrócie.")
        if on and approve:
            raise CommandError("Zatwierdza się listę na dziś: podaj --on albo --approve.")
        plan = plan_of(project, on or timezone.localdate())
        self._tell(plan)
        if approve:
            self._approve(plan, approve)

    def _tell(self, plan):
        for each in plan.due:
            self.stdout.write(f"do anonimizacji: {each.words}")
        for each in plan.kept:
            self.stdout.write(f"zostaje: {each.words}: {' '.join(each.reasons)}")
        self.stdout.write(
            f"{plan.project}, stan na {day(plan.on)}: do anonimizacji {len(plan.due)}, "
            f"zostaje {len(plan.kept)}, zanonimizowano wcześniej {plan.done}."
        )

    def _approve(self, plan, email):
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None or not user.has_perm("support.keep_project", plan.project):
            raise CommandError("To konto nie może zatwierdzić listy tego projektu.")
        try:
            job = approve(plan.project, plan.on, plan.fingerprint, user)
        except ValidationError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Zlecono anonimizację, zadanie nr {job.pk}.")
