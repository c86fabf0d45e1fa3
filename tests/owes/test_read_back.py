"""What is typed, said back by the fields that will read it."""

import re

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse

from entities.forms.contact import NumberField
from entities.forms.entity import EntityForm
from entities.forms.person import PersonForm
from owes.fields import (
    ClockField,
    DayField,
    DaysField,
    EndField,
    MoneyField,
    ReadField,
    WholeField,
)
from tests.owes.form_page import every_form

URL = reverse("owes:read_back")


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("day", "5.4.22", "wtorek, 5 kwietnia 2022"),
        ("day", "3 wrzesnia 2023 r.", "niedziela, 3 września 2023"),
        ("clock", "900", "09:00"),
        ("end", "1:30", "10:30; 1 h 30 min"),
        ("end", "11", "11:00; 2 h"),
        ("length", "1,5", "1 h 30 min"),
        ("minutes", "15", "15 min"),
        ("hours", "40", "40 h"),
        ("hours", "1:30", "1 h 30 min"),
        ("span", "9-11", "09:00–11:00; 2 h"),
        ("span", "90 min", "1 h 30 min"),
    ],
)
def test_read_back_says_what_was_typed(client, staff, kind, typed, words):
    client.force_login(staff)
    answer = client.get(URL, {"kind": kind, "value": typed, "start": "9"}).json()
    assert (answer["words"], answer["refusal"]) == (words, "")


def test_read_back_says_why_a_text_is_refused(client, staff):
    client.force_login(staff)
    answer = client.get(URL, {"kind": "day", "value": "1/2/22"}).json()
    assert answer == {
        "words": "",
        "refusal": "„1/2/22” to 1 lutego czy 2 stycznia? Wpisz 01.02.2022 albo 02.01.2022.",
        "iso": "",
        "standing": "1/2/22",
    }


@pytest.mark.parametrize(
    ("kind", "typed", "standing"),
    [
        ("day", "wczoraj", "27.11.2026"),
        ("day", " Dziś", "28.11.2026"),
        ("day", "5.4.22", "5.4.22"),
        ("length", "2", "2"),
    ],
)
def test_read_back_gives_a_text_that_means_the_same_tomorrow(
    client, staff, time_machine, kind, typed, standing
):
    time_machine.move_to("2026-11-28 12:00 +0100")
    client.force_login(staff)
    assert client.get(URL, {"kind": kind, "value": typed}).json()["standing"] == standing


def test_read_back_gives_a_day_to_the_calendar_of_the_browser(client, staff):
    client.force_login(staff)
    assert client.get(URL, {"kind": "day", "value": "5.4.22"}).json()["iso"] == "2022-04-05"


def test_read_back_of_an_end_without_a_start_says_the_hour(client, staff):
    client.force_login(staff)
    assert client.get(URL, {"kind": "end", "value": "11"}).json()["words"] == "11:00"


def test_read_back_knows_no_other_kind(client, staff):
    client.force_login(staff)
    assert client.get(URL, {"kind": "name", "value": "x"}).status_code == 404


# Beside the field


class SpanOfDays(forms.Form):
    day = DayField(label="Dzień", help_text="Kiedy.")
    start = ClockField(label="Od")
    end = EndField(label="Do")


def test_a_field_drawn_again_has_its_words_and_is_described_by_them():
    form = SpanOfDays({"day": "5.4.22", "start": "9", "end": "1:30"})
    day, end = str(form["day"]), str(form["end"])
    assert ">wtorek, 5 kwietnia 2022</span>" in day
    assert 'aria-describedby="id_day_words id_day_helptext"' in day
    assert 'type="date" tabindex="-1" aria-hidden="true" value="2022-04-05"' in day
    assert 'aria-label="Wybierz z kalendarza"' in day
    assert ">10:30; 1 h 30 min</span>" in end
    assert 'data-start="id_start"' in end
    assert form.is_valid()


def test_a_field_without_a_reading_has_no_words():
    page = str(SpanOfDays({"day": "1/2/22"})["day"])
    assert 'id="id_day_words" aria-live="polite"></span>' in page


# Keyboards of phones

# What a keyboard shows beside digits, on the phone that shows least.
KEYBOARDS = {"numeric": "", "decimal": ",", "tel": "+*#", "email": None, "text": None, "": None}
WRITTEN = {
    WholeField: ["15"],
    DaysField: ["8.5, 15.5 i 22.5.2024"],
    MoneyField: ["1234,50"],
    NumberField: ["7762909959"],
}
SPELLINGS = {
    "day": ["5.4.2022", "05/04/22", "5 kwietnia 2022"],
    "clock": ["9:00", "9.30"],
    "end": ["1:30", "90 min"],
    "length": ["1,5", "1h30"],
    "minutes": ["0:15"],
    "hours": ["7,5", "1:30"],
    "span": ["9–11"],
}


def needed(field):
    """Characters of the spellings that a field must let a person type."""
    if kind := getattr(field, "kind", None):
        return set("".join(SPELLINGS[kind]))
    if isinstance(field, WholeField) and (field.min_value is None or field.min_value < 0):
        return {"-"}
    return set("".join(next(texts for base, texts in WRITTEN.items() if isinstance(field, base))))


def test_no_keyboard_hides_a_character_that_a_field_needs():
    hidden, seen = [], 0
    for form in every_form():
        for name, field in getattr(form, "base_fields", {}).items():
            if not isinstance(field, ReadField | NumberField):
                continue
            seen += 1
            shown = KEYBOARDS[field.widget.attrs.get("inputmode", "")]
            if shown is not None and (lost := needed(field) - set("0123456789" + shown)):
                hidden.append((form.__name__, name, lost))
    assert hidden == []
    assert seen > 50


def test_no_page_writes_a_keyboard_of_its_own_for_a_day_or_an_hour():
    """Fields are drawn with their attributes."""
    written = {
        match
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for match in re.findall(r'<input[^>]*name="([^"]*)"[^>]*inputmode=', path.read_text())
    }
    assert written == set()


def test_numbers_and_contact_have_their_keyboards():
    keyboards = {
        name: field.widget.attrs.get("inputmode") for name, field in EntityForm().fields.items()
    }
    assert {name for name, keyboard in keyboards.items() if keyboard == "numeric"} == {
        "nip",
        "regon",
        "krs",
        "postal_code",
    }
    for form in (EntityForm(), PersonForm()):
        assert form.fields["phone"].widget.attrs["inputmode"] == "tel"
        assert form.fields["email"].widget.attrs["inputmode"] == "email"
