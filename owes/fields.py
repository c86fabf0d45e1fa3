"""Form fields that read what people type by `owes.reading` and show it the Polish way."""

from django import forms
from django.core.exceptions import ValidationError

from owes.formatting import money
from owes.reading import read_date, read_decimal, read_money, read_time, read_whole


class ReadField(forms.CharField):
    """A text field whose value is what `read` makes of the text; empty is None."""

    read = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")
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


class WholeField(ReadField):
    read = staticmethod(read_whole)

    def __init__(self, *, min_value=None, max_value=None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"Najmniej {self.min_value}.", code="bad_number")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"Najwięcej {self.max_value}.", code="bad_number")


class HoursField(ReadField):
    read = staticmethod(read_decimal)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else f"{value:f}".replace(".", ",")


class MoneyField(ReadField):
    read = staticmethod(read_money)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else money(value)
