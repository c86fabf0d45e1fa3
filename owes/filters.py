"""The base of every list's filters."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django_filters import CharFilter, Filter, FilterSet

from owes.choices import LookupField
from owes.formatting import day


class LookupFilter(Filter):
    """By a row of a register, picked as in a form; `lookup` goes to its `LookupField`."""

    field_class = LookupField


class ListFilter(FilterSet):
    """A search blind to diacritics, and what was asked in words."""

    q = CharFilter(method="search", label="Szukaj")

    @property
    def form(self) -> forms.Form:
        form = super().form
        if not hasattr(form, "helper"):
            form.helper = FormHelper()
            form.helper.form_tag = False
            form.helper.disable_csrf = True
            widths = {"q": "grow"}
            fields = [Field(name, wrapper_class=widths.get(name, "")) for name in form.fields]
            form.helper.layout = Layout(*fields)
        return form

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def in_words(self) -> list[tuple[str, str]]:
        """What was asked, in words, for the sheet that says what a file is."""
        form = self.form
        if not form.is_valid():
            return []
        values = ((form[name], form.cleaned_data[name]) for name in form.fields)
        return [(str(field.label), _words(field.field, value)) for field, value in values if value]


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))
