from django.db import models
from django.db.models import Q

from owes.free_text import PrintedCharField
from owes.history import History
from support.models import Project


class TargetQuerySet(models.QuerySet):
    def in_force(self, project, on):
        """The target of each indicator on the day, by code: the last one that has begun."""
        rows = self.filter(project=project, valid_from__lte=on).order_by("valid_from")
        return {target.indicator: target for target in rows}

    def words_of(self, project, indicator):
        """Initial values of a form of the next row: the words of the last one."""
        rows = self.filter(project=project, indicator=indicator).order_by("valid_from")
        last = rows.values("indicator", "means_of_verification").last()
        return last or {"indicator": indicator}


class Target(models.Model):
    """What the contract asks of an indicator since a day; an annex adds a row, never edits one.

    An empty value means the contract names no number.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="targets", verbose_name="projekt"
    )
    indicator = models.CharField("kod wskaźnika", max_length=30)
    value = models.PositiveIntegerField("wartość docelowa", null=True, blank=True)
    valid_from = models.DateField("obowiązuje od")
    means_of_verification = PrintedCharField("źródło weryfikacji", max_length=500, blank=True)

    objects = TargetQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "wartość docelowa"
        verbose_name_plural = "wartości docelowe"
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "indicator", "valid_from"],
                name="target_once_a_day",
                violation_error_message="Ten wskaźnik ma już wartość docelową od tego dnia.",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gt=0),
                name="target_above_zero",
                violation_error_message="Wartość docelowa musi być większa od zera.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.value}"
