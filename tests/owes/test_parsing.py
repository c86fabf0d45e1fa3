from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.parsing.days import read_date, read_dates, read_file_date
from owes.parsing.hours import (
    read_end,
    read_file_time,
    read_hour_sum,
    read_hours,
    read_length,
    read_span,
    read_time,
)
from owes.parsing.numbers import read_decimal, read_money, read_whole
from owes.parsing.text import read_text


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
        (read_file_date, "5.4.22", "bad_date"),
        (read_file_date, "05/04/2022", "bad_date"),
        (read_file_date, "2022-4-5", "bad_date"),
        (read_file_date, "5 kwietnia 2022", "bad_date"),
        (read_file_date, "wczoraj", "bad_date"),
        (read_file_date, 44656.0, "bad_date"),
        (read_file_time, "9", "bad_time"),
        (read_file_time, "900", "bad_time"),
        (read_file_time, 0.375, "bad_time"),
        (read_date, 44656.0, "bad_date"),
        (read_date, "01.01.0001", "bad_date"),
        (read_date, date(2200, 1, 1), "bad_date"),
        (read_date, "٠٥.٠٤.٢٠٢٢", "bad_date"),
        (read_time, "24:00", "bad_time"),
        (read_time, "9:60", "bad_time"),
        (read_time, "24", "bad_time"),
        (read_time, "960", "bad_time"),
        (read_time, "9,30", "bad_time"),
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


DAYS = """
5.4.2022 | 05.04.2022 | 5.4.22 | 05.04.22 | 5. 4. 2022 | 05042022 | 05/04/22 | 05/04/2022
05-04-2022 | 5 kwietnia 2022 | 5 Kwietnia 22 | 5. kwietnia 2022 | 5 kwiecień 2022 | 5 kwi 2022
5 kwi. 2022 | 5-kwi-2022 | 5 IV 2022 | 5.IV.2022 | 2022-04-05 | 2022-4-5 | 2022.04.05 | 2022/4/5
20220405 | 5.4.2022 r. | 5.4.2022r. | 5.4.2022 r | 5 kwietnia 2022 roku |  5.4.2022 r.
"""


@pytest.mark.parametrize(
    "written", [text for text in DAYS.replace("\n", "|").split("|") if text.strip()]
)
def test_a_day_is_read_however_it_is_written(written):
    assert read_date(written) == date(2022, 4, 5)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1/1/22", date(2022, 1, 1)),
        ("13/2/22", date(2022, 2, 13)),
        ("13-2-2022", date(2022, 2, 13)),
        ("3 wrzesnia 2023", date(2023, 9, 3)),
        ("12 października 2023", date(2023, 10, 12)),
        ("1 maja 2023", date(2023, 5, 1)),
        ("1 maj 2023", date(2023, 5, 1)),
        ("19.10.1912", date(1912, 10, 19)),
    ],
)
def test_a_day_with_one_reading_is_read(written, day):
    assert read_date(written) == day


@pytest.mark.parametrize(
    ("written", "days"),
    [("dziś", 0), ("Dzisiaj", 0), ("dzis", 0), ("wczoraj", 1), ("przedwczoraj", 2), ("jutro", -1)],
)
def test_a_day_is_read_from_today(written, days):
    assert (timezone.localdate() - read_date(written)).days == days


