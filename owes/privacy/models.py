"""Records whose personal data were taken away for good."""

from django.db import models
from django.utils import timezone


class Tombstone(models.Model):
    """A record that was anonymised: the only one whose rows of history may be written anew.

    `model` is the label of its model (`entities.person`), `record` its key; there is no relation,
    for a tombstone outlives the record.
    """

    model = models.CharField("rodzaj zapisu", max_length=100)
    record = models.BigIntegerField("numer zapisu")
    made_at = models.DateTimeField("kiedy", default=timezone.now)

    class Meta:
        verbose_name = "zapis zanonimizowany"
        verbose_name_plural = "zapisy zanonimizowane"
        constraints = [
            models.UniqueConstraint(fields=["model", "record"], name="tombstone_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.record}"
