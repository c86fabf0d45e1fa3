from dataclasses import replace

from django import forms

from indicators.dashboard.forecast import forecast
from owes.fields import WholeField

MOST = 999


class WhatIfForm(forms.Form):
    """How many records more, or fewer, of each indicator; a field is named by the indicator."""

    approve = forms.BooleanField(label="Zatwierdzić wszystkie złożone usługi", required=False)

    def __init__(self, data, lines):
        self.lines = lines
        super().__init__(data or None)
        for line in lines:
            self.fields[line.indicator.code] = WholeField(
                label=line.indicator.short_name,
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
            then = replace(line, supposed=(asked.get(code) or 0) + gains.get(code, 0))
            rows.append((self[code], line, then, forecast(then)))
        return rows
