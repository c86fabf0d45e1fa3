from django import forms

from indicators.checks.declarations import CHECKS
from support.models import StaffMember


class CheckFilterForm(forms.Form):
    """Which findings are shown; severity is a row of chips, so a hidden field here."""

    check = forms.ChoiceField(label="Reguła", required=False)
    adviser = forms.ModelChoiceField(
        StaffMember.objects.none(), label="Kadra", required=False, empty_label="cała"
    )

    def __init__(self, data, project):
        super().__init__(data)
        led = StaffMember.objects.filter(service_links__service__project=project)
        self.fields["adviser"].queryset = StaffMember.objects.filter(pk__in=led.values("pk"))
        choices = [(code, f"{code} {check.sentence}") for code, check in CHECKS.items()]
        self.fields["check"].choices = [("", "wszystkie"), *choices]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def chosen(self):
        """`{name: value}` of the filters; None where empty or invalid."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}


class AcceptanceForm(forms.Form):
    """One finding as the page named it, or all shown of a check, and why they may stay."""

    code = forms.ChoiceField(choices=[(code, code) for code in CHECKS])
    record = forms.CharField(required=False)
    facts = forms.CharField(required=False, strip=False)
    digest = forms.CharField(required=False)
    adviser = forms.CharField(required=False)
    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": "Podaj powód, dla którego zapis może tak zostać.",
            "max_length": "Powód ma najwyżej 300 znaków.",
        },
    )
