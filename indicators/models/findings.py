from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from owes.free_text import FreeCharField
from owes.history import History
from support.models import Project


class AcceptedFinding(models.Model):
    """A finding of data control that a coordinator accepts; see `indicators.checks.checking`.

    It holds for one record and the facts it was about: when those change, the finding is back.
    Warnings about services are kept by `support.AcceptedWarning`, where the service shows them.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="accepted_findings", verbose_name="projekt"
    )
    check_code = models.CharField("sprawdzenie", max_length=10)
    record = models.CharField("zapis", max_length=40)
    facts = models.CharField("czego dotyczy", max_length=200, blank=True)
    sentence = FreeCharField("treść", max_length=500)
    reason = FreeCharField("powód", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto przyjął"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)

    history = History()

    class Meta:
        verbose_name = "przyjęta niezgodność"
        verbose_name_plural = "przyjęte niezgodności"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "check_code", "record", "facts"],
                name="finding_accepted_once",
                violation_error_message="Ta niezgodność jest już przyjęta.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="finding_accepted_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return self.sentence


class CheckRun(models.Model):
    """The counts of data control on a day: the last run of that day, to compare the next one with.

    `counts` has `{code of a check: how many not accepted}`; `digest` changes with any finding.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="check_runs", verbose_name="projekt"
    )
    on = models.DateField("dzień")
    at = models.DateTimeField("kiedy")
    counts = models.JSONField("liczby", default=dict)
    accepted = models.PositiveIntegerField("przyjęte z powodem", default=0)
    digest = models.CharField("odcisk", max_length=64)

    class Meta:
        verbose_name = "sprawdzenie danych"
        verbose_name_plural = "sprawdzenia danych"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["project", "on"], name="check_run_once_a_day")
        ]

    def __str__(self):
        return f"{self.project}, {self.on:%d.%m.%Y}"

    @property
    def total(self):
        return sum(self.counts.values())
