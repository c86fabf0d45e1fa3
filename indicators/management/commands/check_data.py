import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators.checks.declarations import CHECKS
from indicators.checks.findings import findings, keep_run
from owes.formatting import moment, plural
from support.models import Project


class Command(BaseCommand):
    help = "Sprawdza dane projektu: reguły kontroli danych, liczby i zapisy, bez nazwisk osób."

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument(
            "--keep", action="store_true", help="zachowaj liczby jako sprawdzenie tego dnia"
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *, project, format, keep, **options):
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma projektu o tym skrócie.")
        now = timezone.now()
        all_findings = findings(project, now)
        if keep:
            keep_run(project, all_findings, now)
        lines = [self.line(check, all_findings) for check in CHECKS.values()]
        if format == "json":
            answer = {"project": project.slug, "at": timezone.localtime(now).isoformat()}
            text = json.dumps(answer | {"checks": lines}, ensure_ascii=False, indent=1)
            self.stdout.write(text)
        else:
            self.table(project, now, lines)

    def line(self, check, all_findings):
        """What is accepted is counted apart and not listed."""
        own = [finding for finding in all_findings if finding.check is check]
        standing = [finding for finding in own if finding.acceptance is None]
        return {
            "code": check.code,
            "severity": check.severity.value,
            "sentence": check.sentence,
            "count": len(standing),
            "accepted": len(own) - len(standing),
            "records": [
                {"code": finding.offender.code, "text": finding.nameless} for finding in standing
            ],
        }

    def table(self, project, now, lines):
        total = sum(line["count"] for line in lines)
        words = plural(total, "niezgodność,niezgodności,niezgodności")
        self.stdout.write(f"{project.slug}: {words}, stan na {moment(now)}")
        for line in lines:
            accepted = f" (przyjęte z powodem: {line['accepted']})" if line["accepted"] else ""
            self.stdout.write(
                f"{line['code']} {line['severity']:<4} {line['count']:>6}  "
                f"{line['sentence']}{accepted}"
            )
