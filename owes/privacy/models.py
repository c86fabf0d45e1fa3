"""Records whose personal data were taken away for good."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from owes.free_text import PrintedCharField


class TombstoneQuerySet(models.QuerySet):
    def of_anonymised(self, record: models.Model) -> "TombstoneQuerySet":
        label = record._meta.label_lower
        return self.filter(model=label, record=record.pk, is_anonymised=True)


class Tombstone(models.Model):
    """A record whose rows of history were written anew; the database lets no others be.

    Its own data were taken away (`is_anonymised`), or its history only named somebody whose were.
    `model` is the label of its model (`entities.person`), `record` its key; there is no relation,
    for a tombstone outlives the record.
    """

    model = models.CharField("rodzaj zapisu", max_length=100)
    record = models.BigIntegerField("numer zapisu")
    is_anonymised = models.BooleanField("zanonimizowano sam zapis", default=False)
    made_at = models.DateTimeField("kiedy", default=timezone.now)

    objects: ClassVar[Any] = TombstoneQuerySet.as_manager()

    class Meta:
        verbose_name = "zapis zanonimizowany"
        verbose_name_plural = "zapisy zanonimizowane"
        constraints = [
            models.UniqueConstraint(fields=["model", "record"], name="tombstone_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.record}"


def refuse_anonymised(record: models.Model) -> None:
    """Raises `ValidationError` where the data of the record were taken away for good."""
    if record.pk and Tombstone.objects.of_anonymised(record).exists():
        raise ValidationError("Te dane usunięto na zawsze; nie wpisuje się ich ponownie.")


class AnonymisationQuerySet(models.QuerySet):
    def waiting(self) -> "AnonymisationQuerySet":
        """For another person to approve."""
        return self.open().filter(is_early=True, approved_by=None)

    def open(self) -> "AnonymisationQuerySet":
        return self.filter(done_at=None, withdrawn_at=None)

    def of_record(self, model: str, record: int) -> "AnonymisationQuerySet":
        return self.filter(model=model, record=record, withdrawn_at=None)

    def for_list(self) -> "AnonymisationQuerySet":
        return self.select_related("proposed_by", "approved_by").order_by("-pk")


class Anonymisation(models.Model):
    """Why the personal data of a record are taken away, and who decided so.

    While data must be kept (`is_early`) one person proposes and another approves. One that could
    not be carried out is withdrawn, and `obstacle` says why.
    """

    model = models.CharField("rodzaj zapisu", max_length=100)
    record = models.BigIntegerField("numer zapisu")
    words = models.CharField("czyje dane", max_length=100)
    basis = PrintedCharField("podstawa", max_length=500, is_printed=False)
    is_early = models.BooleanField("przed końcem przechowywania", default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wnosi"
    )
    proposed_at = models.DateTimeField("wniesiono", default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="kto zatwierdził",
    )
    done_at = models.DateTimeField("zanonimizowano", null=True)
    withdrawn_at = models.DateTimeField("wycofano", null=True)
    obstacle = models.TextField("przeszkoda", default="")

    objects: ClassVar[Any] = AnonymisationQuerySet.as_manager()

    class Meta:
        verbose_name = "anonimizacja"
        verbose_name_plural = "anonimizacje"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "record"],
                condition=Q(withdrawn_at=None),
                name="anonymisation_of_a_record_once",
                violation_error_message="Anonimizacja tego zapisu już czeka albo jest zrobiona.",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None)
                | Q(is_early=False)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="anonymisation_early_by_two_people",
                violation_error_message="Zatwierdza inna osoba niż ta, która wniosła.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.is_early and self.approved_by_id is None

    @property
    def is_ordered(self) -> bool:
        return self.is_open and not self.is_waiting

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.withdrawn_at is None
