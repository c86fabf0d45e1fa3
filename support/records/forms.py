"""Forms that records of a project share."""

from django import forms
from django.core.exceptions import ValidationError

from owes.forms import PlacedForm


class RecordForm(PlacedForm):
    """A form of a record of one project."""

    given = ("project",)

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = self.instance.project = project

    def refuse_outside_period(self, field):
        """Refuses a changed day outside the project; an unchanged imported one may stay."""
        day, period = self.cleaned_data[field], self.project.period
        if day and field in self.changed_data and day not in period:
            raise ValidationError(
                f"Podaj dzień z okresu projektu, {period.start:%d.%m.%Y}–{period.end:%d.%m.%Y}."
            )
        return day


class ReasonForm(forms.Form):
    """Why a record is returned, reopened, withdrawn or cancelled."""

    reason = forms.CharField(
        label="Powód",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Podaj powód."},
    )
    use_required_attribute = False
