"""Validators of one value that all apps use, for forms, imports and rows."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone


def not_ahead(day: date) -> None:
    """Refuses a day in the future: nothing is signed, handed in or registered ahead."""
    if day and day > timezone.localdate():
        raise ValidationError("Ten dzień jeszcze nie nadszedł.", code="ahead")
