from django.forms import ChoiceField

from indicators.contract.value_fields import value_field
from indicators.counting.units import units_of
from indicators.models import Target
from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.formatting import HOURS
from support.records.forms import RecordForm

NO_NUMBER = "Puste, gdy umowa nie podaje liczby."
IN_HOURS = " Wskaźnik godzin: w godzinach, na przykład 500 albo 12,5."


class TargetForm(RecordForm):
    """A new row of what the contract asks; rows that are there are never edited."""

    places = {"target_once_a_day": "valid_from", "target_above_zero": "value"}

    indicator = ChoiceField(label="Wskaźnik")
    value = value_field("", label="Wartość docelowa", required=False, help_text=NO_NUMBER)
    valid_from = DayField(
        label="Obowiązuje od", help_text="Dzień, od którego obowiązuje umowa albo aneks."
    )

    class Meta:
        model = Target
        fields = ["indicator", "value", "valid_from", "means_of_verification"]
        help_texts = {"means_of_verification": "Puste zostawia dotychczasowe."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        indicators = self.project.indicators.values_list("code", "name")
        self.fields["indicator"].choices = [("", "wybierz"), *indicators]
        units = units_of(self.project)
        self.unit = units.get(self["indicator"].value(), "")
        help_text = NO_NUMBER + IN_HOURS * (HOURS in units.values())
        self.fields["value"] = value_field(
            self.unit, label="Wartość docelowa", required=False, help_text=help_text
        )

    def clean_valid_from(self):
        return self.refuse_outside_period("valid_from")

    def clean(self):
        """A new number is no reason to lose the words: empty ones stay as they were."""
        data = super().clean()
        if "indicator" in data and not data.get("means_of_verification"):
            last = Target.objects.words_of(self.project, data["indicator"])
            data["means_of_verification"] = last.get("means_of_verification", "")
        return data

    @property
    def helper(self):
        return laid_out(
            section(
                "Wartość docelowa",
                indicator=12,
                value=6,
                valid_from=6,
                means_of_verification=12,
            )
        )
