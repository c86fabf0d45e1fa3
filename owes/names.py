"""Names without characters that nobody sees.

Marks of the direction of writing and of width zero turn a name around on a page, and make of one
person two that look alike.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from owes.parsing.text import visible


class NameField(models.CharField):
    """Keeps what is seen; a name has a letter or a digit. The column is that of a `CharField`."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return visible(value).strip() if isinstance(value, str) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and not any(map(str.isalnum, value)):
            raise ValidationError("Podaj nazwę z literami albo cyframi.", code="no_letters")

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, positional, named = super().deconstruct()
        return name, "django.db.models.CharField", positional, named
