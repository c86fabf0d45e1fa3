from django.core.management.base import BaseCommand, CommandError

from indicators.counting.verifying import differences
from indicators.models import JudgedTerms
from owes.formatting import plural
from support.models import Project


class Command(BaseCommand):
    help = "Liczy wskaźniki od nowa z zapisów i porównuje z tym, co program przechowuje."

    def add_arguments(self, parser):
        parser.add_argument("--project", metavar="SLUG", help="tylko ten projekt")
        parser.add_argument(
            "--mend", action="store_true", help="po porównaniu każ policzyć wszystko od nowa"
        )

    def handle(self, *, project, mend, **options):
        projects = Project.objects.order_by("pk")
        if project:
            projects = projects.filter(slug=project)
        if not projects:
            raise CommandError("Nie ma projektu o tym skrócie.")
        found = 0
        for each in projects:
            for difference in differences(each):
                found += 1
                self.stdout.write(f"{each.slug}: {difference.what}")
                self.stdout.write(f"  przechowane: {difference.kept}")
                self.stdout.write(f"  policzone:   {difference.counted}")
        if mend:
            JudgedTerms.objects.filter(project__in=projects).delete()
        if found:
            raise CommandError(f"{plural(found, 'różnica,różnice,różnic')}.")
        self.stdout.write("Wszystko się zgadza.")
