"""What a change is said to do to closed reports is what a recount of raw data gives."""

import os

import pytest

from indicators.counting.judging import judge
from indicators.counting.report_numbers import numbers_of
from indicators.counting.scope import Scope
from indicators.counting.service_work import work_of_services
from indicators.counting.store import judgements, kept
from indicators.models import Report
from indicators.reports.builder import build_report
from indicators.reports.comparison import printed_numbers
from indicators.reports.indicator_report import IndicatorReport
from indicators.reports.touched_reports import Watch
from tests.indicators.random_changes import World

pytestmark = pytest.mark.usefixtures("db")
STEPS = int(os.environ.get("STORE_STEPS", "30"))


def recounted(report):
    """The numbers that the report would print now, of raw data."""
    scope = Scope.of(report.project, report.ends_on)
    rows = [
        row
        for row in judgements(scope, judge(scope.indicators, scope))
        if row.failed == 0 and row.counted_on
    ]
    numbers = numbers_of(report, scope, rows, work_of_services(scope))
    return numbers["lines"] | numbers["work"] | numbers["targets"]


def without_nothing(numbers):
    return {name: number for name, number in numbers.items() if number}


def in_force():
    return {report: recounted(report) for report in Report.objects.in_force()}


def labels(scope):
    return {indicator.code: indicator.label for indicator in scope.indicators}


def expected(report, was, now):
    closed = IndicatorReport.of_json(report.document)
    reported = printed_numbers(closed, labels(Scope.of(report.project)))
    return {
        name: (was.get(name, 0), now.get(name, 0))
        for name in was.keys() | now.keys()
        if now.get(name, 0) not in (was.get(name, 0), reported.get(name, 0))
    }


@pytest.mark.parametrize("number", [1, 2, 3])
def test_numbers_that_a_change_moves_are_those_of_a_recount(number):
    world, told = World(number), 0
    for _ in range(2):
        world.close_a_report()
    for step in range(STEPS):
        if world.random.random() < 0.5:  # else what was changed before is not judged yet
            for project in world.projects:
                kept(Scope.of(project))
        before, watch = in_force(), Watch()
        change = world.change()
        found = {
            touch.key: {effect.code: (effect.before, effect.after) for effect in touch.changes}
            for touch in watch.touches()
        }
        after = in_force()
        for report in before.keys() & after.keys():
            wanted = expected(report, before[report], after[report])
            assert found.get(report.pk, {}) == wanted, (step, change)
            told += len(wanted)
    assert told > 0


def test_numbers_that_are_kept_have_the_names_and_values_of_a_report():
    world = World(4)
    world.close_a_report()
    for _ in range(10):
        world.change()
    for report in Report.objects.in_force():
        kept(Scope.of(report.project))
        report.refresh_from_db()
        live = build_report(report.project, report.kind, report.period)
        printed = printed_numbers(live, labels(Scope.of(report.project)))
        numbers = report.numbers_now.numbers
        assert without_nothing(numbers["lines"] | numbers["work"] | numbers["targets"]) == (
            without_nothing(printed)
        )
