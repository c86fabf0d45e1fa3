from datetime import date, timedelta

import pytest

from indicators.counting.progress import elapsed_share
from indicators.plan import Plan
from owes.periods import Period

PROJECT = Period(date(2022, 4, 5), date(2024, 12, 31))
YEARS = ((date(2022, 12, 31), 11), (date(2023, 12, 31), 31))


@pytest.mark.parametrize("day", [PROJECT.start + timedelta(days=n) for n in range(-3, 1010, 7)])
def test_without_milestones_a_plan_is_the_share_of_days_gone_by(day):
    assert Plan(45, PROJECT).share_on(day) == elapsed_share(PROJECT, day)
    assert Plan(45, PROJECT).due_on(day) == round(45 * elapsed_share(PROJECT, day))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2022, 4, 4), 0),
        (date(2022, 8, 18), 6),  # 136 of the 271 days to the first milestone: 5.5
        (date(2022, 12, 30), 11),
        (date(2022, 12, 31), 11),
        (date(2023, 1, 1), 11),
        (date(2023, 7, 2), 21),  # 183 of the 365 days that bring 20: 10.03
        (date(2023, 12, 31), 31),
        (date(2024, 7, 1), 38),  # half of the 366 days that bring the last 14
        (date(2024, 12, 30), 45),
        (date(2024, 12, 31), 45),
        (date(2030, 1, 1), 45),
    ],
)
def test_a_milestone_is_due_by_its_day_and_grows_evenly_between(day, due):
    assert Plan(45, PROJECT, YEARS).due_on(day) == due


@pytest.mark.parametrize("value", [1, 3, 7, 11, 29, 44, 45])
def test_on_its_day_just_the_milestone_is_due(value):
    assert Plan(45, PROJECT, ((YEARS[0][0], value),)).due_on(YEARS[0][0]) == value


def test_milestones_outside_the_project_and_above_the_target_ask_for_no_more():
    steps = ((date(2022, 4, 4), 5), (date(2023, 12, 31), 60), (date(2025, 1, 1), 70))
    plan = Plan(45, PROJECT, steps)
    assert [plan.due_on(day) for day in (date(2022, 4, 4), date(2023, 12, 31))] == [0, 45]
    assert plan.due_on(date(2024, 12, 31)) == 45


def test_the_next_milestone_is_the_first_after_the_day():
    plan = Plan(45, PROJECT, YEARS)
    assert plan.next_after(date(2022, 12, 30)) == YEARS[0]
    assert plan.next_after(date(2022, 12, 31)) == YEARS[1]
    assert plan.next_after(date(2023, 12, 31)) is None
