"""The form that proposes an anonymisation."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from owes.form_layout import laid_out, section
from owes.models import Anonymisation
from owes.privacy.deciding import refuse_held


class BasisForm(forms.Form):
    basis = forms.CharField(
        label="Podstawa",
        max_length=500,
        help_text="Kto i o co wniósł, przepis, numer pisma. Bez danych tej osoby: to zostaje.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, record: Any) -> None:
        super().__init__(data)
        self.record = record

    def clean(self) -> dict[str, Any]:
        label, key = self.record._meta.label_lower, self.record.pk
        if Anonymisation.objects.of_record(label, key).exists():
            raise ValidationError("Anonimizacja tego zapisu już czeka albo jest zrobiona.")
        refuse_held(self.record)
        return super().clean() or self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        return laid_out(section("Dlaczego", basis=12))
