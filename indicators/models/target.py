from django.db import models
from django.db.models import Q

from indicators.plan import Plan
from owes.free_text import PrintedCharField
from owes.history import History
from support.models import Project


class TargetQuerySet(models.QuerySet):
    def in_force(self, project, on):
        """The target of each indicator on the day, by code: the last one that has begun."""
        rows = self.filter(project=project, valid_from__lte=on).order_by("valid_from")
        return {target.indicator: target for target in rows}

    def with_milestones(self):
        """One more query, for those who ask what is due by a day."""
        return self.prefetch_related("milestones")

    def words_of(self, project, indicator):
        """Initial values of a form of the next row: the words of the last one, if there is one."""
        rows = self.filter(project=project, indicator=indicator).order_by("valid_from")
        return rows.values("indicator", "means_of_verification").last() or {}

    def milestones_of(self, project, indicator):
        """`[(day, value)]` of the last row of the indicator, for the next one to begin with."""
        last = self.filter(project=project, indicator=indicator).order_by("valid_from").last()
        return last.steps if last else []


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

    @property
    def steps(self):
        """`[(day, value due by it)]`, in order of days; none of a target not saved yet."""
        if self.pk is None:
            return []
        rows = sorted(self.milestones.all(), key=lambda milestone: milestone.day)
        return [(milestone.day, milestone.value) for milestone in rows]

    def planned_on(self, day, period):
        """What is due by the day of a project of that period; None where no number is asked."""
        return Plan(self.value, period, tuple(self.steps)).due_on(day) if self.value else None


class Milestone(models.Model):
    """What of a target is due by a day, counted from the start of the project."""

    target = models.ForeignKey(
        Target, models.CASCADE, related_name="milestones", verbose_name="wartość docelowa"
    )
    day = models.DateField("do dnia")
    value = models.PositiveIntegerField("wartość narastająco")

    history = History()

    class Meta:
        verbose_name = "wartość pośrednia"
        verbose_name_plural = "wartości pośrednie"
        ordering = ["target", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "day"],
                name="milestone_once_a_day",
                violation_error_message="Ten dzień ma już wartość pośrednią.",
            )
        ]

    def __str__(self):
        return f"{self.day:%d.%m.%Y}: {self.value}"