REFUSED_DAYS = [
    ("1/2/22", "„1/2/22” to 1 lutego czy 2 stycznia? Wpisz 01.02.2022 albo 02.01.2022."),
    ("5/04/22", "„5/04/22” to 5 kwietnia czy 4 maja? Wpisz 05.04.2022 albo 04.05.2022."),
    ("5-4-2022", "„5-4-2022” to 5 kwietnia czy 4 maja? Wpisz 05.04.2022 albo 04.05.2022."),
    ("05-04-22", "Podaj rok czterema cyframi, jak 05.04.2022."),
    ("5.13.2022", "Nie ma miesiąca 13. Najpierw dzień, potem miesiąc: 05.04.2022."),
    ("2/13/22", "Nie ma miesiąca 13. Najpierw dzień, potem miesiąc: 05.04.2022."),
    ("5.4.85", "Podaj rok czterema cyframi: 1985 albo 2085."),
    ("31.04.2022", "Nie ma takiego dnia: 31.04.2022."),
    ("5.4", "Dopisz rok, na przykład 05.04.2022."),
    ("5 kwietnia", "Dopisz rok, na przykład 05.04.2022."),
    ("050422", "Podaj datę w postaci 05.04.2022."),
    ("5 ma 2022", "Podaj datę w postaci 05.04.2022."),
    ("5.4/2022", "Podaj datę w postaci 05.04.2022."),
    ("31.12.1899", "Rok jest spoza zakresu 1900–2100."),
    ("1.1.2101", "Rok jest spoza zakresu 1900–2100."),
]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("5.4.2022", ["05.04.2022"]),
        ("8.5, 15.5 i 22.5.2024", ["08.05.2024", "15.05.2024", "22.05.2024"]),
        ("8.05.; 15.05.; 22.05.2024 r.", ["08.05.2024", "15.05.2024", "22.05.2024"]),
        ("8 maja oraz 3 czerwca 2024", ["08.05.2024", "03.06.2024"]),
        ("22.5.2024\n8.5.2024, 22.05.2024,", ["08.05.2024", "22.05.2024"]),
        ("28.12.2023, 4.1.2024", ["28.12.2023", "04.01.2024"]),
        (" , ", []),
    ],
)
def test_days_are_read_of_a_list(written, days):
    assert [f"{day:%d.%m.%Y}" for day in read_dates(written)] == days


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("8.5, 15.5", "„15.5”: Dopisz rok, na przykład 05.04.2022."),
        ("28.12, 4.1.2024", "„28.12”: Dopisz rok, na przykład 05.04.2022."),
        ("8.5.2024, 31.6.2024", "Nie ma takiego dnia: 31.6.2024."),
        ("8.5.2024, potem", "„potem”: Podaj datę w postaci 05.04.2022."),
        (
            "1/2/24, 5.5.2024",
            "„1/2/24” to 1 lutego czy 2 stycznia? Wpisz 01.02.2024 albo 02.01.2024.",
        ),
    ],
)
def test_an_unclear_day_of_a_list_is_named(written, sentence):
    with pytest.raises(ValidationError) as caught:
        read_dates(written)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(("written", "sentence"), REFUSED_DAYS)
def test_an_unclear_day_is_refused_with_a_sentence(written, sentence):
    with pytest.raises(ValidationError) as caught:
        read_date(written)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (read_time, "9", time(9)),
        (read_time, "09", time(9)),
        (read_time, "900", time(9)),
        (read_time, "0900", time(9)),
        (read_time, "930", time(9, 30)),
        (read_time, "1645", time(16, 45)),
        (read_time, "0", time(0)),
        (read_file_time, "9.00", time(9)),
        (read_file_date, "5.4.2022", date(2022, 4, 5)),
        (read_file_date, "2022-04-05", date(2022, 4, 5)),
        (read_hour_sum, "500", 30_000),
        (read_hour_sum, "1 200,25 h", 72_015),
        (read_hour_sum, "12.5 godz.", 750),
        (read_hour_sum, "12 h 20 min", 740),
        (read_length, "1,5", 90),
        (read_length, "1.5", 90),
        (read_length, "0,25", 15),
        (read_length, "1:30", 90),
        (read_length, "1h30", 90),
        (read_length, "1 h 30 min", 90),
        (read_length, "1 godz. 30 min.", 90),
        (read_length, "90 min", 90),
        (read_length, "90min", 90),
        (read_length, "2h", 120),
        (read_length, "2 godziny", 120),
        (read_length, "1,5 h", 90),
        (read_length, "2", 120),
        (read_length, "12", 720),
        (read_length, "45 h", 2700),
        (read_hours, "7,5", Decimal("7.5")),
        (read_hours, "16", Decimal(16)),
        (read_hours, "1,33", Decimal("1.33")),
        (read_hours, 7.25, Decimal("7.25")),
        (read_hours, "1:30", Decimal("1.5")),
        (read_hours, "90 min", Decimal("1.5")),
        (read_hours, "40 h", Decimal(40)),
        (read_span, "9–11", (time(9), 120)),
        (read_span, "9-11", (time(9), 120)),
        (read_span, "9:00-10:30", (time(9), 90)),
        (read_span, "9.00 – 10.30", (time(9), 90)),
        (read_span, "od 9 do 11", (time(9), 120)),
        (read_span, "9-2h", (time(9), 120)),
        (read_span, "23:00-01:00", (time(23), 120)),
        (read_span, "2 h", (None, 120)),
        (read_span, "90 min", (None, 90)),
        (read_span, "1,5", (None, 90)),
        (read_span, "1:30", (None, 90)),
        (read_span, "2", (None, 120)),
    ],
)
def test_hours_and_lengths_are_read_however_they_are_written(read, written, value):
    assert read(written) == value


