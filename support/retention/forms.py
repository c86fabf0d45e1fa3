"""The form that stops the end of keeping for a project, or lets it come again."""

from owes.form_layout import laid_out, section
from owes.hold_forms import HoldForm


class LegalHoldForm(HoldForm):
    def __init__(self, data=None, *, holds):
        super().__init__(data, holds=holds)
        example = "" if self.held else "Na przykład: spór z wykonawcą, kontrola, sprawa w sądzie. "
        self.fields["reason"].help_text = f"{example}Bez nazwisk."

    @property
    def title(self):
        return "Znieś wstrzymanie" if self.held else "Wstrzymaj usuwanie danych"

    @property
    def done(self):
        return "Zniesiono wstrzymanie." if self.held else "Wstrzymano usuwanie danych."

    @property
    def helper(self):
        return laid_out(section("Dlaczego", reason=12), "seen")
