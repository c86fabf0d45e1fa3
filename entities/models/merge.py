"""Merges of records, and pairs that are said not to be duplicates."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from entities.models.entity import Entity
from entities.models.person import Person
from owes.free_text import FreeCharField
from owes.history import History
from owes.models import Searchable


class Kind(models.TextChoices):
    ENTITY = "entity", "podmiot"
    PERSON = "person", "osoba"

    @classmethod
    def of(cls, row: Any) -> "Kind":
        return cls(row._meta.model_name)

    @property
    def model(self) -> type[Searchable]:
        return {Kind.ENTITY: Entity, Kind.PERSON: Person}[self]


class MergeQuerySet(models.QuerySet):
    def in_force(self) -> "MergeQuerySet":
        return self.filter(undone_at=None)

    def touching(self, kind: str, key: int) -> "MergeQuerySet":
        """Merges in force of which the record is either side."""
        return self.in_force().filter(Q(survivor_key=key) | Q(loser_key=key), kind=kind)


class Merge(models.Model):
    """Two records of a register joined into one, with all it takes to part them again.

    Keys and no relations: the loser is gone, and comes back with the key it had.
    """

    kind = models.CharField("rejestr", max_length=10, choices=Kind)
    survivor_key = models.BigIntegerField("zapis, który został")
    survivor_code = models.CharField("kod, który został", max_length=30)
    loser_key = models.BigIntegerField("zapis dołączony")
    loser_code = models.CharField("kod dołączonego", max_length=30)
    loser_name = models.CharField("nazwa dołączonego", max_length=300)
    journal = models.JSONField("kroki", default=list)
    summary = models.JSONField("co przeszło", default=list)
    merged_at = models.DateTimeField("scalono", auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto scalił"
    )
    reason = FreeCharField("powód scalenia", max_length=500, blank=True)
    undone_at = models.DateTimeField("cofnięto", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto cofnął",
    )
    undo_reason = FreeCharField("powód cofnięcia", max_length=500, blank=True)

    objects = MergeQuerySet.as_manager()
    history = History(excluded_fields=["journal", "summary"])

    class Meta:
        verbose_name = "scalenie"
        verbose_name_plural = "scalenia"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "loser_key"],
                condition=Q(undone_at=None),
                name="merge_of_a_record_once",
                violation_error_message="Ten zapis jest już dołączony do innego.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.loser_code} do {self.survivor_code}"


def survivor_of(kind: str, key: int) -> Any:
    """The record that a merged one leads to now, through later merges too; None if none."""
    steps = Merge.objects.in_force().filter(kind=kind)
    survivor_key = None
    while merge := steps.filter(loser_key=key).first():
        key = survivor_key = merge.survivor_key
    return survivor_key and Kind(kind).model.objects.filter(pk=survivor_key).first()


def merged_codes(kind: str) -> dict[str, int]:
    """`{code of a merged record: key of the record that it leads to now}`; one query."""
    rows = Merge.objects.in_force().filter(kind=kind).order_by("pk")
    merges = list(rows.values_list("loser_key", "loser_code", "survivor_key"))
    next_keys = {loser: survivor for loser, _, survivor in merges}
    survivors = {}
    for _, code, key in merges:
        while key in next_keys:
            key = next_keys[key]  # noqa: PLW2901
        survivors[code] = key
    return survivors


def joined_keys(kind: str, key: int) -> list[int]:
    """The key and those of all records merged into it, also through one another."""
    steps = Merge.objects.in_force().filter(kind=kind).values_list("survivor_key", "loser_key")
    keys, losers_of = [key], defaultdict(list)
    for survivor_key, loser_key in steps:
        losers_of[survivor_key].append(loser_key)
    for each in keys:
        keys += losers_of[each]
    return keys


class NotDuplicateQuerySet(models.QuerySet):
    def with_rows(self, kind: str) -> list[tuple]:
        """`[(pair, first, second)]` of a kind, without pairs whose record was merged since."""
        pairs = list(self.filter(kind=kind).select_related("said_by"))
        keys = {key for pair in pairs for key in (pair.first_key, pair.second_key)}
        rows = Kind(kind).model.objects.in_bulk(keys)
        return [
            (pair, rows[pair.first_key], rows[pair.second_key])
            for pair in pairs
            if pair.first_key in rows and pair.second_key in rows
        ]


class NotDuplicate(models.Model):
    """A pair of records somebody looked at and found to be two."""

    kind = models.CharField("rejestr", max_length=10, choices=Kind)
    first_key = models.BigIntegerField("pierwszy zapis")
    second_key = models.BigIntegerField("drugi zapis")
    said_at = models.DateTimeField("kiedy", auto_now_add=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto"
    )

    objects = NotDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = "para, która nie jest duplikatem"
        verbose_name_plural = "pary, które nie są duplikatami"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first_key", "second_key"], name="not_duplicate_once"
            ),
            models.CheckConstraint(
                condition=Q(first_key__lt=F("second_key")), name="not_duplicate_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_key}, {self.second_key}"

    @classmethod
    def say(cls, kind: str, key: int, other_key: int, *, by: Any) -> "NotDuplicate":
        """Keeps the pair, in any order of keys; does nothing when it is kept already."""
        first, second = sorted((key, other_key))
        return cls.objects.get_or_create(
            kind=kind, first_key=first, second_key=second, defaults={"said_by": by}
        )[0]
