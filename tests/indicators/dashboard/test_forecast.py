"""Forecasts of fixed series, computed by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from indicators.counting.progress import Progress
from indicators.counting.series import Series
from indicators.dashboard.forecast import ForecastMilestone, forecast, full_months, months_left
from owes.periods import Period
from tests.indicators.rules import declared

PROJECT = Period(date(2022, 4, 5), date(2024, 12, 31))
# New records on the 10th of months of 2022 and 2023.
BY_MONTH = {
    date(2022, 7, 10): 6,
    date(2022, 12, 10): 6,
    date(2023, 2, 10): 3,
    date(2023, 5, 10): 1,
    date(2023, 6, 10): 2,
}


def line(on, days=BY_MONTH, target=45, period=PROJECT):
    return Progress(declared("pes"), Series(days), target, period, on, candidates=100)


def test_values_at_the_end_are_the_value_and_the_pace_of_the_last_full_months():
    """30.06.2023: 18 of 45, 18 months left. Paces: 3 months 3/3, 6 months 6/6, 12 months 18/12."""
    result = forecast(line(date(2023, 6, 30)))
    assert (result.low, result.middle, result.high) == (36, 36, 45)
    assert (result.pace, result.needed) == (1, Fraction(27, 18))


def test_a_month_not_over_is_no_full_month_and_the_rest_of_it_is_still_to_come():
    """29.06.2023: full to May. 3 months 1/3, 6 months 10/6, 12 months (11 full) 16/11."""
    result = forecast(line(date(2023, 6, 29)))
    left = 18 + Fraction(1, 30)
    assert result.low == 18 + int(left * Fraction(1, 3)) == 24
    assert result.middle == 18 + int(left * Fraction(10, 6)) == 48
    assert result.high == 48
    assert result.pace == Fraction(5, 3)


def test_the_day_the_target_is_met_is_walked_by_months():
    """18 of 21 on 30.06.2023 at 1 a month: three months on, the last day of September."""
    result = forecast(line(date(2023, 6, 30), target=21))
    assert (result.met_on, result.is_met_in_time) == (date(2023, 9, 30), True)


def test_a_target_met_after_the_end_is_not_met_in_time():
    """27 lacking at 1 a month: 27 months after June 2023."""
    result = forecast(line(date(2023, 6, 30)))
    assert (result.met_on, result.is_met_in_time) == (date(2025, 9, 30), False)


def test_part_of_a_month_is_walked_by_its_days():
    """At 5/3 a month one takes 3/5 of a month: 1/30 of June and 17/30 of July."""
    result = forecast(line(date(2023, 6, 29), target=19))
    assert result.met_on == date(2023, 7, 18)


def test_a_target_already_met_keeps_its_day():
    result = forecast(line(date(2023, 6, 30), target=12))
    assert (result.met_on, result.is_met_in_time) == (date(2022, 12, 10), True)
    assert result.needed == 0


def test_without_new_records_lately_the_target_is_never_met():
    result = forecast(line(date(2024, 6, 30)))
    assert (result.low, result.middle, result.high) == (18, 18, 18)
    assert (result.met_on, result.is_met_in_time) == (None, False)


def test_without_a_target_there_is_a_value_and_no_day():
    result = forecast(line(date(2023, 6, 30), target=None))
    assert (result.middle, result.needed, result.met_on) == (36, None, None)


@pytest.mark.parametrize(
    ("on", "is_made"),
    [
        (date(2022, 4, 4), False),
        (date(2022, 7, 30), False),  # May and June are full, April is not, July is not over
        (date(2022, 7, 31), True),
        (date(2024, 12, 30), True),
        (date(2024, 12, 31), False),
    ],
)
def test_a_forecast_takes_three_full_months_and_a_project_that_is_not_over(on, is_made):
    assert (forecast(line(on)) is not None) == is_made


def test_full_months_of_a_project_that_begins_on_the_first():
    whole = Period(date(2025, 1, 1), date(2025, 12, 31))
    assert len(full_months(whole, date(2025, 3, 31))) == 3
    assert len(full_months(whole, date(2026, 3, 31))) == 12


@pytest.mark.parametrize(
    ("on", "left"),
    [
        (date(2023, 6, 30), 18),
        (date(2024, 12, 30), Fraction(1, 31)),
        (date(2024, 12, 31), 0),
        (date(2025, 1, 1), 0),
        (date(2024, 11, 15), Fraction(1, 2) + 1),
    ],
)
def test_months_left_count_a_part_of_a_month_by_its_days(on, left):
    assert months_left(on, PROJECT.end) == left


def test_the_next_milestone_is_compared_with_the_value_at_the_middle_pace_on_its_day():
    """18 on 30.06.2023 at 1 a month: 24 at the end of the year, with 30 due."""
    steps = ((date(2022, 12, 31), 11), (date(2023, 12, 31), 30))
    result = forecast(replace(line(date(2023, 6, 30)), milestones=steps))
    assert result.milestone == ForecastMilestone(date(2023, 12, 31), 30, 24)
    assert forecast(line(date(2023, 6, 30))).milestone is None
