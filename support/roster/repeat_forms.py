"""The part of the form of a service that repeats its last session; not saved by itself."""

from itertools import islice

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError

from owes.fields import DaysField, WholeField
from owes.formatting import plural
from support.calendar.month import working
from support.roster.repeats import WEEKDAYS, Step, repeated

MOST = 52


class RepeatForm(forms.Form):
    """Which days to add. `new_days` are the result, `notice` a sentence about it."""

    every = forms.ChoiceField(
        label="Jak często", choices=Step.choices, initial=Step.WEEK, required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Dni tygodnia",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = DaysField(
        label="Dni", required=False, help_text="Po przecinku, na przykład 8.5, 15.5 i 22.5.2024."
    )
    times = WholeField(
        label="Ile terminów dodać", required=False, min_value=1, max_value=MOST, initial=4
    )
    is_working = forms.BooleanField(label="bez sobót, niedziel i świąt", required=False)

    use_required_attribute = False
    new_days, notice = (), ""

    def __init__(self, data=None, *, project):
        # The short form of a visit sends none of these fields.
        super().__init__(data if data and "repeat-every" in data else None, prefix="repeat")
        self.period = project.period

    def clean_every(self):
        return self.cleaned_data["every"] or Step.WEEK

    def clean_days(self):
        days = self.cleaned_data["days"] or []
        if outside := [day for day in days if day not in self.period]:
            start, end = self.period.start, self.period.end
            raise ValidationError(
                f"{outside[0]:%d.%m.%Y} jest poza okresem projektu "
                f"{start:%d.%m.%Y}–{end:%d.%m.%Y}."
            )
        if len(days) > MOST:
            raise ValidationError(f"Najwięcej {plural(MOST, 'dzień,dni,dni')} naraz.")
        return days

    def clean(self):
        required = {
            Step.DAYS: ("days", "Podaj dni, na przykład 8.5, 15.5 i 22.5.2024."),
            Step.WEEKDAYS: ("weekdays", "Zaznacz choć jeden dzień tygodnia."),
        }
        step = self.cleaned_data.get("every")
        name, sentence = required.get(step, ("", ""))
        if name and not self.has_error(name) and not self.cleaned_data[name]:
            self.add_error(name, sentence)
        if step == Step.DAYS:
            self.errors.pop("times", None)
        elif not self.has_error("times") and not self.cleaned_data["times"]:
            self.add_error("times", "Podaj, ile terminów dodać.")

    def find_days(self, existing):
        """Sets `new_days`, to be added to the `existing` ones, or an error if there are none."""
        if self.is_bound and not existing:
            self.add_error("every", "Najpierw podaj dzień i godziny terminu, który się powtarza.")
        if self.is_valid():
            self.new_days = self._new_days(existing)
            self._report()

    def _new_days(self, existing):
        values = self.cleaned_data
        if values["every"] == Step.DAYS:
            return [day for day in values["days"] if day not in existing]
        days = repeated(max(existing), values["every"], self.period.end, values["weekdays"])
        if values["is_working"]:
            days = working(list(days))
        return list(islice(days, values["times"]))

    def _report(self):
        """Says why there is no new day, or fewer days than asked for."""
        if self.cleaned_data["every"] == Step.DAYS:
            if not self.new_days:
                self.add_error("days", "Usługa ma już termin każdego z tych dni.")
            return
        times, end = self.cleaned_data["times"], self.period.end
        if not self.new_days:
            self.add_error("every", f"Do końca projektu, {end:%d.%m.%Y}, nie ma już takiego dnia.")
        elif len(self.new_days) < times:
            added = plural(len(self.new_days), "termin,terminy,terminów")
            self.notice = f"Dodano {added} zamiast {times}: projekt kończy się {end:%d.%m.%Y}."

    @property
    def first_wrong(self):
        """The field to focus; for weekdays, which are many boxes, the choice before them."""
        name = next(iter(self.errors))
        return "every" if name == "weekdays" else name

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Div(
                Field("every", wrapper_class="w-6"),
                Field("times", wrapper_class="w-6 repeat-times"),
                InlineCheckboxes("weekdays", wrapper_class="w-12 repeat-weekdays"),
                Field("days", wrapper_class="w-12 repeat-days"),
                Field("is_working", wrapper_class="w-12 repeat-working"),
                css_class="form-grid",
            )
        )
        return helper
