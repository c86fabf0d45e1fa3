"""Sessions repeated: on which days, with whose hours, and what is said of it."""

import re
from datetime import date

import pytest
from django.urls import reverse

from support.calendar.month import day_and_holiday, working
from support.models import Service
from support.roster.repeats import Step, repeated
from tests.owes.form_page import sent

CREATE = reverse("support:service_create", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def days_of(months):
    """`{month: days}` as days."""
    return [date(2024, month, day) for month, days in months.items() for day in days]


@pytest.mark.parametrize(
    ("step", "weekdays", "days"),
    [
        (Step.DAY, [], {2: [1, 2, 3]}),
        (Step.WEEK, [], {2: [7, 14, 21]}),
        (Step.TWO_WEEKS, [], {2: [14, 28], 3: [13]}),
        (Step.MONTH, [], {2: [29], 3: [31], 4: [30]}),
        (Step.WEEKDAYS, [1, 3], {2: [1, 6, 8]}),
        (Step.WEEKDAYS, [], {}),
    ],
)
def test_days_are_repeated(step, weekdays, days):
    found = repeated(date(2024, 1, 31), step, date(2024, 5, 1), weekdays)
    assert list(found)[:3] == days_of(days)


def test_a_month_on_in_a_short_year_and_over_its_end():
    found = repeated(date(2022, 10, 29), Step.MONTH, date(2023, 3, 29))
    assert [f"{day:%d.%m.%Y}" for day in found] == [
        *("29.11.2022", "29.12.2022", "29.01.2023", "28.02.2023", "29.03.2023"),
    ]


def test_the_last_day_asked_for_is_the_last_repeated():
    assert list(repeated(date(2024, 5, 1), Step.WEEK, date(2024, 5, 8))) == [date(2024, 5, 8)]
    assert list(repeated(date(2024, 5, 1), Step.WEEK, date(2024, 5, 7))) == []


def test_saturdays_sundays_and_holidays_are_no_working_days():
    days = [date(2024, 5, day) for day in range(1, 8)]
    assert working(days) == [date(2024, 5, day) for day in (2, 6, 7)]


def test_a_holiday_is_said_with_its_day():
    assert day_and_holiday(date(2024, 5, 1)) == "środa, 1 maja 2024; święto: Święto Państwowe"
    assert day_and_holiday(date(2024, 5, 2)) == "czwartek, 2 maja 2024"
    assert day_and_holiday(None) == ""


# On the page of a service


def asked(client, *days, **repeat):
    """The page after "Dodaj terminy", sessions of the days before it typed from 9 to 11."""
    form = sent(client.get(CREATE)) | {"sessions-TOTAL_FORMS": len(days), "act": "repeat"}
    for place, day in enumerate(days):
        hours = {"start": "9:00", "end": "11:00", "break_minutes": "15"}
        hours = {"day": day, **hours} if day else {"day": "", "start": ""}
        form |= {f"sessions-{place}-{name}": value for name, value in hours.items()}
    form |= {f"repeat-{name}": value for name, value in repeat.items()}
    page = client.post(CREATE, form)
    assert page.status_code == 200
    assert not Service.objects.exists()
    return page


def added(page, there=1):
    rows = page.context["entry"].sessions.shown[there:]
    return [row["day"].value() for row in rows]


def test_the_last_session_is_repeated_with_its_hours(signed_in):
    page = asked(signed_in, "8.05.2024", "1.05.2024", every="week", times="2")
    rows = page.context["entry"].sessions.shown[2:]
    names = ("day", "start", "end", "break_minutes")
    assert [[row[name].value() for name in names] for row in rows] == [
        ["15.05.2024", "9:00", "11:00", "15"],
        ["22.05.2024", "9:00", "11:00", "15"],
    ]


def test_typing_goes_on_at_the_first_day_added(signed_in):
    page = asked(signed_in, "8.05.2024", every="week", times="2").content.decode()
    assert re.findall(r'name="([^"]+)"[^>]* autofocus', page) == ["sessions-1-day"]


def test_each_day_added_is_told_in_words_with_its_holiday(signed_in):
    page = asked(signed_in, "29.04.2024", every="day", times="2").content.decode()
    assert re.findall(
        r'term-time">([^<]+)</span>\s*<span class="form-text term-words">([^<]+)<', page
    ) == [
        ("09:00–11:00; 1\u00a0h\u00a045\u00a0min", "poniedziałek, 29 kwietnia 2024"),
        ("09:00–11:00; 1\u00a0h\u00a045\u00a0min", "wtorek, 30 kwietnia 2024"),
        ("09:00–11:00; 1\u00a0h\u00a045\u00a0min", "środa, 1 maja 2024; święto: Święto Państwowe"),
    ]


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"every": "day", "times": "3"}, ["01.05.2024", "02.05.2024", "03.05.2024"]),
        (
            {"every": "day", "times": "3", "is_working": "on"},
            ["02.05.2024", "06.05.2024", "07.05.2024"],
        ),
        ({"every": "two_weeks", "times": "1"}, ["14.05.2024"]),
        ({"every": "month", "times": "2"}, ["30.05.2024", "30.06.2024"]),
        (
            {"every": "weekdays", "weekdays": ["2", "5"], "times": "3"},
            ["01.05.2024", "04.05.2024", "08.05.2024"],
        ),
        (
            {"every": "days", "days": "30.4, 4.5 i 8.5.2024", "times": "x"},
            ["04.05.2024", "08.05.2024"],
        ),
    ],
)
def test_sessions_are_repeated_as_chosen(signed_in, repeat, days):
    page = asked(signed_in, "30.04.2024", **repeat)
    assert added(page) == days
    assert page.context["entry"].repeat.notice == ""


