"""Invented rows and a form with errors, for the page that shows every part of the interface."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.formatting import badge, hours
from owes.tables import Column, DayColumn, HeadingColumn, HoursColumn, Table

STATES = {
    "szkic": ("none", "pencil"),
    "złożona": ("info", "clock"),
    "zwrócona": ("watch", "back"),
    "zatwierdzona": ("ok", "check"),
    "anulowana": ("none", "cross"),
}


@dataclass(frozen=True)
class Sample:
    """A service that is nowhere: just what a list shows of one."""

    code: str
    topic: str
    day: date
    minutes: int
    state: str

    def get_absolute_url(self) -> str:
        return reverse("owes:components")


SAMPLES = [
    Sample(f"N/2024/{n}", topic, date(2024, 2, 2 * n), minutes, state)
    for n, (topic, minutes, state) in enumerate(
        [
            ("Montaż finansowy inwestycji", 120, "zatwierdzona"),
            ("Statut i uchwały", 255, "złożona"),
            ("Spotkanie animacyjne", 720, "anulowana"),
            ("Strona w internecie", 45, "zwrócona"),
            ("Księgowość w spółdzielni", 90, "szkic"),
        ],
        start=1,
    )
]


class SampleTable(Table):
    caption = "Tabela rejestru"
    note = "nagłówek wiersza to odnośnik do zapisu"
    shows_caption = True
    is_choosable = False
    empty_title = "Nie ma jeszcze usług"
    empty_text = "Usługa to jedno spotkanie albo cykl. Dodaj pierwszą."

    topic = HeadingColumn(
        verbose_name="Usługa", second=lambda sample: sample.code, footer="Razem na liście"
    )
    day = DayColumn(verbose_name="Dzień", footer="")
    minutes = HoursColumn(
        verbose_name="Czas", footer=lambda table: hours(sum(row.minutes for row in table.data))
    )
    state = Column(verbose_name="Stan", orderable=False, footer="")

    class Meta(Table.Meta):
        order_by = ("-day",)
        row_attrs = {"class": lambda record: "is-off" if record.state == "anulowana" else ""}

    def render_state(self, value: str) -> str:
        return badge(*STATES[value], value)


class SampleForm(forms.Form):
    """Nobody sends it: it is always shown with its errors."""

    nip = forms.CharField(label="NIP", help_text="10 cyfr, kreski i spacje nie przeszkadzają.")
    form = forms.ChoiceField(
        label="Forma prawna",
        choices=[("social", "spółdzielnia socjalna"), ("association", "stowarzyszenie")],
    )
    day = DayField(label="Data rejestracji")
    note = forms.CharField(label="Opis", widget=forms.Textarea({"rows": 2}), required=False)
    themes = forms.MultipleChoiceField(
        label="Zagadnienia",
        choices=[("digital", "cyfryzacja"), ("eco", "ekologia"), ("paid", "ekonomizacja")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            section("Pola formularza", nip=4, form=4, day=4, note=12, themes=12),
        )

    def clean_nip(self) -> NoReturn:
        raise ValidationError("Ostatnia cyfra się nie zgadza. Sprawdź numer z dokumentem.")


WRONG = {"nip": "776-290-99-58", "form": "social", "day": "31.02.2024", "themes": ["eco"]}
