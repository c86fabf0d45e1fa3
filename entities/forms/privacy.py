"""The form that restricts the processing of a person's data, or lifts the restriction."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from entities.models import Person, Restriction
from owes.form_layout import laid_out, section
from owes.models import User


class RestrictionForm(forms.Form):
    reason = forms.CharField(label="Powód", max_length=300)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        self.person = person
        self.held = person.restrictions.held().first()

    @property
    def done(self) -> str:
        return "Zniesiono ograniczenie." if self.held else "Ograniczono przetwarzanie."

    def save(self, by: User) -> None:
        reason = self.cleaned_data["reason"]
        if self.held is None:
            Restriction.objects.create(person=self.person, reason=reason, by=by)
            return
        self.held.lifted_at, self.held.lifted_by = timezone.now(), by
        self.held.lift_reason = reason
        self.held.save()

    @property
    def helper(self) -> FormHelper:
        title = "Znieś ograniczenie" if self.held else "Ogranicz przetwarzanie"
        return laid_out(section(title, reason=12))