def test_the_end_of_the_project_is_the_end_of_repeating(signed_in):
    page = asked(signed_in, "11.12.2024", every="week", times="4")
    assert added(page) == ["18.12.2024", "25.12.2024"]
    told = "Dodano 2\u00a0terminy zamiast 4: projekt kończy się 31.12.2024."
    assert page.context["entry"].repeat.notice == told
    assert told in page.content.decode()


@pytest.mark.parametrize(
    ("days", "repeat", "field", "sentence"),
    [
        (
            ["31.12.2024"],
            {"every": "day", "times": "1"},
            "every",
            "Do końca projektu, 31.12.2024, nie ma już takiego dnia.",
        ),
        (
            [""],
            {"every": "day", "times": "1"},
            "every",
            "Najpierw podaj dzień i godziny terminu, który się powtarza.",
        ),
        (["8.5.2024"], {"every": "week", "times": ""}, "times", "Podaj, ile terminów dodać."),
        (["8.5.2024"], {"every": "week", "times": "0"}, "times", "Najmniej 1."),
        (["8.5.2024"], {"every": "week", "times": "53"}, "times", "Najwięcej 52."),
        (
            ["8.5.2024"],
            {"every": "week", "times": "kilka"},
            "times",
            "Podaj liczbę całkowitą, na przykład 15.",
        ),
        (
            ["8.5.2024"],
            {"every": "weekdays", "times": "1"},
            "weekdays",
            "Zaznacz choć jeden dzień tygodnia.",
        ),
        (
            ["8.5.2024"],
            {"every": "days", "days": ""},
            "days",
            "Podaj dni, na przykład 8.5, 15.5 i 22.5.2024.",
        ),
        (
            ["8.5.2024"],
            {"every": "days", "days": "15.5"},
            "days",
            "„15.5”: Dopisz rok, na przykład 05.04.2022.",
        ),
        (
            ["8.5.2024"],
            {"every": "days", "days": "15.5.2024, 1.1.2025"},
            "days",
            "01.01.2025 jest poza okresem projektu 05.04.2022–31.12.2024.",
        ),
        (
            ["8.5.2024"],
            {"every": "days", "days": "8.5.2024"},
            "days",
            "Usługa ma już termin każdego z tych dni.",
        ),
        (
            ["8.5.2024"],
            {
                "every": "days",
                "days": ", ".join(f"{n}.{m}.2024" for m in (6, 7) for n in range(1, 28)),
            },
            "days",
            "Najwięcej 52\u00a0dni naraz.",
        ),
    ],
)
def test_what_cannot_be_repeated_is_said_at_the_field(signed_in, days, repeat, field, sentence):
    page = asked(signed_in, *days, **repeat)
    assert page.context["entry"].repeat.errors == {field: [sentence]}
    assert added(page) == []
    text = page.content.decode()
    begins = {"weekdays": "every"}.get(field, field)
    assert re.findall(r'name="([^"]+)"[^>]* autofocus', text) == [f"repeat-{begins}"]
    assert re.search(r'<details class="repeat mt-2" open>', text)
    assert sentence in text


def test_another_button_says_nothing_of_the_repeating(signed_in):
    page = asked(signed_in, "8.5.2024", every="days", days="15.5", act="add_session")
    form = sent(page) | {"act": "add_session"}
    page = signed_in.post(CREATE, form)
    assert page.context["entry"].repeat.errors == {}
    assert page.context["entry"].repeat["days"].value() == "15.5"
