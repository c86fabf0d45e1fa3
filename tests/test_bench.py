"""What is measured is worth measuring: the invented records count, and the numbers agree."""

from datetime import date

import pytest

from bench.generate import CLOSED, Size, generate
from bench.hand_sql import counted_by_hand
from indicators.counting.judging import judge
from indicators.counting.scope import Scope
from indicators.counting.verifying import differences

pytestmark = pytest.mark.usefixtures("db")


def test_generated_records_count_in_every_indicator_and_alike_by_hand():
    first, second = generate(Size(projects=2, entities=36, people=100, services=300))
    scope = Scope.of(first)
    counted = {
        code: {row.code: row.counted_on for row in rows if row.is_counted}
        for code, rows in judge(scope.indicators, scope).items()
    }
    assert counted == counted_by_hand(scope)
    assert [code for code, days in counted.items() if not days] == []
    assert list(differences(first)) == []
    assert [report.ends_on for report in first.reports.closed().order_by("ends_on")] == CLOSED
    shared = first.services.filter(recipients__services__project=second)
    assert shared.exists()


def test_the_same_seed_gives_the_same_records():
    [project] = generate(Size(projects=1, entities=12, people=24, services=40))
    services = project.services.order_by("pk").values_list("code", "state", "sessions__day")
    assert list(services[:2]) == [
        ("U/000000", "approved", date(2022, 4, 22)),
        ("U/000001", "approved", date(2022, 5, 9)),
    ]
