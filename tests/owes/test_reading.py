from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from owes.reading import read_date, read_decimal, read_money, read_text, read_time, read_whole


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (read_text, " \u00a0Nowy\u00a0Duninów  ", "Nowy Duninów"),
        (read_text, "dwie  spacje", "dwie  spacje"),
        (read_date, "05.04.2022", date(2022, 4, 5)),
        (read_date, "5.4.2022 ", date(2022, 4, 5)),
        (read_date, "2022-04-05", date(2022, 4, 5)),
        (read_date, date(2022, 4, 5), date(2022, 4, 5)),
        (read_date, datetime(2022, 4, 5, 23, 59), date(2022, 4, 5)),
        (read_date, "29.02.2024", date(2024, 2, 29)),
        (read_time, "9:00", time(9)),
        (read_time, "09:05", time(9, 5)),
        (read_time, "9.30", time(9, 30)),
        (read_time, "23:59:59", time(23, 59)),
        (read_time, time(9, 0, 30), time(9)),
        (read_time, datetime(1899, 12, 31, 9, 15), time(9, 15)),
        (read_whole, 15.0, 15),
        (read_whole, " 15 ", 15),
        (read_whole, "-3", -3),
        (read_decimal, "7,5", Decimal("7.5")),
        (read_decimal, 7.25, Decimal("7.25")),
        (read_decimal, "1 000,5", Decimal("1000.5")),
        (read_decimal, 0, Decimal(0)),
        (read_money, "1234,5", Decimal("1234.50")),
        (read_money, "1\u00a0234\u00a0567,89 zł", Decimal("1234567.89")),
        (read_money, "1 234,50", Decimal("1234.50")),
        (read_money, "0.07", Decimal("0.07")),
        (read_money, "999999999,99", Decimal("999999999.99")),
    ],
)
def test_readers_read_what_people_type(read, written, value):
    assert read(written) == value


@pytest.mark.parametrize(
    ("read", "written", "code"),
    [
        (read_date, "30.02.2023", "bad_date"),
        (read_date, "29.02.2023", "bad_date"),
        (read_date, "5.4.22", "bad_date"),
        (read_date, "2022-4-5", "bad_date"),
        (read_date, "05/04/2022", "bad_date"),
        (read_date, 44656.0, "bad_date"),
        (read_date, "01.01.0001", "bad_date"),
        (read_date, date(2200, 1, 1), "bad_date"),
        (read_date, "٠٥.٠٤.٢٠٢٢", "bad_date"),
        (read_time, "24:00", "bad_time"),
        (read_time, "9:60", "bad_time"),
        (read_time, "9", "bad_time"),
        (read_time, "9-00", "bad_time"),
        (read_time, 0.375, "bad_time"),
        (read_whole, "1,5", "bad_number"),
        (read_whole, 1.5, "bad_number"),
        (read_whole, "1e3", "bad_number"),
        (read_whole, "٣", "bad_number"),
        (read_decimal, "-1", "bad_number"),
        (read_decimal, -1.0, "bad_number"),
        (read_decimal, "1e3", "bad_number"),
        (read_decimal, "nan", "bad_number"),
        (read_decimal, float("nan"), "bad_number"),
        (read_decimal, float("inf"), "bad_number"),
        (read_decimal, "7,555", "bad_number"),
        (read_money, "-1", "bad_number"),
        (read_money, "12 34,50", "bad_number"),
        (read_money, "1.234,50", "bad_number"),
        (read_money, "1,555", "bad_number"),
        (read_money, "1000000000", "bad_number"),
        (read_money, "٣", "bad_number"),
    ],
)
def test_readers_refuse_with_the_code_an_import_reports(read, written, code):
    with pytest.raises(ValidationError) as caught:
        read(written)
    assert caught.value.code == code
