"""The form of a hold, apart from its model: forms are loaded after all models (owes/holds.py)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.holds import LONGEST
from owes.models import User

CHANGED = "Ktoś zmienił to, odkąd ta strona jest otwarta. Przejrzyj ją i zapisz jeszcze raz."


class HoldForm(forms.Form):
    """Places a hold, or lifts the one in force; `holds` are those of one record.

    `seen` is the hold that the page showed: who lifts one already lifted places no other.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="Powód", max_length=LONGEST)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, holds: Any) -> None:
        self.holds, self.held = holds, holds.in_force().first()
        super().__init__(data, initial={"seen": self.held and self.held.pk})

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("seen") != (self.held and self.held.pk):
            raise ValidationError(CHANGED, "changed")
        return self.cleaned_data

    def save(self, by: User) -> None:
        reason = self.cleaned_data["reason"]
        if self.held is None:
            self.holds.create(reason=reason, by=by)
            return
        self.held.lifted_at, self.held.lifted_by = timezone.now(), by
        self.held.lift_reason = reason
        self.held.save()
