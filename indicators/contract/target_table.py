"""The targets of a project that is being set up: one table of all its indicators."""

from django.core.exceptions import ValidationError

from indicators.contract.targets import first_words
from indicators.contract.value_fields import value_field
from indicators.counting.units import unit_of
from indicators.models import Target
from owes.fields import DayField
from owes.formatting import amount, error_list
from support.records.forms import RecordForm


class TargetRow(RecordForm):
    """The target of one indicator: the first one, or a correction of the last one.

    A first one left as it was offered is not saved.
    """

    given = ("project", "indicator")
    places = {"target_once_a_day": "valid_from", "target_above_zero": "value"}
    use_required_attribute = False

    value = value_field("", label="Cel", required=False, min_value=1)
    valid_from = DayField(label="Obowiązuje od", is_silent=True)

    class Meta:
        model = Target
        fields = ["value", "valid_from", "means_of_verification"]

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["value"] = value_field(unit, label="Cel", required=False, min_value=1)

    def clean_value(self):
        value = self.cleaned_data["value"]
        planned = max((due for _, due in self.instance.steps), default=0)
        if planned > (value or 0):
            raise ValidationError(
                f"Wartości pośrednie dochodzą do {amount(planned, self.unit)}; najpierw popraw je."
            )
        return value

    def clean_valid_from(self):
        return self.refuse_outside_period("valid_from")


class TargetTable:
    """A row for each indicator, in the order of the contract; all are saved together.

    Rows are called by codes of indicators, so that one added meanwhile moves no other. `rows` are
    `(indicator, form)`. Five queries.
    """

    def __init__(self, data, project):
        in_force = Target.objects.with_milestones().in_force(project, project.ends_on)
        self.rows = [
            (indicator, self._form(data, project, indicator, in_force.get(indicator.code)))
            for indicator in project.indicators.prefetch_related("rules")
        ]

    @staticmethod
    def _form(data, project, indicator, target):
        prefix = f"target-{indicator.code}"
        is_sent = data is not None and f"{prefix}-valid_from" in data
        return TargetRow(
            data if is_sent else None,
            prefix=prefix,
            instance=target or Target(project=project, indicator=indicator.code),
            initial={} if target else first_words(project, indicator),
            empty_permitted=target is None,
            project=project,
            unit=unit_of(indicator),
        )

    @property
    def forms(self):
        return [form for _, form in self.rows]

    @property
    def errors(self):
        """`(id of the field, sentence)` of every error, for the summary above the table."""
        return [
            (anchor, f"{indicator.short_name}, {sentence}")
            for indicator, form in self.rows
            for anchor, sentence in error_list(form)
        ]

    def is_valid(self):
        # Each row is asked, so that the page tells all the errors at once.
        return [form.is_valid() for form in self._sent].count(False) == 0

    def save(self):
        for form in self._sent:
            if form.has_changed():
                form.save()

    @property
    def _sent(self):
        """Those of the page that was sent: an indicator may have been added since."""
        return [form for form in self.forms if form.is_bound]
