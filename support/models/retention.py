"""What stops the end of keeping: a project whose data are held for a dispute."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from owes.holds import Hold, HoldQuerySet
from support.models.project import Project


class LegalHoldQuerySet(HoldQuerySet):
    def for_list(self):
        return self.select_related("by", "lifted_by").order_by("-pk")


class LegalHold(Hold):
    """Nobody's data of the project are taken away, whatever day has come: a claim, a control."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="legal_holds", verbose_name="projekt"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wstrzymał"
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
