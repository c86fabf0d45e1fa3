"""How a number, a date, a state look: filters and tags that every template has."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import format_html

from owes.periods import Period

if TYPE_CHECKING:
    from owes.models import Job

register = template.Library()

HARD_SPACE = "\u00a0"
MINUS = "−"
HOURS = "h"  # the unit of a sum of minutes
NOT_GIVEN = "nie podano"  # stands for an empty label


@register.filter
def day(value: date | Literal[""] | None) -> str:
    """05.04.2022; nothing for nothing."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else ""


def enumerated(parts: Sequence[str]) -> str:
    """A, B i C."""
    return " i ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


@register.filter
def full_day(value: date | None) -> str:
    """wtorek, 5 kwietnia 2022; nothing for nothing."""
    return "" if value is None else dateformat.format(value, "l, j E Y").lower()


@register.filter
def moment(value: datetime | None) -> str:
    """26.01.2024, 14:05 in Warsaw."""
    return f"{timezone.localtime(value):%d.%m.%Y, %H:%M}" if value else ""


@register.filter
def clock(value: datetime) -> str:
    """14:05 of today, 26.01.2024, 14:05 of another day."""
    value = timezone.localtime(value)
    return f"{value:%H:%M}" if value.date() == timezone.localdate() else moment(value)


@register.filter
def month(value: date) -> str:
    """marzec 2024."""
    return dateformat.format(value, "F Y").lower()


@register.filter
def month_in_short(value: date) -> str:
    """sty, lut, mar: under an axis of months."""
    return dateformat.format(value, "M").lower()


@register.filter
def period(value: Period) -> str:
    """05.04.2022–31.12.2024 of a `Period`."""
    return f"{day(value.start)}–{day(value.end)}"


@register.filter
def number(value: float | Decimal | str | None) -> str:
    """1092, 12 345, 1234,5: hard spaces from ten thousand up, a comma before decimals."""
    if value is None or value == "":
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    sign = MINUS if text.startswith("-") else ""
    whole, _, decimals = text.lstrip("-").partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", HARD_SPACE)
    decimals = decimals.rstrip("0")
    return sign + (f"{whole},{decimals}" if decimals else whole)


@register.filter
def money(value: float | Decimal | None) -> str:
    """1234,50, 12 345,00: złoty and grosze, both places always; nothing for nothing."""
    if value is None:
        return ""
    whole, _, rest = f"{value:.2f}".partition(".")
    return f"{number(int(whole))},{rest}"


@register.filter
def percent2(hundredths: float | Decimal | None) -> str:
    """88,24% of a percentage 88.24 already rounded to two places; a dash of none."""
    return "–" if hundredths is None else f"{money(hundredths)}%"


@register.filter
def hours(minutes: int | None) -> str:
    """4 h 15 min, 42 h, 45 min, 0 h: clock time, never decimals of an hour."""
    if minutes is None:
        return ""
    whole, rest = divmod(int(minutes), 60)
    parts = [f"{number(whole)}{HARD_SPACE}h"] if whole or not rest else []
    return HARD_SPACE.join(parts + ([f"{rest}{HARD_SPACE}min"] if rest else []))


@register.filter
def amount(value: int | None, unit: str) -> str:
    """A value of an indicator in its unit: a number, or of "h" minutes as hours, 12,5 h.

    Hours that two decimals cannot say are said by the clock: 1 h 20 min.
    """
    if value is None or unit != HOURS:
        return number(value)
    exact = Decimal(value) / 60
    if exact != round(exact, 2):
        return f"{MINUS if value < 0 else ''}{hours(abs(value))}"
    return f"{number(exact.normalize())}{HARD_SPACE}h"


@register.filter
def amount_of(value: int | None, change: Any) -> str:
    """A number of a change, in its unit; changes kept before there were units have none."""
    unit = change.get("unit", "") if isinstance(change, dict) else change.unit
    return amount(value, unit)


@register.filter
def in_unit(value: int | None, unit: str) -> float | int | None:
    """The bare number of an amount, for drawings and files: hours to two decimals."""
    return round(value / 60, 2) if value and unit == HOURS else value


@register.filter
def didactic(minutes: int) -> str:
    """Teaching hours of 45 minutes, to one decimal: 5,7."""
    return number(round(Decimal(minutes) / 45, 1))


@register.filter
def didactic_column(minutes: int) -> str:
    """The same with its decimal always, 5,0, so that the commas of a column stand in line."""
    return f"{Decimal(minutes) / 45:.1f}".replace(".", ",")


@register.filter
def percent(share: float | None) -> str:
    """104% of a share 1.044, for screens. What is below the whole never reads as the whole."""
    if share is None:
        return ""
    return f"{min(round(share * 100), 99) if share < 1 else round(share * 100)}%"


