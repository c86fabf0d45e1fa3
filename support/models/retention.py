"""What stops the end of keeping: a project whose data are held for a dispute."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from owes.free_text import FreeCharField
from support.models.project import Project


class LegalHoldQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(lifted_at=None)

    def for_list(self):
        return self.select_related("by", "lifted_by").order_by("-pk")


class LegalHold(models.Model):
    """Nobody's data of the project are taken away, whatever day has come: a claim, a control."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="legal_holds", verbose_name="projekt"
    )
    reason = FreeCharField("powód", max_length=300)
    since = models.DateTimeField("od", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wstrzymał"
    )
    lift_reason = FreeCharField("powód zniesienia", max_length=300, blank=True)
    lifted_at = models.DateTimeField("zniesiono", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="kto zniósł",
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = "wstrzymanie usuwania danych"
        verbose_name_plural = "wstrzymania usuwania danych"
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(lifted_at=None),
                name="legal_hold_of_a_project_once",
                violation_error_message="Usuwanie danych tego projektu jest już wstrzymane.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | ~Q(lift_reason=""),
                name="legal_hold_lifted_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return self.reason
