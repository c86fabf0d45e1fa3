"""Forms of the log of looks: why a file of people is made, and what account saw whom when."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from owes.fields import DayField
from owes.models import Look, User


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="Po co jest ten plik?",
        choices=Look.Purpose.choices,
        widget=forms.RadioSelect,
    )


class AccountLooksForm(forms.Form):
    """An account and days, both inside."""

    account = forms.ModelChoiceField(
        User.objects.order_by("name", "email"), label="Konto", empty_label="wybierz konto"
    )
    since = DayField(label="Od dnia")
    until = DayField(label="Do dnia")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"since", "until"} <= data.keys() and data["since"] > data["until"]:
            self.add_error("until", "Ten dzień jest wcześniejszy niż „Od dnia”.")
        return data

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the first one after the last day."""
        days = self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)
        first, last = (timezone.make_aware(datetime.combine(day, time())) for day in days)
        return first, last

    def in_words(self) -> list[tuple[str, str]]:
        account = self.cleaned_data["account"]
        days = (self.cleaned_data[name] for name in ("since", "until"))
        since, until = (f"{day:%d.%m.%Y}" for day in days)
        return [("Konto", f"{account} ({account.email})"), ("Od dnia", since), ("Do dnia", until)]
