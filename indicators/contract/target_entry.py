"""The form of a new target with the table of its milestones, and what its buttons do."""

from indicators.contract.milestone_forms import (
    EVENLY,
    arranged,
    button_of,
    is_empty,
    milestone_rows,
    with_steps,
)
from indicators.contract.target_forms import TargetForm
from indicators.contract.targets import first_words
from indicators.counting.units import units_of
from indicators.models import Target

NO_VALUE = "Podaj wartość docelową: z niej powstaną wartości pośrednie."


class TargetEntry:
    """A new row begins with the words and the milestones of the last one of its indicator.

    The first one begins with the first day of the project and the usual means of verification.

    `indicator` is the one whose milestones the table began with; where another is chosen in the
    form and nothing is typed in the table, those of that one are brought in and shown first.
    """

    def __init__(self, editing, project, indicator):
        self.editing, self.project, self.indicator = editing, project, indicator
        data = editing.data
        if editing.is_sent:
            self.indicator = data.get("milestones-of", "")
        self.carried = self._to_carry(data) if editing.is_sent and not button_of(data) else []
        if self.carried:
            self.indicator = editing.data["indicator"]
            data = with_steps(data, self.carried, units_of(project).get(self.indicator, ""))
        self._show(data)
        if self.is_arranged:
            self._arrange(editing.data)

    @property
    def is_arranged(self):
        """Whether a button was pressed, or rows were brought in, and nothing is to be saved."""
        return self.editing.is_sent and bool(self.carried or button_of(self.editing.data))

    def is_ready(self):
        return not self.is_arranged and self.editing.is_ready(self.form, self.rows)

    def save(self):
        target = self.form.save()
        self.rows.save()
        return target

    def _to_carry(self, data):
        chosen = data.get("indicator", "")
        if chosen == self.indicator or not is_empty(data):
            return []
        return Target.objects.milestones_of(self.project, chosen)

    def _arrange(self, data):
        value = None if self.form.errors.get("value") else self.form.cleaned_data.get("value")
        if not self.carried:
            self._show(arranged(data, value, self.project, self.form.unit))
        self.editing.show_unjudged(self.form, self.rows)
        if button_of(data) == EVENLY and not value:
            self.form.add_error("value", NO_VALUE)

    def _words(self):
        project, code = self.project, self.indicator
        if words := Target.objects.words_of(project, code):
            return words
        row = project.indicators.filter(code=code).prefetch_related("rules").first()
        return first_words(project, row) if row else {}

    def _show(self, data):
        project, indicator = self.project, self.indicator
        offered = Target.objects.milestones_of(project, indicator) if data is None else ()
        self.form = TargetForm(data, initial=self._words(), project=project)
        self.rows = milestone_rows(data, self.form.instance, offered, self.form, self.form.unit)
