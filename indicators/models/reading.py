from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from owes.formatting import hours, plural
from owes.history import History
from support.models import Project


class Reading(models.Model):
    """How the contract is read where its words are ambiguous, since a day.

    An annex or an explanation of the funder adds a row, never edits one. A number is counted by
    the reading in force on the day it speaks of; before the first row the fields' defaults hold.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="readings", verbose_name="projekt"
    )
    valid_from = models.DateField("obowiązuje od")
    ps_within_pes = models.BooleanField("PS liczą się także jako PES", default=False)
    least_services = models.PositiveSmallIntegerField(
        "najmniej usług",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    least_minutes = models.PositiveIntegerField(
        "najmniej minut", default=0, validators=[MaxValueValidator(60_000)]
    )
    founders_count = models.BooleanField(
        "założyciele liczą się jako przedstawiciele", default=False
    )
    basis = models.CharField("podstawa", max_length=200)

    history = History()

    class Meta:
        verbose_name = "odczytanie umowy"
        verbose_name_plural = "odczytania umowy"
        ordering = ["project", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "valid_from"],
                name="reading_once_a_day",
                violation_error_message="Od tego dnia obowiązuje już inne odczytanie.",
            ),
            models.CheckConstraint(
                condition=models.Q(least_services__gt=0), name="reading_asks_for_a_service"
            ),
        ]

    def __str__(self):
        return f"od {self.valid_from:%d.%m.%Y}" if self.valid_from else "domyślne"

    @classmethod
    def in_force(cls, readings, on):
        """Of a project's rows the one that began last by the day, else the defaults, unsaved."""
        begun = [reading for reading in readings if reading.valid_from <= on]
        return max(begun, key=lambda reading: reading.valid_from, default=cls())

    def is_same_as(self, other):
        """Also of the defaults, which have no row."""
        return (self.pk, self.valid_from) == (other.pk, other.valid_from)

    @property
    def terms(self):
        """All of it that a count depends on."""
        return (self.ps_within_pes, self.least_services, self.least_minutes, self.founders_count)

    @property
    def asks_for_more(self):
        """Whether one service of any length is too little."""
        return self.least_services > 1 or self.least_minutes > 0

    @property
    def least(self):
        """ "2 usługi i 4 h wsparcia": what an entity must have got."""
        services = plural(self.least_services, "usługę,usługi,usług")
        minutes = f"{hours(self.least_minutes)} wsparcia" if self.least_minutes else ""
        return " i ".join(filter(None, [services, minutes]))

    @property
    def support_day(self):
        """The day an entity is supported from, as in "w dniu pierwszego wsparcia"."""
        support = "uzyskania wymaganego" if self.asks_for_more else "pierwszego"
        return f"dniu {support} wsparcia"

    @property
    def of_status(self):
        if self.ps_within_pes:
            return "Cel PS odczytano jako część celu PES: podmiot ze statusem PS liczy się w obu."
        return "Cele PES i PS odczytano rozłącznie: podmiot liczy się jako PES albo jako PS."

    @property
    def of_support(self):
        if self.asks_for_more:
            return (
                f"Podmiot jest objęty wsparciem, gdy dostał co najmniej {self.least}; "
                "liczy się od dnia, w którym to osiągnął."
            )
        return "Podmiot jest objęty wsparciem od pierwszej zatwierdzonej usługi, bez progu godzin."

    @property
    def of_founders(self):
        if self.founders_count:
            return "Osoby z grup inicjatywnych liczą się jako przedstawiciele."
        return "Osoby z grup inicjatywnych nie liczą się jako przedstawiciele."

    def as_said(self):
        """What a report keeps of it."""
        return {"ps_within_pes": self.ps_within_pes, "sentences": self.sentences}

    @property
    def sentences(self):
        """The whole reading, as settings and reports say it."""
        sentences = [self.of_status, self.of_support, self.of_founders]
        if self.basis:
            sentences.append(f"Podstawa odczytania: {self.basis} (od {self.valid_from:%d.%m.%Y}).")
        return sentences
