import re
from datetime import date

import pytest

from owes.periods import MonthConverter, Period

PROJECT = Period(date(2022, 4, 5), date(2024, 12, 31))


def test_both_days_are_inside():
    assert (PROJECT.start in PROJECT, PROJECT.end in PROJECT) == (True, True)
    assert date(2025, 1, 1) not in PROJECT
    assert PROJECT.days == 1002


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="wcześniejszy"):
        Period(date(2022, 4, 5), date(2022, 4, 4))


def test_overlap_is_the_days_in_both_or_none():
    year = Period(date(2022, 1, 1), date(2022, 12, 31))
    assert year.overlap(PROJECT) == Period(date(2022, 4, 5), date(2022, 12, 31))
    assert Period(date(2020, 1, 1), date(2020, 1, 2)).overlap(PROJECT) is None


def test_months_are_whole_and_cross_the_year():
    months = list(Period(date(2022, 11, 30), date(2023, 2, 1)).months())
    assert [(month.start, month.end) for month in months] == [
        (date(2022, 11, 1), date(2022, 11, 30)),
        (date(2022, 12, 1), date(2022, 12, 31)),
        (date(2023, 1, 1), date(2023, 1, 31)),
        (date(2023, 2, 1), date(2023, 2, 28)),
    ]


def test_a_period_is_walked_day_by_day_both_ends_inside():
    period = Period(date(2024, 2, 28), date(2024, 3, 1))
    assert list(period) == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]


def test_month_of_an_address_is_a_calendar_month():
    february = MonthConverter().to_python("2024-02")
    assert (
        february
        == Period.of_month(date(2024, 2, 14))
        == Period(date(2024, 2, 1), date(2024, 2, 29))
    )
    assert MonthConverter().to_url(february) == "2024-02"


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "1999-01", "2024-1", "20240-1"])
def test_what_is_no_month_is_no_address(text):
    assert re.fullmatch(MonthConverter.regex, text) is None
