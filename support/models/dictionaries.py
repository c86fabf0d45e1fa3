"""What a service is called by: actions of the project, kinds of services, themes."""

from django.db import models

from owes.folding import fold
from owes.history import History
from support.models.project import Project


class FoldedNameQuerySet(models.QuerySet):
    def named(self, name):
        return self.filter(folded_name=fold(name)).first()


class Activity(models.Model):
    """An action (działanie) of the project's schedule; created when a service names it."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="activities", verbose_name="projekt"
    )
    name = models.CharField("nazwa", max_length=200)
    folded_name = models.CharField(max_length=200, editable=False)

    objects = FoldedNameQuerySet.as_manager()
    history = History(excluded_fields=["folded_name"])

    class Meta:
        verbose_name = "działanie"
        verbose_name_plural = "działania"
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "folded_name"],
                name="activity_name_once",
                violation_error_message="Działanie o tej nazwie już jest.",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def clean(self):
        self.folded_name = fold(self.name)


class ServiceType(models.Model):
    """A kind of service. Rules read its flags, never its name, so the name may be corrected.

    Types of one `group` are called by it where all of them are meant.
    """

    class HourKind(models.IntegerChoices):
        CLOCK = 60, "zegarowa (60 min)"
        DIDACTIC = 45, "dydaktyczna (45 min)"

    name = models.CharField("nazwa", max_length=100, unique=True)
    group = models.CharField(
        "grupa",
        max_length=50,
        blank=True,
        help_text="Na przykład doradztwo. Zasady wskaźników nazwą całą grupę jednym słowem.",
    )
    counts_as_support = models.BooleanField(
        "liczy się jako wsparcie", default=True, help_text="Informacja i promocja nie liczą się."
    )
    needs_attendance = models.BooleanField(
        "wymaga obecności", default=True, help_text="Asysta nie wymaga osób."
    )
    is_open_event = models.BooleanField(
        "wydarzenie otwarte", default=False, help_text="Bez listy osób; podaje się ich liczbę."
    )
    hour_kind = models.PositiveSmallIntegerField(
        "rodzaj godziny", choices=HourKind, default=HourKind.CLOCK
    )
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "rodzaj usługi"
        verbose_name_plural = "rodzaje usług"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    @property
    def teaches(self):
        """Whether its time is also given in teaching hours and certificates may be issued."""
        return self.hour_kind == self.HourKind.DIDACTIC

    @property
    def is_on_lists(self):
        """Whether an attendance list proves it; other kinds have cards, and a list if wanted."""
        return self.teaches or self.is_open_event


class Theme(models.Model):
    """What a service is about; `goal` ties it to a goal of the project that has no number."""

    class Goal(models.TextChoices):
        LIQUIDATION = "liquidation", "zapobieganie likwidacji PES"
        ECONOMISATION = "economisation", "ekonomizacja"
        CREATION = "creation", "tworzenie PES"
        DIGITAL = "digital", "cyfryzacja"
        ECO = "eco", "ekologia"

    name = models.CharField("nazwa", max_length=100, unique=True)
    goal = models.CharField("cel projektu", max_length=15, choices=Goal, blank=True)
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "zagadnienie"
        verbose_name_plural = "zagadnienia"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name
