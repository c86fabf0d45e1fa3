from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from entities.models import Entity, SocialEnterpriseStatus
from support.models.cooperation import Adoption, Partnership
from support.models.project import Project
from support.models.service import Service
from support.models.staff import StaffTraining

SUBJECTS = ("service", "partnership", "adoption", "staff_training", "status", "entity")


def one_subject():
    """Exactly one of the subjects is set."""
    condition = Q()
    for subject in SUBJECTS:
        others = {f"{other}__isnull": other != subject for other in SUBJECTS}
        condition |= Q(**others)
    return condition


class Evidence(models.Model):
    """A file that proves a record: one record a file, with the checksum of its bytes."""

    class State(models.TextChoices):
        WAITING = "waiting", "do sprawdzenia"
        VERIFIED = "verified", "sprawdzony"
        REFUSED = "refused", "odrzucony"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="evidence", verbose_name="projekt"
    )
    kind = models.CharField("rodzaj dokumentu", max_length=100)
    file = models.FileField("plik", upload_to="evidence/%Y/%m/")
    file_name = models.CharField("nazwa pliku", max_length=200)
    sha256 = models.CharField("suma kontrolna", max_length=64)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    adoption = models.ForeignKey(
        Adoption, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    staff_training = models.ForeignKey(
        StaffTraining, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    status = models.ForeignKey(
        SocialEnterpriseStatus, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    state = models.CharField("stan", max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField("powód odrzucenia", max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto dodał"
    )
    added_at = models.DateTimeField("dodano", default=timezone.now, editable=False)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto sprawdził",
    )
    judged_at = models.DateTimeField("sprawdzono", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "dowód"
        verbose_name_plural = "dowody"
        ordering = ["-added_at"]
        constraints = [
            models.CheckConstraint(
                condition=one_subject(),
                name="evidence_of_one_record",
                violation_error_message="Dowód dotyczy jednego zapisu.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="evidence_refused_with_reason",
                violation_error_message="Podaj powód odrzucenia dowodu.",
            ),
        ]

    def __str__(self):
        return self.file_name
