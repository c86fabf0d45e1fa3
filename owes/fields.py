"""Form fields that read what people type by `owes.parsing` and show it the Polish way."""

from datetime import time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from owes.formatting import HOURS, amount, full_day, money
from owes.parsing.days import read_date, read_dates
from owes.parsing.hours import (
    later,
    length_words,
    minutes_between,
    read_end,
    read_hour_sum,
    read_hours,
    read_length,
    read_span,
    read_time,
)
from owes.parsing.numbers import read_money, read_whole


class ReadField(forms.CharField):
    """A text field whose value is what `read` makes of the text; empty is None."""

    read: ClassVar[Any] = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if value is None or str(value).strip() == "":
            return None
        return type(self).read(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (None if initial in (None, "") else initial)
        except ValidationError:
            return True


class SpokenInput(forms.TextInput):
    """A text input with the words of what is typed in it, and for a day the browser's calendar."""

    def __init__(self, field: "SpokenField", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.field = field

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        attrs = context["widget"]["attrs"]
        attrs["data-reads"] = self.field.kind
        if self.field.kind == "day":
            attrs["aria-keyshortcuts"] = "Alt+ArrowDown"
        if start := self.field.starts_at:
            attrs["data-start"] = start.auto_id
        if attrs.get("id") and not self.field.is_silent:
            described = [f"{attrs['id']}_words", attrs.get("aria-describedby", "")]
            attrs["aria-describedby"] = " ".join(described).strip()
        return context

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        field = self.field
        read = field.read_quietly(value)
        return render_to_string(
            "components/spoken_input.html",
            {
                "input": super().render(name, value, attrs, renderer),
                "id": (attrs or {}).get("id") or self.attrs.get("id", ""),
                "words": field.words(read),
                "is_silent": field.is_silent,
                "is_day": field.kind == "day",
                "iso": read.isoformat() if field.kind == "day" and read else "",
            },
        )


class SpokenField(ReadField):
    """A field whose reading is said back in words beside it; `kind` names it to the script.

    One that is silent leaves the words to the row it is in.
    """

    kind: ClassVar[str] = ""
    say: Any

    def __init__(self, *, is_silent: bool = False, **kwargs: Any) -> None:
        self.is_silent = is_silent
        super().__init__(widget=SpokenInput(self), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "SpokenField":
        copied = super().__deepcopy__(memo)
        copied.widget.field = copied
        return copied

    @property
    def starts_at(self) -> forms.BoundField | None:
        """The bound field of the start that this one ends; only an end has it."""
        return None

    def read_quietly(self, text: Any) -> Any:
        """The value of a text, None for what cannot be read."""
        try:
            return self.to_python(text)
        except ValidationError:
            return None

    def words(self, value: Any) -> str:
        """The words of a value that was read; nothing of None."""
        return "" if value is None else self.say(value)


class DayField(SpokenField):
    kind = "day"
    read = staticmethod(read_date)
    say = staticmethod(full_day)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else value


class DaysField(ReadField):
    """Days listed in one text."""

    read = staticmethod(read_dates)


class ClockField(SpokenField):
    kind = "clock"
    read = staticmethod(read_time)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if hasattr(value, "strftime") else value

    def say(self, value: time) -> str:
        return f"{value:%H:%M}"


class EndField(ClockField):
    """An hour of the end, or a length from the hour typed in the field `start` of its form."""

    kind = "end"
    form = None

    def __init__(self, *, start: str = "start", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = start

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.form = form
        return super().get_bound_field(form, field_name)

    @property
    def starts_at(self) -> forms.BoundField | None:
        return self.form[self.start] if self.form else None

    @property
    def started(self) -> time | None:
        """The hour typed as the start; None while it cannot be read."""
        start = self.starts_at
        return start.field.read_quietly(start.value()) if start else None

    def to_python(self, value: Any) -> time | None:
        if value is None or str(value).strip() == "":
            return None
        return read_end(value, self.started)

    def say(self, value: time) -> str:
        """11:00; 2 h. The end alone while there is no start before it."""
        start, end = self.started, f"{value:%H:%M}"
        if start is None:
            return end
        try:
            return f"{end}; {length_words(minutes_between(start, value))}"
        except ValidationError:
            return end


class LengthField(SpokenField):
    """Minutes of a length; a number alone is of hours."""

    kind = "length"
    read = staticmethod(read_length)
    say = staticmethod(length_words)

    def prepare_value(self, value: Any) -> Any:
        return length_words(value) if isinstance(value, int) else value


class MinutesField(LengthField):
    """Minutes of a length; a number alone is of minutes."""

    kind = "minutes"

    @staticmethod
    def read(value: object) -> int:
        return read_length(value, "min")

    def prepare_value(self, value: Any) -> Any:
        return value


class SpanField(SpokenField):
    """`(start, minutes)` of hours from-to, or `(None, minutes)` of a length."""

    kind = "span"
    read = staticmethod(read_span)

    def say(self, value: tuple[time | None, int]) -> str:
        """09:00–11:00; 2 h, or 2 h."""
        start, minutes = value
        if start is None:
            return length_words(minutes)
        return f"{start:%H:%M}–{later(start, minutes):%H:%M}; {length_words(minutes)}"


class WholeField(ReadField):
    read = staticmethod(read_whole)

    def __init__(
        self, *, min_value: int | None = None, max_value: int | None = None, **kwargs: Any
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)
        # A keyboard of digits has no minus.
        if min_value is not None and min_value >= 0:
            self.widget.attrs.setdefault("inputmode", "numeric")

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"Najmniej {self.min_value}.", code="bad_number")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"Najwięcej {self.max_value}.", code="bad_number")


class HourSumField(ReadField):
    """Minutes of a sum of hours; a number alone is of hours, however many."""

    read = staticmethod(read_hour_sum)

    def prepare_value(self, value: Any) -> Any:
        return amount(value, HOURS) if isinstance(value, int) else value


class HoursField(SpokenField):
    """Hours as a decimal, typed so or as a length."""

    kind = "hours"
    read = staticmethod(read_hours)

    def say(self, value: Decimal) -> str:
        return length_words(round(value * 60))

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else f"{value:f}".replace(".", ",")


class MoneyField(ReadField):
    read = staticmethod(read_money)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else money(value)
