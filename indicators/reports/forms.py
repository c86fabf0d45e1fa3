import uuid

from django import forms

from indicators.models import Report
from owes.fields import DayField
from owes.jobs import order


class ReportForm(forms.Form):
    """What a report is about. The token makes a double click one piece of work."""

    FORMATS = [("pdf", "PDF"), ("xlsx", "arkusz xlsx")]

    start = DayField(label="Okres od")
    end = DayField(label="Okres do")
    kind = forms.ChoiceField(label="Rodzaj raportu", choices=Report.Kind.choices)
    format = forms.ChoiceField(label="Plik", choices=FORMATS)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, project):
        self.project = project
        initial = {
            "start": project.starts_on,
            "end": project.ends_on,
            "kind": Report.Kind.FINAL,
            "token": uuid.uuid4(),
        }
        super().__init__(data, initial=initial)

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if not start or not end:
            return
        if end < start:
            self.add_error("end", "Koniec okresu jest wcześniejszy niż początek.")
        elif end < self.project.starts_on or start > self.project.ends_on:
            self.add_error(
                "start",
                f"Okres leży poza projektem ({self.project.starts_on:%d.%m.%Y}–"
                f"{self.project.ends_on:%d.%m.%Y}).",
            )

    def order(self, owner):
        answers = self.cleaned_data
        params = {
            "project": self.project.slug,
            "start": answers["start"].isoformat(),
            "end": answers["end"].isoformat(),
            "kind": answers["kind"],
            "format": answers["format"],
        }
        return order("indicator_report", params=params, owner=owner, key=str(answers["token"]))
