"""Deadlines of the contract: one rule for the dashboard, checks and letters."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from indicators.models import Report
from owes.formatting import period as as_period
from owes.formatting import plural, plural_form
from owes.periods import Period

SOON = 14  # days; a nearer deadline is amber
DAYS = "dzień,dni,dni"


def remaining(days):
    """ "został 1 dzień", "zostały 3 dni", "zostało 5 dni"."""
    return f"{plural_form(days, 'został,zostały,zostało')} {plural(days, DAYS)}"


@dataclass(frozen=True)
class ReportDue:
    """A report the contract asks for, and the last day to hand it in."""

    kind: str
    period: Period
    day: date

    @classmethod
    def all_of(cls, project):
        """Partial reports in order of their periods, then the final one."""
        return [
            cls(
                Report.Kind.FINAL if term.is_final else Report.Kind.PARTIAL,
                term.period,
                term.due_on,
            )
            for term in project.report_terms()
        ]

    @property
    def name(self):
        return f"Sprawozdanie {'końcowe' if self.kind == Report.Kind.FINAL else 'częściowe'}"


@dataclass(frozen=True)
class Deadline:
    """A day that matters; `left` days from today, negative when gone by."""

    name: str
    day: date
    left: int
    url: str = ""
    about: str = ""
    is_duty: bool = False

    @property
    def words(self):
        if not self.left:
            return "dziś"
        if self.left > 0:
            return remaining(self.left)
        return f"po terminie {plural(-self.left, DAYS)}" if self.is_duty else "minął"

    @property
    def kind(self):
        """The kind of state: red when a duty is overdue, amber when it is near, empty before."""
        if self.is_duty and self.left < 0:
            return "risk"
        return "watch" if 0 <= self.left <= SOON else ""


def report_deadlines(project, today):
    """Of the reports not sent yet, the earliest first: one query."""
    reports, sent = {}, set()
    every = project.reports.defer("document", "corrects__document").order_by("pk")
    for report in every.select_related("project", "corrects"):
        about = report.kind, report.ends_on
        # A correction that was sent hands in the report that it corrects.
        if report.is_sent:
            sent.add(about)
        if report.corrects_id is None:
            reports[about] = report
    for due in ReportDue.all_of(project):
        if (due.kind, due.period.end) in sent:
            continue
        report = reports.get((due.kind, due.period.end))
        yield (
            due,
            Deadline(
                name=due.name,
                day=due.day,
                left=(due.day - today).days,
                url=report.get_absolute_url() if report else _url_to_begin(project, due),
                about=f"za {as_period(due.period)}, {_report_state(report)}",
                is_duty=True,
            ),
        )


def due_report(project, ends_on=None):
    """The report of the period that ends then (ISO), or the earliest not sent, or the final."""
    every = ReportDue.all_of(project)
    asked = [due for due in every if due.period.end.isoformat() == ends_on]
    waiting = [due for due, _ in report_deadlines(project, timezone.localdate())]
    return [*asked, *waiting, every[-1]][0]


def waiting_reports(project):
    """`[(report due, its deadline)]` of those not sent, to choose what to begin from."""
    return list(report_deadlines(project, timezone.localdate()))


def deadlines(project, today):
    """Reports not sent, the end of the project and of keeping its papers, in order of days."""
    days = [
        ("Koniec projektu", project.ends_on),
        ("Koniec przechowywania dokumentów", project.documents_kept_until),
    ]
    dated = [Deadline(name, day, (day - today).days) for name, day in days if day]
    dated += [deadline for _, deadline in report_deadlines(project, today)]
    return sorted(dated, key=lambda deadline: deadline.day)


def _report_state(report):
    if report is None:
        return "nie rozpoczęto"
    return "zamknięte, nie wysłano" if report.is_closed else "wersja robocza"


def _url_to_begin(project, due):
    """The page that begins the report; `due_report` reads this URL."""
    address = reverse("indicators:report_create", args=[project.slug])
    return f"{address}?due={due.period.end.isoformat()}"
