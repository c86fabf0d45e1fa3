"""The indicators of a project, and the dated rules by which they count."""

from django.core.validators import RegexValidator
from django.db import models

from owes.history import History
from support.models import Project

CODE = RegexValidator(
    r"\A[a-z][a-z0-9_]*\Z", "Tylko małe litery bez ogonków, cyfry i podkreślenia, od litery."
)


class ProjectIndicator(models.Model):
    """An indicator that a project must show; how it counts says its rule in force.

    The code is never renamed nor used again: reports, targets and addresses name it. `name` is the
    contract's, `short_name` heads pages, `label` fits a column. Empty words are those of what is
    counted: `noun` counts records (1, 2-4, 5), `lacks` says what is missing (1, more), and
    `achieved` begins the sentence of the official report, with a place for the count in the forms
    `achieved_noun`. It counts until the day before `retired_on`.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="indicators", verbose_name="projekt"
    )
    code = models.CharField("kod", max_length=30, validators=[CODE])
    position = models.PositiveSmallIntegerField("kolejność", default=0)
    name = models.CharField("nazwa z umowy", max_length=300)
    short_name = models.CharField("krótka nazwa", max_length=80)
    label = models.CharField("etykieta", max_length=30)
    source = models.CharField("źródło zasady", max_length=200, blank=True)
    noun = models.CharField("liczebnik", max_length=150, blank=True)
    lacks = models.CharField("czego brakuje", max_length=150, blank=True)
    achieved = models.CharField("początek zdania sprawozdania", max_length=150, blank=True)
    achieved_noun = models.CharField("odmiana w sprawozdaniu", max_length=200, blank=True)
    retired_on = models.DateField("przestaje obowiązywać od", null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = "wskaźnik"
        verbose_name_plural = "wskaźniki"
        ordering = ["project", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="indicator_code_once",
                violation_error_message="Projekt ma już wskaźnik o tym kodzie.",
            ),
            models.UniqueConstraint(
                fields=["project", "label"],
                name="indicator_label_once",
                violation_error_message="Projekt ma już wskaźnik o tej etykiecie.",
            ),
        ]

    def __str__(self):
        return self.short_name


class IndicatorRule(models.Model):
    """How an indicator counts since a day; an annex adds a row, never edits one.

    `blocks` are as `indicators.counting.blocks` writes them. A number is counted by the rule in
    force on the day it speaks of: the last one begun, before the first the first. Empty words
    are composed of the blocks.
    """

    indicator = models.ForeignKey(
        ProjectIndicator, models.CASCADE, related_name="rules", verbose_name="wskaźnik"
    )
    valid_from = models.DateField("obowiązuje od")
    basis = models.CharField("podstawa", max_length=200)
    blocks = models.JSONField("z czego się składa")
    text = models.TextField("zasada własnymi słowami", max_length=1500, blank=True)
    summary = models.CharField("zasada w jednym zdaniu", max_length=300, blank=True)

    history = History()

    class Meta:
        verbose_name = "zasada wskaźnika"
        verbose_name_plural = "zasady wskaźników"
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "valid_from"],
                name="indicator_rule_once_a_day",
                violation_error_message="Od tego dnia obowiązuje już inna zasada.",
            )
        ]

    def __str__(self):
        return f"{self.indicator}, od {self.valid_from:%d.%m.%Y}"
