"""Fields that take rows of the registers as people name them; a picker offers what is near.

No script is needed to fill them in: a code or a full name is enough, and a text that means no one
row is shown again with the rows it may mean, to choose from.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from owes.lookups import Lookup, Option, label_of, typed

BLANK_ROWS = 2


class PickerInput(forms.TextInput):
    """A text field with a list of what may be chosen (`static/js/picker.js`).

    The list comes from the view at `source`, asked with what the fields named in `sends` hold; a
    short one may stand in the page as `rows`, the texts to choose from. `candidates` are options
    of what each refused text may mean.
    """

    is_free = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows: list[str] = []
        self.source = self.sends = self.question = ""
        self.candidates: dict[str, list[Option]] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(f"{name}-pick") or data.get(name)

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        return self._picker(name, value, self.build_attrs(self.attrs, attrs), f"{name}-pick")

    def _picker(self, name: str, value: Any, attrs: dict[str, Any], pick: str) -> SafeString:
        attrs = {**attrs}
        css_class = attrs.pop("class", "textinput form-control")
        context = {
            "name": name,
            "id": attrs.pop("id", ""),
            "value": value,
            "css_class": css_class,
            "source": self.source,
            "sends": self.sends,
            "rows": self.rows,
            "is_free": self.is_free,
            "attributes": mark_safe(flatatt(attrs)),
            "question": self.question,
            "pick": pick,
            "candidates": self.candidates.get(typed(value), []),
        }
        return mark_safe(render_to_string("components/picker.html", context))


class FreePickerInput(PickerInput):
    """Takes any text: what is listed is only what was used before."""

    is_free = True


class PickerInputs(PickerInput):
    """One picker for each row chosen and two more; clearing one takes the row away.

    The script adds a picker when the last one is filled in.
    """

    def value_from_datadict(self, data: QueryDict, files: Any, name: str) -> list[str]:
        shown = enumerate(data.getlist(name), start=1)
        texts = [data.get(f"{name}-pick-{number}") or text for number, text in shown]
        return [typed(text) for text in texts if typed(text)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        attrs = self.build_attrs(self.attrs, attrs)
        label = attrs.pop("title", "")
        attrs.pop("required", None)
        pickers = []
        for number, text in enumerate([*(value or []), *[""] * BLANK_ROWS], start=1):
            own = {"id": attrs["id"] if number == 1 else f"{attrs['id']}_{number}"}
            if number > 1:
                own["aria-label"] = f"{label}, wiersz {number}"
            pickers.append(self._picker(name, text, attrs | own, f"{name}-pick-{number}"))
        rows = "".join(f'<div class="mb-1">{picker}</div>' for picker in pickers)
        return mark_safe(f"<div data-picker-many>{rows}</div>")


class LookupField(forms.Field):
    """One row, found by `lookup`."""

    widget = PickerInput

    def __init__(self, lookup: type[Lookup], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lookup = lookup

    def prepare_value(self, value: Any) -> Any:
        if not value or isinstance(value, str):
            return value
        rows = self.lookup.model.objects
        return label_of(value if hasattr(value, "pk") else rows.get(pk=value))

    def to_python(self, value: Any) -> Any:
        text = typed(value)
        return self._one(self.lookup([text]), text) if text else None

    def _one(self, known: Lookup, text: str) -> Any:
        """The row of the text; when there is none, the widget shows what it may mean."""
        try:
            return known.one(text)
        except ValidationError as error:
            options = [known.option(row, text) for row in error.candidates]
            self.widget.candidates[text] = options
            self.widget.question = known.question
            raise

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares keys: the initial value of a model form may be a key."""
        try:
            row = self.to_python(data)
        except ValidationError:
            return True
        return getattr(row, "pk", None) != getattr(initial, "pk", initial or None)

    def offer(
        self,
        rows: Iterable[Any] = (),
        source: str | None = None,
        slug: str | None = None,
        sends: str = "",
    ) -> None:
        """Says where the list comes from; `sends` are names of fields whose values rank it."""
        self.widget.rows = [label_of(row) for row in rows]
        self.widget.source = reverse(source, args=[slug] if slug else []) if source else ""
        self.widget.sends = sends


class LookupsField(LookupField):
    """Several rows, each found by `lookup`, in the order they were typed."""

    widget = PickerInputs

    def __init__(self, lookup: type[Lookup], **kwargs: Any) -> None:
        super().__init__(lookup, **kwargs)
        self.widget.attrs["title"] = self.label

    def prepare_value(self, value: Any) -> list[str]:
        return [text if isinstance(text, str) else label_of(text) for text in value or []]

    def to_python(self, value: Any) -> list:
        rows, errors = [], []
        known = self.lookup(value)
        for text in value:
            try:
                rows.append(self._one(known, text))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(rows))
