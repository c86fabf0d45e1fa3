"""Form fields that read what people type by `owes.reading` and show it the Polish way."""

from django import forms
from django.core.exceptions import ValidationError

from owes.formatting import money
from owes.reading import (
    length_words,
    read_date,
    read_end,
    read_hours,
    read_length,
    read_money,
    read_span,
    read_time,
    read_whole,
)


class ReadField(forms.CharField):
    """A text field whose value is what `read` makes of the text; empty is None."""

    read = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value):
        if value is None or str(value).strip() == "":
            return None
        return type(self).read(value)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (None if initial in (None, "") else initial)
        except ValidationError:
            return True


class DayField(ReadField):
    read = staticmethod(read_date)

    def prepare_value(self, value):
        return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else value


class ClockField(ReadField):
    read = staticmethod(read_time)

    def prepare_value(self, value):
        return f"{value:%H:%M}" if hasattr(value, "strftime") else value


class EndField(ClockField):
    """An hour of the end, or a length from the hour typed in the field `start` of its form."""

    def __init__(self, *, start="start", **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def get_bound_field(self, form, field_name):
        self.form = form
        return super().get_bound_field(form, field_name)

    def to_python(self, value):
        if value is None or str(value).strip() == "":
            return None
        return read_end(value, self._started())

    def _started(self):
        """The hour typed as the start; None while it cannot be read."""
        field = self.form[self.start]
        try:
            return field.field.to_python(field.value())
        except ValidationError:
            return None


class LengthField(ReadField):
    """Minutes of a length; `unit` is that of a number alone, "h" or "min"."""

    def __init__(self, *, unit="h", **kwargs):
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value):
        if value is None or str(value).strip() == "":
            return None
        return read_length(value, self.unit)

    def prepare_value(self, value):
        if isinstance(value, int):
            return value if self.unit == "min" else length_words(value)
        return value


class SpanField(ReadField):
    """`(start, minutes)` of hours from-to, or `(None, minutes)` of a length."""

    read = staticmethod(read_span)


class WholeField(ReadField):
    read = staticmethod(read_whole)

    def __init__(self, *, min_value=None, max_value=None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)
        # A keyboard of digits has no minus.
        if min_value is not None and min_value >= 0:
            self.widget.attrs.setdefault("inputmode", "numeric")

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"Najmniej {self.min_value}.", code="bad_number")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"Najwięcej {self.max_value}.", code="bad_number")


class HoursField(ReadField):
    """Hours as a decimal, typed so or as a length."""

    read = staticmethod(read_hours)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else f"{value:f}".replace(".", ",")


class MoneyField(ReadField):
    read = staticmethod(read_money)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else money(value)
