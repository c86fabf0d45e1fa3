"""Fields that take rows of the registers as people name them; a list offers what is near.

No script is needed to fill them in: a code or a full name is enough. Lists that are too long for
a page come from `source`, a name of a view, while one types.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from owes.lookups import label_of, typed

BLANK_ROWS = 2


class ListedInput(forms.TextInput):
    """A text field with a list of what may be chosen, under the id of the field with `_list`."""

    options = ()
    source = None

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.listed(attrs)
        return super().render(name, value, attrs, renderer) + self.datalist(attrs["list"])

    def listed(self, attrs):
        attrs = self.build_attrs(self.attrs, attrs)
        attrs |= {"autocomplete": "off", "list": f"{attrs['id']}_list"}
        if self.source:
            attrs |= {
                "hx-get": self.source,
                "hx-trigger": "focus, input changed delay:200ms",
                "hx-target": f"#{attrs['list']}",
                "hx-include": "[name=entity]",
            }
        return attrs

    def datalist(self, list_id):
        options = format_html_join(
            "", '<option value="{}"></option>', ((o,) for o in self.options)
        )
        return format_html('<datalist id="{}">{}</datalist>', list_id, options)


class ListedInputs(ListedInput):
    """One text field for each row chosen and two more; clearing one takes the row away."""

    def value_from_datadict(self, data, files, name):
        return [typed(text) for text in data.getlist(name) if typed(text)]

    def value_omitted_from_data(self, data, files, name):
        return False

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.listed(attrs)
        label = attrs.pop("title", "")
        attrs.pop("required", None)
        inputs = []
        for number, text in enumerate([*(value or []), *[""] * BLANK_ROWS], start=1):
            own = {"id": attrs["id"] if number == 1 else f"{attrs['id']}_{number}"}
            if number > 1:
                own["aria-label"] = f"{label}, wiersz {number}"
            inputs.append(forms.TextInput().render(name, text, attrs | own, renderer))
        rows = format_html_join("", '<div class="mb-1">{}</div>', ((row,) for row in inputs))
        return mark_safe(rows + self.datalist(attrs["list"]))


class LookupField(forms.Field):
    """One row, found by `lookup`."""

    widget = ListedInput

    def __init__(self, lookup, **kwargs):
        super().__init__(**kwargs)
        self.lookup = lookup

    def prepare_value(self, value):
        if not value or isinstance(value, str):
            return value
        rows = self.lookup.model.objects
        return label_of(value if hasattr(value, "pk") else rows.get(pk=value))

    def to_python(self, value):
        text = typed(value)
        return self.lookup([text]).one(text) if text else None

    def has_changed(self, initial, data):
        """By key: that is how a form of a model knows the row it began with."""
        try:
            row = self.to_python(data)
        except ValidationError:
            return True
        return getattr(row, "pk", None) != getattr(initial, "pk", initial or None)

    def offer(self, rows=(), source=None, slug=None):
        self.widget.options = [label_of(row) for row in rows]
        self.widget.source = reverse(source, args=[slug] if slug else []) if source else None


class LookupsField(LookupField):
    """Several rows, each found by `lookup`, in the order they were typed."""

    widget = ListedInputs

    def __init__(self, lookup, **kwargs):
        super().__init__(lookup, **kwargs)
        self.widget.attrs["title"] = self.label

    def prepare_value(self, value):
        return [text if isinstance(text, str) else label_of(text) for text in value or []]

    def to_python(self, value):
        found, errors = [], []
        known = self.lookup(value)
        for text in value:
            try:
                found.append(known.one(text))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(found))
