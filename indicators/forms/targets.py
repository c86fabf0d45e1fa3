from indicators.models import Target
from owes.fields import DayField, WholeField
from support.forms.layout import laid_out, section
from support.forms.records import RecordForm


class TargetForm(RecordForm):
    """A new row of what the contract asks; rows that are there are never edited."""

    places = {"target_once_a_day": "valid_from", "target_above_zero": "value"}

    value = WholeField(
        label="Wartość docelowa",
        required=False,
        max_value=1_000_000,
        help_text="Puste, gdy umowa nie podaje liczby.",
    )
    valid_from = DayField(
        label="Obowiązuje od", help_text="Dzień, od którego obowiązuje umowa albo aneks."
    )

    class Meta:
        model = Target
        fields = ["indicator", "value", "valid_from", "means_of_verification"]

    def clean_valid_from(self):
        return self.refuse_outside_period("valid_from")

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
