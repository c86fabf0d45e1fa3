"""The form that stops the end of keeping for a project, or lets it come again."""

from django import forms
from django.utils import timezone

from owes.form_layout import laid_out, section
from support.models import LegalHold

CHANGED = "Ktoś właśnie wstrzymał albo zniósł wstrzymanie. Przejrzyj stronę i zapisz jeszcze raz."


class LegalHoldForm(forms.Form):
    """`seen` is the hold that the page showed: who lifts one already lifted places no other."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Powód",
        max_length=300,
        help_text="Bez nazwisk.",
    )
    use_required_attribute = False

    def __init__(self, data=None, *, project):
        self.project = project
        self.held = project.legal_holds.in_force().first()
        super().__init__(data, initial={"seen": self.held and self.held.pk})
        if not self.held:
            example = "Na przykład: spór z wykonawcą, kontrola, sprawa w sądzie. Bez nazwisk."
            self.fields["reason"].help_text = example

    def clean(self):
        data = super().clean()
        if data.get("seen") != (self.held and self.held.pk):
            raise forms.ValidationError(CHANGED, "changed")
        return data

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
        return laid_out(section("Dlaczego", reason=12), "seen")
