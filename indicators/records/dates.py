from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from owes.fields import DayField
from owes.periods import Period


class DatesForm(forms.Form):
    """The dates a page of numbers speaks of: a day ("stan na dzień"), or a period.

    An error stands beside its field, and the page then answers for the default day: today, at most
    the project's end.
    """

    on = DayField(label="Stan na dzień", required=False)
    start = DayField(label="Zaliczone od", required=False)
    end = DayField(label="Zaliczone do", required=False)

    def __init__(self, data, project):
        """The address has `from` and `to`, which Python keeps for itself."""
        self.project = project
        super().__init__(
            {"on": data.get("on"), "start": data.get("from"), "end": data.get("to")},
            initial={"on": min(timezone.localdate(), project.ends_on)},
        )
        self.is_valid()

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and start > (end or self.day):
            self.add_error("start", "Początek okresu jest późniejszy niż jego koniec.")
        elif end and not start and end < self.project.starts_on:
            self.add_error("end", "Koniec okresu jest wcześniejszy niż początek projektu.")

    @property
    def day(self):
        asked = self.cleaned_data.get("on") or self.initial["on"]
        return min(asked, self.project.ends_on)

    @property
    def is_period(self):
        return bool(self.cleaned_data.get("start") or self.cleaned_data.get("end"))

    @property
    def period(self):
        """From the first day asked for (the project's start) to the last one (the day)."""
        end = self.cleaned_data.get("end") or self.day
        return Period(self.cleaned_data.get("start") or min(self.project.starts_on, end), end)

    @property
    def address(self):
        """The query of a link that asks for the same dates and nothing else."""
        names = {"on": "on", "start": "from", "end": "to"}
        asked = {
            name: f"{self.cleaned_data[field]:%Y-%m-%d}"
            for field, name in names.items()
            if self.cleaned_data.get(field)
        }
        return f"?{urlencode(asked)}"
