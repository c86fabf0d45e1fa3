"""Forms of the day an entity joined a project and a person signed the declaration."""

from django.core.exceptions import ValidationError

from owes.fields import DayField
from owes.form_layout import laid_out, section
from support.models import Declaration, Enrolment
from support.records.forms import RecordForm


class EnrolmentForm(RecordForm):
    given = ("project", "entity")
    places = {"enrolment_dates_in_order": "left_on"}

    joined_on = DayField(label="Data zgłoszenia", required=False)
    left_on = DayField(label="Koniec udziału", required=False, help_text="Puste, gdy trwa.")

    class Meta:
        model = Enrolment
        fields = ["joined_on", "left_on", "reason"]

    def clean(self):
        data = super().clean()
        if data.get("left_on") and not data.get("reason"):
            self.add_error("reason", ValidationError("Podaj powód zakończenia.", code="required"))
        return data

    @property
    def helper(self):
        return laid_out(
            section("Zgłoszenie do projektu", joined_on=4, left_on=4, reason=12),
        )


class DeclarationForm(RecordForm):
    given = ("project", "person")

    signed_on = DayField(label="Data oświadczenia RODO")

    class Meta:
        model = Declaration
        fields = ["signed_on", "clause_version"]

    def clean(self):
        """The version, unless typed, is that of the papers printed on the day."""
        data = super().clean()
        if data.get("signed_on") and not data.get("clause_version"):
            data["clause_version"] = self.project.clause_version_on(data["signed_on"])
        return data

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        now = self.project.clause_version
        self.fields[
            "clause_version"
        ].help_text = f"Puste pole to wersja z dnia oświadczenia; teraz jest wersja {now}."

    @property
    def helper(self):
        return laid_out(section("Deklaracja uczestnika", signed_on=4, clause_version=4))
