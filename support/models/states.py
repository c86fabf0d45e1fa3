"""The states of services and monthly sheets."""

from django.db.models import TextChoices


class ServiceState(TextChoices):
    """Only an approved service counts; a cancelled one is as if it had not been held."""

    DRAFT = "draft", "szkic"
    SUBMITTED = "submitted", "złożona"
    RETURNED = "returned", "zwrócona"
    APPROVED = "approved", "zatwierdzona"
    CANCELLED = "cancelled", "anulowana"


class MonthlySheetState(TextChoices):
    DRAFT = "draft", "szkic"
    SUBMITTED = "submitted", "złożone"
    RETURNED = "returned", "zwrócone"
    APPROVED = "approved", "zatwierdzone"
