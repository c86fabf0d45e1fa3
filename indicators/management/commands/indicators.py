import json

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators.counting.scope import Scope
from indicators.counting.totals import totals
from indicators.models import Target
from owes.formatting import HOURS, amount, hours, plural
from owes.parsing.days import read_file_date
from owes.periods import Period
from support.models import Project


class Command(BaseCommand):
    help = "Podaje wskaźniki projektu na dzień albo w okresie, na życzenie z zapisami."

    def add_arguments(self, parser):
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--on", type=self.day, metavar="DATE", help="narastająco do dnia")
        parser.add_argument("--from", dest="start", type=self.day, metavar="DATE")
        parser.add_argument("--to", dest="end", type=self.day, metavar="DATE")
        parser.add_argument("--format", choices=["table", "json"], default="table")
        parser.add_argument("--records", action="store_true", help="z zapisami i powodami")

    @staticmethod
    def day(text):
        try:
            return read_file_date(text)
        except ValidationError as error:
            raise CommandError(f"{text}: {error.messages[0]}") from error

    def handle(self, *, project, on, start, end, format, records, **options):
        if bool(start) != bool(end) or (on and start):
            raise CommandError("Podaj albo --on, albo --from i --to razem.")
        project = Project.objects.filter(slug=project).first()
        if project is None:
            raise CommandError("Nie ma projektu o tym skrócie.")
        scope = Scope.of(project)
        if start:
            if end < start:
                raise CommandError("Koniec okresu jest wcześniejszy niż początek.")
            period, asked = Period(start, end), {"from": start, "to": end}
        else:
            on = on or scope.as_of(timezone.localdate())
            period = Period(min(project.starts_on, on), on)
            asked = {"on": on}
        scope = scope.at(period.end)
        answer = {"project": project.slug}
        answer |= {key: day.isoformat() for key, day in asked.items()}
        answer["totals"] = totals(scope, period)
        targets = Target.objects.with_milestones().in_force(project, period.end)
        answer["indicators"] = [
            self.line(indicator, scope, period, targets, records)
            | ({} if start else self.planned(targets.get(indicator.code), scope, on))
            for indicator in scope.indicators
        ]
        if format == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self.table(answer)

    @staticmethod
    def planned(target, scope, on):
        """What milestones ask for by the day; a target without them has no such number."""
        if not target or not target.value or not target.steps:
            return {}
        return {"planned": target.planned_on(on, scope.period)}

    def line(self, indicator, scope, period, targets, records):
        target = targets.get(indicator.code)
        line = {
            "code": indicator.code,
            "name": indicator.name,
            "target": target.value if target else None,
            "value": indicator.value(scope, period),
            "splits": {name: indicator.split(scope, name, period) for name in indicator.splits},
        }
        if indicator.unit == HOURS:
            line["unit"] = "minutes"
        if records:
            line["records"] = [
                {"code": code, "counted_on": day.isoformat()}
                | ({"adds": added} if indicator.is_sum else {})
                for code, day, added in indicator.counted(scope, period).values_list(
                    indicator.record_code, "counted_on", "amount"
                )
            ]
            line["not_counted"] = [
                {
                    "code": getattr(record, indicator.record_code),
                    "reasons": [
                        reason.sentence for reason in indicator.reasons(scope, record, period)
                    ],
                }
                for record in indicator.not_counted(scope, period)
            ]
        return line

    @staticmethod
    def said(line):
        """Numbers of a line as the table has them: hours in words, others as bare digits."""
        return lambda value: amount(value, HOURS) if "unit" in line else str(value)

    def table(self, answer):
        total = answer["totals"]
        services = plural(total["services"], "usługa,usługi,usług")
        self.stdout.write(
            f"{answer['project']}: {services}, {hours(total['minutes'])} wsparcia, "
            f"{hours(total['minutes_approved'])} we wszystkich zatwierdzonych, "
            f"{hours(total['person_minutes'])} osobogodzin"
        )
        for line in answer["indicators"]:
            said = self.said(line)
            target = "bez celu" if line["target"] is None else f"z {said(line['target'])}"
            planned = f", na ten dzień {said(line['planned'])}" if "planned" in line else ""
            self.stdout.write(f"{said(line['value']):>5} {target:<9} {line['name']}{planned}")
            for parts in line["splits"].values():
                self.stdout.write(
                    " " * 16 + ", ".join(f"{label} {said(n)}" for label, n in parts.items())
                )
            for record in line.get("records", []):
                adds = f", dodaje {said(record['adds'])}" if "adds" in record else ""
                self.stdout.write(f"      + {record['code']} od {record['counted_on']}{adds}")
            for record in line.get("not_counted", []):
                self.stdout.write(f"      - {record['code']}: {' '.join(record['reasons'])}")
