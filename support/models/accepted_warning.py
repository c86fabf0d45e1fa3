from django.conf import settings
from django.db import models
from django.utils import timezone

from owes.free_text import FreeCharField
from owes.history import History
from support.models.service import Service


class AcceptedWarning(models.Model):
    """A warning about a service that a coordinator accepts; see `support.services.warnings`."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="accepted_warnings", verbose_name="usługa"
    )
    code = models.CharField("ostrzeżenie", max_length=40)
    key = models.CharField("czego dotyczy", max_length=200)
    sentence = FreeCharField("treść", max_length=500)
    reason = FreeCharField("powód", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto przyjął"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)

    history = History()

    class Meta:
        verbose_name = "przyjęte ostrzeżenie"
        verbose_name_plural = "przyjęte ostrzeżenia"
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code", "key"],
                name="warning_accepted_once",
                violation_error_message="To ostrzeżenie jest już przyjęte.",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="warning_accepted_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return self.sentence