@register.filter
def percent1(share: float | None) -> str:
    """104,4% of a share 1.044, for documents. Below the whole it is 99,9% at most."""
    if share is None:
        return ""
    return f"{min(share * 100, 99.9) if share < 1 else share * 100:.1f}%".replace(".", ",")


@register.filter
def plural(count: int, forms: str) -> str:
    """22 podmioty: the number and its noun, of forms for 1, for 2-4 and for 5 and the rest."""
    return f"{number(count)}{HARD_SPACE}{plural_form(count, forms)}"


def plural_form(count: int, forms: str) -> str:
    """The form alone, for a word that agrees with the number: "zostały" of 22."""
    singular, few, many = forms.split(",")
    if count == 1:
        return singular
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under a key, 0 when there is none: for tables of counts."""
    return mapping.get(key, 0)


@register.filter
def nip(value: str) -> str:
    """776-290-99-59."""
    return f"{value[:3]}-{value[3:6]}-{value[6:8]}-{value[8:]}" if value else ""


@register.simple_tag
def icon(name: str) -> str:
    """A drawing from icons.svg; always beside a word, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def badge(kind: str, name: str, words: str) -> str:
    """A state as icon, word and colour; `kind` is ok, watch, risk, info or none."""
    return format_html('<span class="badge is-{}">{}{}</span>', kind, icon(name), words)


# By the values of `Job.State`: this module is loaded before the models are.
JOB_STATES = {
    "queued": ("none", "clock"),
    "running": ("info", "clock"),
    "done": ("ok", "check"),
    "failed": ("risk", "risk"),
}


@register.filter
def job_badge(job: "Job") -> str:
    """The badge of a piece of long work."""
    return badge(*JOB_STATES[job.state], job.get_state_display())


@register.filter
def iso_day(text: str) -> str:
    """05.04.2022 of the text 2022-04-05."""
    return day(date.fromisoformat(text))


@register.filter
def plainly(form: BaseForm) -> BaseForm:
    """A library's form as ours: labels said once, no link between the fields."""
    for field in form:
        field.field.widget.attrs.pop("placeholder", None)
        if "<a " in str(field.help_text):
            field.help_text = field.field.help_text = ""
    return form


@register.filter
def error_list(form: Any) -> list[tuple[str, str]]:
    """`(id of the field, sentence)` of every error of a form, for the summary above it.

    A field without a label is drawn by its page: it would be called by its name in the code.
    """
    errors = [("", sentence) for sentence in form.non_field_errors()]
    for field in form:
        if field.field.label is None:
            errors += [("", sentence) for sentence in field.errors]
        else:
            anchor = field.id_for_label
            errors += [(anchor, f"{field.label}: {sentence}") for sentence in field.errors]
    return errors


@register.filter
def plus_rows(errors: Iterable, formset: Any) -> list[tuple[str, str]]:
    """The errors of a form with those of the rows of a formset, each with its row's number."""
    of_rows = [("", sentence) for sentence in formset.non_form_errors()]
    for number, form in enumerate(formset, start=1):
        of_rows += [(anchor, f"Wiersz {number}, {text}") for anchor, text in error_list(form)]
    return [*errors, *of_rows]


@register.filter
def plus_part(errors: Iterable, part: Any) -> list[tuple[str, str]]:
    """The errors of a form followed by `errors` of a part that is not a form."""
    return [*errors, *part.errors]


@register.simple_tag
def typed_field(
    field: BoundField, place: str = "", shows_errors: bool = True, **attrs: Any
) -> str:
    """A field of `owes.fields` where no layout draws it; its `name` in the address may differ.

    Of a row of a table, `place` names the row aloud. Errors are marked unless `shows_errors` is
    false.
    """
    name, value = attrs.pop("name", field.html_name), attrs.pop("value", field.value())
    attrs = {"class": "textinput form-control", "id": f"id_{name}"} | {
        key.replace("_", "-"): text for key, text in attrs.items()
    }
    if place:
        attrs["aria-label"] = f"{place}, {field.label.lower()}"
    if shows_errors and field.errors:
        attrs["class"] += " is-invalid"
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{attrs['id']}_error"}
    return field.field.widget.render(name, field.field.prepare_value(value), attrs)


@register.filter
def grid_field(field: BoundField, row: int) -> str:
    """A field of a table of inputs: its column is its label, said aloud with the row's number."""
    classes = {"CheckboxInput": "form-check-input", "Select": "form-select"}
    attrs: dict[str, str | bool] = {
        "class": classes.get(type(field.field.widget).__name__, "form-control"),
        "aria-label": f"Wiersz {row}, {field.label}",
    }
    if field.errors:
        attrs |= {"class": f"{attrs['class']} is-invalid", "aria-invalid": "true"}
        attrs["aria-describedby"] = f"{field.id_for_label}_error"
    return field.as_widget(attrs=attrs)
