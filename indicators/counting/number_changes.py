"""What a change adds to the numbers of closed reports, before it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from indicators.counting.marks import Mark, services_of
from indicators.counting.movements import Baseline, Movement
from indicators.counting.report_numbers import (
    ServicesMoved,
    added,
    has_targets,
    lines_of,
    numbers_of,
    targets_of,
    work_of,
)
from indicators.counting.scope import Scope
from indicators.counting.service_work import (
    Services,
    Work,
    firsts_of,
    kept_work,
    work_of_services,
)
from indicators.counting.versions import rules
from indicators.models import Report
from support.models import Project


class NumbersBefore:
    """The numbers of the closed reports of a project before a change.

    What is kept, with what the marks that are pending moved since; all is read where it is not
    kept.
    """

    def __init__(
        self, project: Project, reports: list[Report], baseline: Baseline, pending: list[Mark]
    ) -> None:
        self.project, self.baseline, self.pending = project, baseline, pending
        kept = [getattr(report, "numbers_now", None) for report in reports]
        self.is_kept = baseline.is_kept and all(
            each and each.version.startswith(rules()) for each in kept
        )
        self.services = services_of(pending) if self.is_kept else None
        self._work = self._read_work()
        self.of = {report.pk: self._numbers(report) for report in reports}

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.project)

    def _read_work(self):
        """Of pending services, or of all."""
        is_none = self.services is not None and not self.services
        return {} if is_none else work_of_services(self.scope, self.services)

    @cached_property
    def _moved(self):
        """What pending marks moved since the numbers were kept."""
        return ServicesMoved.of(
            self.scope, kept_work(self.project, self.services or ()), self._work
        )

    def _numbers(self, report):
        if self.is_kept and not self.pending:
            return report.numbers_now.numbers
        scope = self.scope.at(report.ends_on)
        terms = scope.terms
        if self.services is None:
            judgements = self.baseline.counted(scope, terms).values()
            return numbers_of(report, scope, judgements, self._work)
        numbers = dict(report.numbers_now.numbers)
        was, now = self.baseline.overlaid(scope, terms)
        lines = lines_of(report, scope, now)
        lines.subtract(lines_of(report, scope, was))
        numbers["lines"] = added(numbers["lines"], lines)
        if self.services:
            numbers["work"] = added(numbers["work"], self._moved.in_report(report))
        if has_targets(self.pending):
            numbers["targets"] = targets_of(report, scope)
        return numbers

    def work(self, services: Services) -> dict[int, Work]:
        """Of these services before the change."""
        known = {service: self._work[service] for service in services if service in self._work}
        if self.services is None:
            return known
        return kept_work(self.project, set(services) - set(self.services)) | known


class NumbersNow:
    """What a change adds to the numbers of closed reports; `scope` is of after it."""

    def __init__(self, before: NumbersBefore, scope: Scope, marks: list[Mark]) -> None:
        self.before, self.scope, self.marks = before, scope, marks
        self.services = services_of(marks)

    @cached_property
    def _moved(self):
        if self.services is None:
            return None
        now = work_of_services(self.scope, self.services)
        return ServicesMoved.of(self.scope, self.before.work(self.services), now)

    @cached_property
    def _all_work(self):
        work = work_of_services(self.scope)
        return work.values(), firsts_of(work.values())

    def before_and_after(
        self, report: Report, movements: Iterable[Movement]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The numbers of a report by name; movements of judgements move its lines."""
        before, scope = self.before.of[report.pk], self.scope.at(report.ends_on)
        pairs = list(movements)
        lines = lines_of(report, scope, (pair.after for pair in pairs if pair.after))
        lines.subtract(lines_of(report, scope, (pair.before for pair in pairs if pair.before)))
        if self._moved is None:
            work = added(work_of(report, *self._all_work), {})
        else:
            work = added(before["work"], self._moved.in_report(report))
        targets = before["targets"]
        if self.services is None or has_targets(self.marks):
            targets = targets_of(report, scope)
        return (
            before["lines"] | before["work"] | before["targets"],
            added(before["lines"], lines) | work | targets,
        )
