"""When a project reports: the periods its contract divides it into, and the days they are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from owes.periods import Period


class ReportingCycle(models.TextChoices):
    YEAR = "year", "lata kalendarzowe"
    HALF = "half", "półrocza"
    QUARTER = "quarter", "kwartały"
    OWN = "own", "własne okresy"


MONTHS = {ReportingCycle.YEAR: 12, ReportingCycle.HALF: 6, ReportingCycle.QUARTER: 3}


@dataclass(frozen=True)
class ReportTerm:
    """A report the contract asks for, and the last day to hand it in."""

    period: Period
    due_on: date
    is_final: bool


def reporting_periods(period: Period, cycle: str, own_ends: Iterable[date]) -> list[Period]:
    """The whole of the project's days, cut after the last day of each period.

    `own_ends` are used by the cycle of own periods alone. The last one ends with the project.
    """
    if cycle == ReportingCycle.OWN:
        ends = sorted(set(own_ends))
    else:
        months = MONTHS[ReportingCycle(cycle)]
        ends = [month.end for month in period.months() if month.end.month % months == 0]
    ends = [day for day in ends if period.start <= day < period.end]
    starts = [period.start, *(day + timedelta(days=1) for day in ends)]
    return [Period(*days) for days in zip(starts, [*ends, period.end], strict=True)]


class Reporting(models.Model):
    """What a project's contract says of its reports.

    The default is art. 18 of the act on public benefit and volunteer work: the reporting period is
    the budget year, the report is due in 30 days.
    """

    reporting_cycle = models.CharField(
        "okresy sprawozdawcze",
        max_length=10,
        choices=ReportingCycle,
        default=ReportingCycle.YEAR,
    )
    own_period_ends = models.JSONField("ostatnie dni własnych okresów", default=list, blank=True)
    days_to_report = models.PositiveSmallIntegerField(
        "dni na sprawozdanie częściowe",
        default=30,
        help_text="Od końca okresu sprawozdawczego.",
    )
    days_to_final_report = models.PositiveSmallIntegerField(
        "dni na sprawozdanie końcowe", default=30, help_text="Od końca projektu."
    )

    class Meta:
        abstract = True

    def report_terms(self) -> list[ReportTerm]:
        """A partial report of each period before the last, the final one of the whole project."""
        period: Period = self.period  # type: ignore[attr-defined]
        own_ends = map(date.fromisoformat, self.own_period_ends)
        *partial, _ = reporting_periods(period, self.reporting_cycle, own_ends)
        of_period, of_all = map(timedelta, (self.days_to_report, self.days_to_final_report))
        return [
            *(ReportTerm(each, each.end + of_period, False) for each in partial),
            ReportTerm(period, period.end + of_all, True),
        ]
