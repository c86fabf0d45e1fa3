"""The form that restricts the processing of a person's data, or lifts the restriction."""

from crispy_forms.helper import FormHelper

from owes.form_layout import laid_out, section
from owes.hold_forms import HoldForm


class RestrictionForm(HoldForm):
    @property
    def done(self) -> str:
        return "Zniesiono ograniczenie." if self.held else "Ograniczono przetwarzanie."

    @property
    def helper(self) -> FormHelper:
        title = "Znieś ograniczenie" if self.held else "Ogranicz przetwarzanie"
        return laid_out(section(title, reason=12), "seen")
