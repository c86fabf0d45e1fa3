"""Numbers and contact as people write them, with the keyboard of a phone that fits each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from entities import identifiers
from owes.forms import PlacedForm


class NumberField(forms.CharField):
    """A number of a register, read as people write it by one of `entities.identifiers`.

    A keyboard of digits is enough: dashes and spaces may be left out.
    """

    def __init__(self, read: Callable[[object], str], **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.read = read
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        return self.read(value) if value else ""


class PostalCodeField(NumberField):
    """`09-402`, typed with its dash or without and shown with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(identifiers.read_postal_code, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        try:
            return self.to_python(value)
        except ValidationError:
            return value


class ContactForm(PlacedForm):
    """A form of a record that has a `phone` and an `email`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, keyboard in (("phone", "tel"), ("email", "email")):
            self.fields[name].widget.attrs |= {"inputmode": keyboard, "autocomplete": "off"}

    def clean_email(self) -> str:
        """An address typed now is right; an imported one may stay as it is."""
        email = self.cleaned_data["email"]
        if email and "email" in self.changed_data:
            validate_email(email)
        return email
