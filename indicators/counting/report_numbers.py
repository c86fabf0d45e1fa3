"""The numbers that closed reports print, as the records say them now, by the names of the reports.

All but targets are sums of what each candidate that counts, each service and each entity adds. So
a change adds what it touched as it is now and takes away what that was, and reads nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from indicators.counting.marks import Mark
from indicators.counting.service_work import (
    Firsts,
    Work,
    earlier,
    firsts_besides,
    firsts_of,
)
from indicators.counting.versions import version_of
from indicators.models.judgement import ChangeMark, Judgement, ReportNumbers
from owes.formatting import NOT_GIVEN
from owes.periods import Period

if TYPE_CHECKING:
    from indicators.counting.scope import Scope
    from indicators.models import Report

TOTALS = {
    "services": "usługi",
    "minutes": "minuty wsparcia",
    "minutes_approved": "minuty zatwierdzone",
    "person_minutes": "osobominuty",
}
PLANNED = ", zaplanowano"
ACTIVITY = {"services": "usługi", "minutes": "minuty", "entities": "podmioty"}


def in_period(name: str) -> str:
    """The name of the same number of the report's own period; without it, it is from the start."""
    return f"{name}, w okresie"


def of_activity(activity: str, column: str) -> str:
    return f"działanie {activity or NOT_GIVEN}, {ACTIVITY[column]}"


def target_of(label: str) -> str:
    return f"{label}, cel"


def planned_of(label: str) -> str:
    """The name of what milestones ask for by the last day of a partial report."""
    return f"{label}{PLANNED}"


def part_of(label: str, part: str) -> str:
    return f"{label}, {part}"


def whole_of(report: Report) -> Period:
    """The days from the project's start to the end of the report."""
    return Period(min(report.project.starts_on, report.starts_on), report.ends_on)


def lines_of(report: Report, scope: Scope, judgements: Iterable[Judgement]) -> Counter[str]:
    """What candidates that count add to the lines of a report and to their splits."""
    indicators = {indicator.code: indicator for indicator in scope.indicators}
    whole, numbers = whole_of(report), Counter[str]()
    for judgement in judgements:
        if judgement.counted_on not in whole:
            continue
        label = indicators[judgement.indicator].label
        parts = [judgement.labels[split] for split in indicators[judgement.indicator].splits]
        names = [label, *(part_of(label, part) for part in parts)]
        if judgement.counted_on in report.period:
            names = [*names, *map(in_period, names)]
        # A part that two splits have (a place that is not given) is added twice.
        for name in names:
            numbers[name] += judgement.amount
    return numbers


def work_of(report: Report, work: Iterable[Work], firsts: Firsts) -> Counter[str]:
    """What services, and entities first supported on those days, add to the totals of a report."""
    whole, numbers = whole_of(report), Counter[str]()
    for each in work:
        for period, name_of in ((whole, str), (report.period, in_period)):
            days = [day for day in each.days if day.day in period]
            if not days:
                continue
            minutes = sum(day.minutes for day in days)
            numbers[name_of(TOTALS["minutes_approved"])] += minutes
            if not each.is_support:
                continue
            persons = sum(day.minutes * day.persons for day in days)
            numbers[name_of(TOTALS["services"])] += 1
            numbers[name_of(TOTALS["minutes"])] += minutes
            numbers[name_of(TOTALS["person_minutes"])] += persons
            if period is whole:
                numbers[of_activity(each.activity, "services")] += 1
                numbers[of_activity(each.activity, "minutes")] += minutes
    for (activity, _), first in firsts.items():
        if first in whole:
            numbers[of_activity(activity, "entities")] += 1
    return numbers


def targets_of(report: Report, scope: Scope) -> dict[str, int | None]:
    """What was asked for by the end; of a partial report, by its last day too: two queries."""
    targets = scope.project.targets.with_milestones().in_force(scope.project, report.ends_on)
    numbers = {}
    for indicator in scope.indicators:
        if target := targets.get(indicator.code):
            numbers[target_of(indicator.label)] = target.value
            if target.steps and report.kind != report.Kind.FINAL:
                due = target.planned_on(report.ends_on, scope.period)
                numbers[planned_of(indicator.label)] = due
    return numbers


class ServicesMoved(NamedTuple):
    """The work of some services before a change and after it, and whom it was done for."""

    before: Iterable[Work]
    after: Iterable[Work]
    firsts_before: Firsts
    firsts_after: Firsts

    @classmethod
    def of(
        cls, scope: Scope, before: Mapping[int, Work], after: Mapping[int, Work]
    ) -> ServicesMoved:
        """`scope` is of now; one query, where entities gained or lost a day."""
        firsts_before, firsts_after = firsts_of(before.values()), firsts_of(after.values())
        if firsts_before != firsts_after:
            own = firsts_before.keys() | firsts_after.keys()
            besides = firsts_besides(scope, own, before.keys() | after.keys())
            besides = {key: day for key, day in besides.items() if key in own}
            firsts_before = earlier(firsts_before, besides)
            firsts_after = earlier(firsts_after, besides)
        return cls(before.values(), after.values(), firsts_before, firsts_after)

    def in_report(self, report: Report) -> Counter[str]:
        """What it adds to the numbers; negative where it takes away."""
        moved = work_of(report, self.after, self.firsts_after)
        moved.subtract(work_of(report, self.before, self.firsts_before))
        return moved


def added(numbers: Mapping[str, int], moved: Mapping[str, int]) -> dict[str, int]:
    """The sums that are not zero."""
    total = Counter(numbers)
    total.update(moved)
    return {name: number for name, number in total.items() if number}


def numbers_of(
    report: Report, scope: Scope, judgements: Iterable[Judgement], work: Mapping[int, Work]
) -> dict[str, Any]:
    """All of a report's numbers, of all that counts and all the work there is."""
    return {
        "lines": added(lines_of(report, scope, judgements), {}),
        "work": added(work_of(report, work.values(), firsts_of(work.values())), {}),
        "targets": targets_of(report, scope),
    }


def is_moved(report: Report, marks: Iterable[Mark]) -> bool:
    return any(mark.day is None or mark.day <= report.ends_on for mark in marks)


def has_targets(marks: Iterable[Mark]) -> bool:
    return any(mark.kind == ChangeMark.Kind.TARGET for mark in marks)


def keep_numbers(
    scope: Scope,
    reports: Iterable[Report],
    marks: list[Mark],
    moved: ServicesMoved | None,
    everything: Callable[[], Mapping[int, Work]],
) -> None:
    """Brings the numbers of the closed reports of a project up to date, when its judgements are.

    `moved` is the work of the services that were marked; None is all of it.
    """
    judged: dict[str, list[Judgement]] = {}
    for report in reports:
        report.project = scope.project
        own = scope.at(report.ends_on)
        kept = getattr(report, "numbers_now", None)
        is_known = bool(kept and kept.version == version_of(own))
        if is_known and not is_moved(report, marks):
            continue
        terms = own.terms
        if terms not in judged:
            rows = Judgement.objects.filter(project=scope.project, terms=terms).counted()
            judged[terms] = list(rows.defer("row", "facts"))
        if kept and is_known and moved:
            numbers = {
                "lines": added(lines_of(report, own, judged[terms]), {}),
                "work": added(kept.numbers["work"], moved.in_report(report)),
                "targets": targets_of(report, own),
            }
        else:
            numbers = numbers_of(report, own, judged[terms], everything())
        ReportNumbers.objects.update_or_create(
            report=report, defaults={"version": version_of(own), "numbers": numbers}
        )
