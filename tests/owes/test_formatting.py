from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms

from owes.formatting import (
    amount,
    amount_of,
    badge,
    day,
    didactic,
    didactic_column,
    error_list,
    grid_field,
    hours,
    icon,
    in_unit,
    iso_day,
    item,
    job_badge,
    moment,
    money,
    month,
    month_in_short,
    nip,
    number,
    percent,
    percent1,
    percent2,
    period,
    plainly,
    plural,
    plus_rows,
)
from owes.models import Job
from owes.periods import Period
from support.labels import state_badge
from support.models import Service


def plain(text):
    return text.replace("\u00a0", " ")


def test_days_and_moments_are_those_of_warsaw():
    assert day(date(2022, 4, 5)) == "05.04.2022"
    assert day(datetime(2022, 12, 31, 23, 30, tzinfo=UTC)) == "01.01.2023"
    assert moment(datetime(2024, 1, 26, 13, 5, tzinfo=UTC)) == "26.01.2024, 14:05"
    assert (day(None), moment(None)) == ("", "")


def test_month_is_in_words():
    assert month(date(2024, 3, 31)) == "marzec 2024"


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


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12345, "", "12\xa0345"),
        (750, "h", "12,5\xa0h"),
        (600, "h", "10\xa0h"),
        (60_000, "h", "1000\xa0h"),
        (0, "h", "0\xa0h"),
        (80, "h", "1\xa0h\xa020\xa0min"),
        (-20, "h", "−20\xa0min"),
        (-90, "h", "−1,5\xa0h"),
        (None, "h", ""),
    ],
)
def test_an_amount_is_said_in_its_unit_and_never_rounded(value, unit, text):
    assert amount(value, unit) == text


def test_an_amount_kept_before_there_were_units_is_a_number():
    assert (amount_of(60, {"before": 60}), amount_of(60, {"unit": "h"})) == ("60", "1\xa0h")


def test_a_bare_number_of_hours_has_two_decimals():
    assert (in_unit(80, "h"), in_unit(0, "h"), in_unit(None, "h"), in_unit(80, "")) == (
        *(1.33, 0, None, 80),
    )


def test_didactic_hours_have_one_decimal():
    assert (didactic(255), didactic(90)) == ("5,7", "2")
    assert (didactic_column(255), didactic_column(90)) == ("5,7", "2,0")


def test_month_under_an_axis_is_short_and_polish():
    assert [month_in_short(date(2024, number, 1)) for number in (1, 5, 10)] == [
        "sty",
        "maj",
        "paź",
    ]


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


def test_share_below_the_whole_never_reads_as_the_whole():
    assert (percent(299 / 300), percent1(2999 / 3000)) == ("99%", "99,9%")
    assert (percent(1), percent1(1), percent(0)) == ("100%", "100,0%", "0%")


def test_day_of_a_stored_text():
    assert iso_day("2022-04-05") == "05.04.2022"


def test_missing_count_is_zero():
    assert (item({"K": 3}, "K"), item({"K": 3}, "M")) == (3, 0)


def test_icon_is_hidden_from_those_who_hear_the_word_beside_it():
    assert icon("plus") == (
        '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#plus"/></svg>'
    )


@pytest.mark.parametrize("state", Service.State)
def test_every_state_of_a_service_has_a_badge(state):
    assert state_badge(Service(state=state)).endswith(f"</svg>{state.label}</span>")


@pytest.mark.parametrize("state", Job.State)
def test_every_state_of_long_work_has_a_badge(state):
    assert job_badge(Job(state=state)).endswith(f"</svg>{state.label}</span>")


def test_badge_escapes_its_words():
    assert badge("ok", "check", "<b>").endswith("&lt;b&gt;</span>")


class Row(forms.Form):
    code = forms.CharField(label="Kod")
    done = forms.BooleanField(label="Usuń", required=False)
    kind = forms.ChoiceField(label="Rodzaj", choices=[("a", "A")], required=False)


def test_errors_lead_to_their_fields():
    form = Row({})
    form.add_error(None, "Razem się nie zgadza.")
    assert error_list(form) == [
        ("", "Razem się nie zgadza."),
        ("id_code", "Kod: Uzupełnij to pole."),
    ]


def test_a_field_without_a_label_is_not_called_by_its_name_in_the_code():
    class Form(forms.Form):
        service = forms.CharField(error_messages={"required": "Zaznacz choć jedną usługę."})

    assert error_list(Form({})) == [("", "Zaznacz choć jedną usługę.")]


def test_errors_of_rows_carry_their_number():
    rows = forms.formset_factory(Row, min_num=2)(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-code": "x",
            "form-1-done": "1",
        }
    )
    assert plus_rows([("a", "pierwszy")], rows) == [
        ("a", "pierwszy"),
        ("id_form-1-code", "Wiersz 2, Kod: Uzupełnij to pole."),
    ]


def test_field_of_a_grid_says_its_row_and_its_error():
    form = Row({})
    assert grid_field(form["code"], 3) == (
        '<input type="text" name="code" class="form-control is-invalid"'
        ' aria-label="Wiersz 3, Kod" aria-invalid="true" aria-describedby="id_code_error"'
        ' required id="id_code">'
    )
    assert 'class="form-check-input" aria-label="Wiersz 3, Usuń"' in grid_field(form["done"], 3)
    assert 'class="form-select"' in grid_field(form["kind"], 3)


def test_form_of_a_library_says_its_labels_once():
    class Library(forms.Form):
        code = forms.CharField(
            widget=forms.TextInput({"placeholder": "Kod"}), help_text='<a href="/x/">Pomoc</a>'
        )
        note = forms.CharField(help_text="Jednym zdaniem")

    form = plainly(Library())
    assert "placeholder" not in str(form["code"])
    assert (form["code"].help_text, form["note"].help_text) == ("", "Jednym zdaniem")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0"), "0,00"),
        (Decimal("1234.5"), "1234,50"),
        (Decimal("1234567.89"), "1 234 567,89"),
        (None, ""),
    ],
)
def test_money_has_two_places_always(value, text):
    assert plain(money(value)) == text


def test_percentages_of_documents_have_two_places_and_none_is_a_dash():
    assert (percent2(Decimal("88.24")), percent2(None)) == ("88,24%", "–")
