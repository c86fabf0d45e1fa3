"""What one paste added to a service, and undoing it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from entities.models import Person, Representation
from owes.free_text import FreeTextField
from support.models.attendance import Attendance
from support.models.service import Service
from support.models.service_links import Recipient

REASON = "cofnięto wklejenie"


class PasteBatch(models.Model):
    """What one paste of rows added to a service, so that it can be undone.

    `made` holds keys of the rows it created, by kind; `left` the rows that wait for correction.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="paste_batches", verbose_name="usługa"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wkleił"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)
    made = models.JSONField("dopisano", default=dict)
    left = FreeTextField("do poprawy", blank=True)
    undone_at = models.DateTimeField("cofnięto", null=True, blank=True)

    class Meta:
        verbose_name = "wklejenie"
        verbose_name_plural = "wklejenia"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.service}, {self.at:%d.%m.%Y %H:%M}"

    def count(self, kind):
        return len(self.made.get(kind, []))

    @property
    def attendance_count(self):
        return self.count("attendances")

    @property
    def people_count(self):
        return self.count("people")

    @property
    def left_count(self):
        return len(self.left.splitlines())

    def undo(self):
        """Deletes what the paste created; answers people left because other records use them."""
        with transaction.atomic():
            current = PasteBatch.objects.select_for_update().get(pk=self.pk)
            service = Service.objects.select_for_update().get(pk=self.service_id)
            service.check_state(Service.EDITABLE)
            if current.undone_at:
                raise ValidationError("To wklejenie już cofnięto.")
            _delete(Attendance.objects.filter(pk__in=self.made["attendances"]))
            attended = Attendance.objects.filter(session__service=service).values("entity")
            _delete(
                Recipient.objects.filter(pk__in=self.made["recipients"]).exclude(
                    entity__in=attended
                )
            )
            used = _delete_unused(self.made["people"], self.made["representations"])
            self.undone_at, self.left = timezone.now(), ""
            self.save(update_fields=["undone_at", "left"])
        return used


def _delete(rows):
    for row in rows:
        row._change_reason = REASON
        row.delete()


def _delete_unused(people, representations):
    """Deletes people without other records, with their pasted representations.

    Answers the people who have other records.
    """
    used = []
    for person in Person.objects.filter(pk__in=people):
        own = Representation.objects.filter(pk__in=representations, person=person)
        others = [
            relation.related_model._base_manager.filter(**{relation.field.name: person}).exclude(
                pk__in=own.values("pk") if relation.related_model is Representation else []
            )
            for relation in person._meta.related_objects
            if relation.one_to_many or relation.one_to_one
        ]
        if any(rows.exists() for rows in others):
            used.append(person)
            continue
        _delete(own)
        _delete([person])
    return used
