"""The states of services, monthly sheets, scans and evidence."""

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


class ScanState(TextChoices):
    WAITING = "waiting", "czeka na odczyt"
    UNREAD = "unread", "nierozpoznany"
    ATTACHED = "attached", "dołączony"
    DISCARDED = "discarded", "odłożony"


class EvidenceState(TextChoices):
    WAITING = "waiting", "do sprawdzenia"
    VERIFIED = "verified", "sprawdzony"
    REFUSED = "refused", "odrzucony"
    WITHDRAWN = "withdrawn", "wycofany"
