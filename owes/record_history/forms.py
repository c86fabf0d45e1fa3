"""What the history of a record is narrowed to: who, when, which field."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from owes.fields import DayField
from owes.formatting import day
from owes.record_history.lines import Saving


class HistoryFilter(forms.Form):
    by = forms.ChoiceField(label="Kto", required=False)
    field = forms.ChoiceField(label="Pole", required=False)
    since = DayField(label="Od dnia", required=False)
    until = DayField(label="Do dnia", required=False)

    def __init__(self, data: Any, savings: list[Saving]) -> None:
        super().__init__(data or None)
        self.savings = savings
        self._offer("by", "każdy", {saving.by for saving in savings})
        labels = {line.label for saving in savings for line in saving.lines}
        self._offer("field", "każde", labels)

    def _offer(self, name: str, every: str, words: Iterable[str]) -> None:
        self.fields[name].choices = [("", every), *((each, each) for each in sorted(words))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "Ten dzień jest wcześniejszy niż „Od dnia”.")
        return data

    @property
    def narrowed(self) -> list[Saving]:
        """The savings asked for; none when what was typed cannot be read."""
        if not self.is_bound:
            return self.savings
        if not self.is_valid():
            return []
        return [saving for saving in self.savings if self._holds(saving)]

    def _holds(self, saving: Saving) -> bool:
        asked, on = self.cleaned_data, timezone.localdate(saving.at)
        return (
            asked["by"] in ("", saving.by)
            and asked["field"] in ("", *(line.label for line in saving.lines))
            and (not asked["since"] or on >= asked["since"])
            and (not asked["until"] or on <= asked["until"])
        )

    def in_words(self) -> list[tuple[str, str]]:
        """For the file: what was asked."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return [
            (str(self.fields[name].label), day(value) if name in ("since", "until") else value)
            for name, value in asked.items()
            if value
        ]
