"""Attendances: people at sessions."""

from django.db import models

from entities.models import Entity, Person
from owes.history import History
from support.models.session import Session


class AttendanceQuerySet(models.QuerySet):
    def present(self):
        return self.filter(state=Attendance.State.PRESENT)

    def people_of(self, services):
        """Keys of all who were put down for the services, by their keys."""
        rows = self.order_by().filter(session__service__in=services)
        return rows.values_list("person", flat=True).distinct()


class Attendance(models.Model):
    """A person at a session, for the entity they represent that day. Only `present` counts.

    `day` repeats the session's: the counts walk the indexes (person, day) and (entity, day).
    """

    KEY, VALUES = ("session_id", "person_id", "entity_id"), ("day", "state")

    class State(models.TextChoices):
        EXPECTED = "expected", "zapis"
        PRESENT = "present", "obecność"
        ABSENT = "absent", "nieobecność"
        EXCUSED = "excused", "usprawiedliwienie"

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="attendances", verbose_name="termin"
    )
    day = models.DateField("dzień", editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="attendances", verbose_name="osoba"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="attendances", verbose_name="podmiot tego dnia"
    )
    state = models.CharField("obecność", max_length=10, choices=State, default=State.PRESENT)

    objects = AttendanceQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "obecność"
        verbose_name_plural = "obecności"
        indexes = [
            models.Index(fields=["person", "day"], name="attendance_person_day"),
            models.Index(fields=["entity", "day"], name="attendance_entity_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "entity"],
                name="attendance_once",
                violation_error_message="Ta osoba jest już zapisana na ten termin.",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.day:%d.%m.%Y}"

    def save(self, *args, **kwargs):
        self.day = self.session.day
        super().save(*args, **kwargs)

    def taken_from(self, twin):
        """Changes when the two rows are merged: present in either is present."""
        return {"state": twin.state} if twin.state == self.State.PRESENT else {}
