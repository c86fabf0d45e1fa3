"""Rules of one value that every app asks: of a form, an import and a row alike."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone


def not_ahead(day: date) -> None:
    """Of a day on which something was signed, handed in, registered: it has come."""
    if day and day > timezone.localdate():
        raise ValidationError("Ten dzień jeszcze nie nadszedł.", code="ahead")
