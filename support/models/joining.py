"""How an entity and a person join a project: enrolments and declarations."""

from django.db import models
from django.db.models import F, Q

from entities.models import Entity, Person
from owes.free_text import FreeCharField
from owes.history import History
from owes.validators import not_ahead
from support.models.project import Project


class Enrolment(models.Model):
    """An entity's joining of a project: the day of its *formularz zgłoszeniowy*."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="enrolments", verbose_name="projekt"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="enrolments", verbose_name="podmiot"
    )
    joined_on = models.DateField("data zgłoszenia", null=True, blank=True, validators=[not_ahead])
    left_on = models.DateField("data zakończenia udziału", null=True, blank=True)
    reason = FreeCharField("powód zakończenia", max_length=300, blank=True)

    history = History()

    class Meta:
        verbose_name = "zgłoszenie do projektu"
        verbose_name_plural = "zgłoszenia do projektu"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "entity"],
                name="enrolment_once",
                violation_error_message="Ten podmiot jest już zgłoszony do projektu.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="enrolment_dates_in_order",
                violation_error_message="Koniec udziału jest wcześniejszy niż zgłoszenie.",
            ),
        ]

    def __str__(self):
        return f"{self.entity}, {self.project}"

    def taken_from(self, twin):
        """Changes when the two rows are merged: joined by the first form, left when both left."""
        joined = [row.joined_on for row in (self, twin) if row.joined_on]
        later = max((self, twin), key=lambda row: (row.left_on is None, row.left_on or row.pk))
        return {
            "joined_on": min(joined, default=None),
            "left_on": later.left_on,
            "reason": later.reason,
        }


class Declaration(models.Model):
    """A person's signed declaration with the project's RODO clause (art. 13) of a version."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="declarations", verbose_name="projekt"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="declarations", verbose_name="osoba"
    )
    signed_on = models.DateField("data oświadczenia RODO", validators=[not_ahead])
    clause_version = models.CharField("wersja klauzuli", max_length=50, blank=True)

    history = History()

    class Meta:
        verbose_name = "deklaracja uczestnika"
        verbose_name_plural = "deklaracje uczestników"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                name="declaration_once",
                violation_error_message="Ta osoba ma już deklarację w projekcie.",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.signed_on:%d.%m.%Y}"