def test_a_length_in_minutes_takes_a_number_alone_for_minutes():
    assert [read_length(text, "min") for text in ("15", "0:15", "1 h", "90")] == [15, 15, 60, 90]


@pytest.mark.parametrize(
    ("start", "written", "end"),
    [
        ("9:00", "11", time(11)),
        ("9:00", "10:30", time(10, 30)),
        ("9:00", "1030", time(10, 30)),
        ("9:00", "1,5", time(10, 30)),
        ("9:00", "1:30", time(10, 30)),
        ("9:00", "1.30", time(10, 30)),
        ("9:00", "1h30", time(10, 30)),
        ("9:00", "90 min", time(10, 30)),
        ("9:00", "2", time(11)),
        ("9:00", "2h", time(11)),
        ("9:00", "9 h", time(18)),
        # No later hour and too long without a unit: the term tells that the end is wrong.
        ("9:00", "8:30", time(8, 30)),
        ("9:00", "01:30", time(1, 30)),
        ("14:00", "1:30", time(15, 30)),
        ("22:00", "2 h", time(0)),
        ("22:00", "02:00", time(2)),
        ("23:00", "0100", time(1)),
    ],
)
def test_an_end_is_an_hour_or_a_length_from_the_start(start, written, end):
    assert read_end(written, read_time(start)) == end


UNIT = "Podaj koniec, na przykład 11:00, albo czas z jednostką: 2 h, 90 min."


@pytest.mark.parametrize(
    ("read", "written", "sentence"),
    [
        (read_length, "45", "„45” to godziny czy minuty? Wpisz 45 h albo 45 min."),
        (
            read_length,
            "1,30",
            "„1,30” to 1 h 18 min czy 1 h 30 min? Wpisz 1 h 18 min albo 1 h 30 min.",
        ),
        (read_length, "pół", "Podaj czas, na przykład 2 h, 1:30 albo 90 min."),
        (read_length, "1h75", "Podaj czas, na przykład 2 h, 1:30 albo 90 min."),
        (read_hours, "-1", "Podaj czas, na przykład 2 h, 1:30 albo 90 min."),
        (lambda text: read_end(text, time(9)), "45", UNIT),
        (lambda text: read_end(text, time(9)), "rano", UNIT),
        (lambda text: read_end(text, time(9)), "26 h", "Termin trwa krócej niż dobę."),
        (
            lambda text: read_end(text, time(22)),
            "2",
            "„2” to godzina czy czas? Wpisz 02:00 albo 2 h.",
        ),
        (
            lambda text: read_end(text, time(22)),
            "1:30",
            "„1:30” to godzina czy czas? Wpisz 01:30 albo 1 h 30 min.",
        ),
        (
            lambda text: read_end(text, None),
            "2h",
            "Podaj najpierw początek albo wpisz godzinę końca.",
        ),
        (read_span, "11-9", "Koniec musi być po początku; przez noc najwyżej 12 h."),
        (read_span, "22-2", "„2” to godzina czy czas? Wpisz 02:00 albo 2 h."),
        (
            read_span,
            "10",
            "Podaj godziny od–do, na przykład 9–11, albo czas z jednostką: 2 h, 90 min.",
        ),
        (read_span, "26 h", "Termin trwa krócej niż dobę."),
    ],
)
def test_an_unclear_length_is_refused_with_a_sentence(read, written, sentence):
    with pytest.raises(ValidationError) as caught:
        read(written)
    assert caught.value.messages == [sentence]
