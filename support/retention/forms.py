"""The form that stops the end of keeping for a project, or lets it come again."""

from django import forms
from django.utils import timezone

from owes.form_layout import laid_out, section
from support.models import LegalHold


class LegalHoldForm(forms.Form):
    reason = forms.CharField(
        label="Powód",
        max_length=300,
        help_text="Na przykład: spór z wykonawcą, kontrola, sprawa w sądzie. Bez nazwisk.",
    )
    use_required_attribute = False

    def __init__(self, data=None, *, project):
        super().__init__(data)
        self.project = project
        self.held = project.legal_holds.in_force().first()

    @property
    def title(self):
        return "Znieś wstrzymanie" if self.held else "Wstrzymaj usuwanie danych"

    @property
    def done(self):
        return "Zniesiono wstrzymanie." if self.held else "Wstrzymano usuwanie danych."

    def save(self, by):
        reason = self.cleaned_data["reason"]
        if self.held is None:
            LegalHold.objects.create(project=self.project, reason=reason, by=by)
            return
        self.held.lifted_at, self.held.lifted_by = timezone.now(), by
        self.held.lift_reason = reason
        self.held.save()

    @property
    def helper(self):
        return laid_out(section("Dlaczego", reason=12))
