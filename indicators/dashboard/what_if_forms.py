from dataclasses import replace

from django import forms

from indicators.dashboard.forecast import forecast
from owes.fields import WholeField
from owes.formatting import HOURS

MOST = 999


def _label(line):
    """The name, with the unit in which more is typed."""
    return f"{line.indicator.short_name}{' (godz.)' if line.unit == HOURS else ''}"


class WhatIfForm(forms.Form):
    """How many records more, or fewer, of each indicator; a field is named by the indicator."""

    approve = forms.BooleanField(label="Zatwierdzić wszystkie złożone usługi", required=False)

    def __init__(self, data, lines):
        self.lines = lines
        super().__init__(data or None)
        for line in lines:
            self.fields[line.indicator.code] = WholeField(
                label=_label(line),
                required=False,
                min_value=-MOST,
                max_value=MOST,
                widget=forms.TextInput(attrs={"class": "form-control", "size": 4}),
            )

    def supposed(self, changes=()):
        """`(field, line as it is, line as supposed, its forecast)`; `changes` come on top."""
        gains = {change.code: change.after - change.before for change in changes}
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        rows = []
        for line in self.lines:
            code = line.indicator.code
            typed = (asked.get(code) or 0) * (60 if line.unit == HOURS else 1)
            then = replace(line, supposed=typed + gains.get(code, 0))
            rows.append((self[code], line, then, forecast(then)))
        return rows
