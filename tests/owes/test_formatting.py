from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from owes.formatting import (
    day,
    didactic,
    hours,
    moment,
    nip,
    number,
    percent,
    percent1,
    period,
    plural,
)
from owes.periods import Period


def plain(text):
    return text.replace("\u00a0", " ")


def test_days_and_moments_are_those_of_warsaw():
    assert day(date(2022, 4, 5)) == "05.04.2022"
    assert day(datetime(2022, 12, 31, 23, 30, tzinfo=UTC)) == "01.01.2023"
    assert moment(datetime(2024, 1, 26, 13, 5, tzinfo=UTC)) == "26.01.2024, 14:05"
    assert (day(None), moment(None)) == ("", "")


def test_period_has_a_dash_without_spaces():
    assert period(Period(date(2022, 4, 5), date(2024, 12, 31))) == "05.04.2022–31.12.2024"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1092, "1092"),
        (12345, "12 345"),
        (1234567, "1 234 567"),
        (Decimal("1234.50"), "1234,5"),
        (Decimal("12345.6"), "12 345,6"),
        (-7, "−7"),
        (None, ""),
    ],
)
def test_numbers_have_a_comma_and_spaces_from_ten_thousand_up(value, text):
    assert plain(number(value)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 h"), (45, "45 min"), (60, "1 h"), (255, "4 h 15 min"), (65535, "1092 h 15 min")],
)
def test_hours_are_clock_time(minutes, text):
    assert plain(hours(minutes)) == text


def test_didactic_hours_have_one_decimal():
    assert (didactic(255), didactic(90)) == ("5,7", "2")


def test_per_cents_are_whole_on_screen_and_to_one_decimal_in_documents():
    assert (percent(47 / 45), percent1(141 / 136), percent1(None)) == ("104%", "103,7%", "")


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (0, "podmiotów"),
        (1, "podmiot"),
        (2, "podmioty"),
        (4, "podmioty"),
        (5, "podmiotów"),
        (12, "podmiotów"),
        (14, "podmiotów"),
        (21, "podmiotów"),
        (22, "podmioty"),
        (112, "podmiotów"),
        (124, "podmioty"),
    ],
)
def test_plural_forms(count, word):
    assert plain(plural(count, "podmiot,podmioty,podmiotów")) == f"{count} {word}"


def test_nip_is_grouped():
    assert (nip("7762909959"), nip("")) == ("776-290-99-59", "")
