"""The table of milestones under a target, and the buttons that arrange its rows."""

from django.forms import inlineformset_factory

from indicators.contract.deadlines import ReportDue
from indicators.contract.value_fields import value_field
from indicators.models import Milestone, Target
from indicators.plan import Plan
from owes.fields import DayField
from owes.formatting import HOURS, amount
from owes.formatting import day as as_day
from owes.forms import InlineRows, PlacedForm

PREFIX = "milestones"
BLANK_ROWS = 4
MORE, EVENLY = "more", "evenly"  # the buttons: `<prefix>-arrange`


class MilestoneForm(PlacedForm):
    day = DayField(label="Do dnia", is_silent=True)
    value = value_field("", label="Narastająco", min_value=0)

    class Meta:
        model = Milestone
        fields = ["day", "value"]

    def validate_constraints(self):
        """The table has its days once; a saved row may take the day of another."""

    def has_changed(self):
        """A new row is used when something is in it, also what it was offered with."""
        if self.instance.pk is None:
            return any((self[name].data or "").strip() for name in self.Meta.fields)
        return super().has_changed()


class MilestoneRows(InlineRows):
    """`target_form` is the form of a target not saved yet; None of one that is there.

    `unit` is that of the values.
    """

    target_form = None
    unit = ""

    def add_fields(self, form, index):
        form.fields["value"] = value_field(self.unit, label="Narastająco", min_value=0)
        super().add_fields(form, index)

    def validate_unique(self):
        """Two rows of one day are told of at the field, in `clean`."""

    def save(self):
        """A row given another day is a new row: saved ones may change places."""
        gone = [
            form.instance.pk
            for form in self.initial_forms
            if form in self.deleted_forms or "day" in form.changed_data
        ]
        for row in Milestone.objects.filter(pk__in=gone):
            row.delete()
        for form in self.filled():
            if form.has_changed():
                row = form.instance
                row.target, row.pk = self.instance, None if row.pk in gone else row.pk
                row.save()

    def clean(self):
        super().clean()
        if self.target_form and "value" in self.target_form.errors:
            return
        before = None
        for form in sorted(self.filled(), key=lambda form: form.cleaned_data["day"]):
            day, value = form.cleaned_data["day"], form.cleaned_data["value"]
            for field, sentence in self._refusals(day, value, before):
                form.add_error(field, sentence)
            before = day, value

    def _refusals(self, day, value, before):
        period, total = self.instance.project.period, self.instance.value
        if day not in period:
            yield (
                "day",
                f"Podaj dzień z okresu projektu, {as_day(period.start)}–{as_day(period.end)}.",
            )
        if total is None:
            yield "value", "Bez wartości docelowej nie ma wartości pośrednich."
        elif value > total:
            yield "value", f"Najwięcej tyle, ile wynosi wartość docelowa: {self._said(total)}."
        elif day == period.end and value < total:
            yield (
                "value",
                f"Na koniec projektu należy się cała wartość docelowa: {self._said(total)}.",
            )
        if before and day == before[0]:
            yield "day", "Ten dzień jest w tabeli dwa razy."
        elif before and value < before[1]:
            least = f"{self._said(before[1])}, jak na {as_day(before[0])}"
            yield "value", f"Wartości są narastające: najmniej {least}."

    def _said(self, value):
        return amount(value, self.unit)

    def filled(self):
        """Forms of the rows that will be there after saving, with both cells read."""
        for form in self.forms:
            is_kept = form.instance.pk or form.has_changed()
            cells = getattr(form, "cleaned_data", {})
            if is_kept and form not in self.deleted_forms and {"day", "value"} <= cells.keys():
                yield form


def milestone_rows(data, target, offered=(), target_form=None, unit=""):
    """The formset; `offered` are the `[(day, value)]` that a new table begins with."""
    if data is not None and f"{PREFIX}-TOTAL_FORMS" not in data:
        data = data.copy()
        _count_rows(data, 0, 0)
    rows = inlineformset_factory(
        Target,
        Milestone,
        form=MilestoneForm,
        formset=MilestoneRows,
        extra=len(offered) + BLANK_ROWS,
        can_delete=True,
    )(
        data,
        instance=target,
        prefix=PREFIX,
        initial=[{"day": day, "value": value} for day, value in offered],
    )
    rows.target_form, rows.unit = target_form, unit
    return rows


def even_steps(value, project, unit=""):
    """The even plan on the last day of each reporting period but the last; whole hours."""
    whole = 60 if unit == HOURS else 1
    plan = Plan(value, project.period)
    ends = (due.period.end for due in ReportDue.all_of(project))
    return [(day, plan.due_on(day) // whole * whole) for day in ends if day < project.ends_on]


def button_of(data):
    """Which button of the table was pressed; empty for saving."""
    return data.get(f"{PREFIX}-arrange", "")


def is_empty(data):
    """Whether nothing is typed in the table."""
    ends = ("-day", "-value")
    cells = (name for name in data if name.startswith(f"{PREFIX}-") and name.endswith(ends))
    return not any(data[name].strip() for name in cells)


def arranged(data, value, project, unit=""):
    """The data as the pressed button has it; `value` is what is to be spread evenly, or None."""
    if button_of(data) == MORE:
        return _with_more_rows(data)
    return with_steps(data, even_steps(value, project, unit), unit) if value else data


def _with_more_rows(data):
    data = data.copy()
    total = int(data.get(f"{PREFIX}-TOTAL_FORMS") or 0)
    data[f"{PREFIX}-TOTAL_FORMS"] = str(total + BLANK_ROWS)
    return data


def with_steps(data, steps, unit=""):
    """The data with these `[(day, value)]` in the table, and nothing else.

    Rows that are saved become them; those left over are to be deleted.
    """
    saved = int(data.get(f"{PREFIX}-INITIAL_FORMS") or 0)
    cells = {name: data[name] for name in data if name.startswith(f"{PREFIX}-")}
    data = data.copy()
    for name in cells:
        del data[name]
    for n in range(saved):
        for cell in ("id", "day", "value"):
            data[f"{PREFIX}-{n}-{cell}"] = cells.get(f"{PREFIX}-{n}-{cell}", "")
        if n >= len(steps):
            data[f"{PREFIX}-{n}-DELETE"] = "on"
    for n, (day, value) in enumerate(steps):
        data[f"{PREFIX}-{n}-day"], data[f"{PREFIX}-{n}-value"] = as_day(day), _typed(value, unit)
    _count_rows(data, max(len(steps), saved) + BLANK_ROWS, saved)
    return data


def _typed(value, unit):
    """A value as it is typed; one that a file gives is typed already."""
    return amount(value, unit) if unit and isinstance(value, int) else str(value)


def _count_rows(data, total, saved):
    data[f"{PREFIX}-TOTAL_FORMS"], data[f"{PREFIX}-INITIAL_FORMS"] = str(total), str(saved)
