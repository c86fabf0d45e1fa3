"""Answers how a field reads the text being typed, so that the page shows it in words.

A person who typed `5.4.22` and sees "wtorek, 5 kwietnia 2022" knows how it was understood before
anything is saved.
"""

from collections.abc import Mapping

from django import forms

from owes.fields import (
    ClockField,
    DayField,
    EndField,
    HoursField,
    LengthField,
    MinutesField,
    SpanField,
)
from owes.parsing.days import standing_day

FIELDS = {
    field.kind: field
    for field in (
        DayField,
        ClockField,
        EndField,
        LengthField,
        MinutesField,
        HoursField,
        SpanField,
    )
}


class ReadBackForm(forms.Form):
    """A text typed in a field of a `kind`, with the start typed beside an end."""

    start = ClockField(required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["value"] = FIELDS[data["kind"]](required=False)

    @property
    def answer(self) -> dict[str, str]:
        """`words` of what can be read, else `refusal`; `iso` is a day as browsers write it.

        `standing` is the text that means the same tomorrow.
        """
        self.is_valid()
        value, text = self.cleaned_data.get("value"), self.data.get("value", "")
        return {
            "words": self.fields["value"].words(value),
            "refusal": " ".join(map(str, self.errors.get("value", []))),
            "iso": value.isoformat() if self.data["kind"] == "day" and value else "",
            "standing": standing_day(text) if self.data["kind"] == "day" else text,
        }
