"""What a service is linked with: recipients, advisers, themes."""

from django.db import models

from entities.models import Entity
from owes.history import History
from support.models.dictionaries import Theme
from support.models.staff import StaffMember


class Recipient(models.Model):
    """An entity a service is for. Being listed is not being present: see `Attendance`."""

    KEY, VALUES = ("service_id", "entity_id"), ()

    service = models.ForeignKey(
        "support.Service", models.CASCADE, related_name="recipient_links", verbose_name="usługa"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="recipient_links", verbose_name="podmiot"
    )

    history = History()

    class Meta:
        verbose_name = "odbiorca usługi"
        verbose_name_plural = "odbiorcy usług"
        indexes = [models.Index(fields=["entity", "service"], name="recipient_entity_service")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "entity"],
                name="recipient_once",
                violation_error_message="Ten podmiot jest już odbiorcą usługi.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.entity}"


class ServiceAdviser(models.Model):
    """Who leads a service; the first by `position` is the one splits by adviser take."""

    KEY, VALUES = ("service_id", "staff_member_id"), ("position",)

    service = models.ForeignKey(
        "support.Service", models.CASCADE, related_name="adviser_links", verbose_name="usługa"
    )
    staff_member = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="service_links", verbose_name="kadra"
    )
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "kadra usługi"
        verbose_name_plural = "kadra usług"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "staff_member"],
                name="service_adviser_once",
                violation_error_message="Ta osoba już prowadzi tę usługę.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.staff_member}"


class ServiceTheme(models.Model):
    """A theme a service is about."""

    KEY, VALUES = ("service_id", "theme_id"), ()

    service = models.ForeignKey(
        "support.Service", models.CASCADE, related_name="theme_links", verbose_name="usługa"
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="service_links", verbose_name="zagadnienie"
    )

    history = History()

    class Meta:
        verbose_name = "zagadnienie usługi"
        verbose_name_plural = "zagadnienia usług"
        constraints = [
            models.UniqueConstraint(
                fields=["service", "theme"],
                name="service_theme_once",
                violation_error_message="To zagadnienie jest już przypisane.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.theme}"
