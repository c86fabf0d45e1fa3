"""The running project of the demonstration: its shape on two days, and that it moves no other."""

from collections import Counter
from datetime import date

import pytest

from indicators.checks.findings import findings
from indicators.counting.scope import Scope
from indicators.counting.verifying import differences
from indicators.management.commands.load_demo import load_running
from indicators.records.lines import progress_lines
from indicators.reports.comparison import Comparison
from owes.chain.triggers import rewriting
from owes.models import User
from support.models import Project
from support.workbook.demonstration import COORDINATOR

# `{code: (value, target)}`, the same on every day of loading.
VALUES = {
    "pes": (14, 36),
    "groups": (3, 5),
    "women": (24, 60),
    "new_social_cooperatives": (0, 2),
    "trained_and_advised": (16, 36),
}


def told(project):
    """All that the pages of the project say in numbers."""
    scope = Scope.of(project)
    lines = progress_lines(scope, project.ends_on)
    return {
        "lines": [(line.indicator.code, line.value, line.target, line.planned) for line in lines],
        "not counted": {
            code: each.not_counted(scope, project.period).count()
            for code, each in scope.ruleset.indicators.items()
        },
        "findings": Counter(
            (finding.check.code, finding.acceptance is None) for finding in findings(project)
        ),
        "reports": [report.document for report in project.reports.order_by("pk")],
        "differences": [
            [each.sentence for each in Comparison.of(report).differences]
            for report in project.reports.order_by("pk")
        ],
        "records": (
            project.services.count(),
            project.evidence.count(),
            project.enrolments.count(),
        ),
    }


@pytest.mark.parametrize(
    ("today", "starts_on", "ends_on", "closed"),
    [
        (date(2026, 2, 10), date(2025, 1, 1), date(2027, 12, 31), 4),
        (date(2026, 8, 17), date(2025, 7, 1), date(2028, 6, 30), 4),
    ],
)
def test_the_running_project_has_its_shape_and_moves_no_other(
    demo, client, today, starts_on, ends_on, closed
):
    before = told(demo)
    with rewriting():
        load_running(today)
    assert told(demo) == before

    running = Project.objects.get(slug="kuznia")
    assert (running.starts_on, running.ends_on) == (starts_on, ends_on)
    states = Counter(running.services.values_list("state", flat=True))
    assert states == {"approved": 59, "submitted": 4, "draft": 9}
    ahead = running.services.filter(sessions__day__gt=today)
    assert list(ahead.values_list("state", flat=True)) == ["draft"] * 6
    assert [report.state for report in running.reports.all()] == ["sent"] * closed
    assert [each for r in running.reports.all() for each in Comparison.of(r).differences] == []
    values = {
        line.indicator.code: (line.value, line.target)
        for line in progress_lines(Scope.of(running, today), today)
    }
    assert values == VALUES
    assert all(target.steps for target in running.targets.all())
    assert running.contract_date < running.starts_on
    assert [*differences(running), *differences(demo)] == []

    client.force_login(User.objects.get(email=COORDINATOR))
    assert client.get("/").url == "/p/sputnik-ii/"
    client.get("/p/kuznia/")
    assert client.get("/").url == "/p/kuznia/"
