"""The log of looks: rows that are added and read, never changed."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from owes.kept import Kept, KeptQuerySet


class LookKind(models.TextChoices):
    CARD = "card", "karta"
    LIST = "list", "lista"
    SEARCH = "search", "wyszukiwanie"
    FORM = "form", "formularz"
    CALENDAR = "calendar", "kalendarz"
    PAGE = "page", "strona"
    PRINT = "print", "wydruk PDF"
    EXPORT = "export", "eksport"
    PACKAGE = "package", "paczka"
    FILE = "file", "plik"

    @classmethod
    def taken_away(cls) -> list["LookKind"]:
        """What stays on the reader's disk."""
        return [cls.PRINT, cls.EXPORT, cls.PACKAGE, cls.FILE]


class LookQuerySet(KeptQuerySet):
    def of_people(self, people: Collection[int]) -> "LookQuerySet":
        """Looks at any of the people, the newest first."""
        shown = LookedAt.objects.filter(person__in=people).values("look")
        return self.filter(pk__in=shown).select_related("user").order_by("-pk")

    def keep(self, people: Collection[int], **values: Any) -> None:
        """A look at the people, by their keys: two queries for any number of them."""
        with transaction.atomic(using=self.db, savepoint=False):
            look = self.create(count=len(people), **values)
            LookedAt.objects.using(self.db).add(look, people)


class Look(Kept):
    """An answer that showed somebody personal data; `LookedAt` says whose.

    No value is kept: `path` holds keys and codes, `asked` the names of the filters alone.
    """

    Kind = LookKind

    class Purpose(models.TextChoices):
        SUPPORT = "support", "prowadzenie wsparcia: kontakt, zaproszenia, terminy"
        REPORTING = "reporting", "sprawozdanie albo kontrola projektu"
        MENDING = "mending", "sprawdzenie i poprawa danych"
        PERSON = "person", "wniosek osoby o jej dane"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="looks",
        verbose_name="kto",
        db_index=False,
    )
    at = models.DateTimeField("kiedy", default=timezone.now)
    kind = models.CharField("w czym", max_length=10, choices=LookKind)
    path = models.CharField("adres", max_length=200)
    asked = models.CharField("zawężono według", max_length=200, blank=True)
    purpose = models.CharField("po co", max_length=10, choices=Purpose, blank=True)
    count = models.PositiveIntegerField("ile osób")

    objects: ClassVar[Any] = LookQuerySet.as_manager()

    class Meta:
        verbose_name = "wgląd w dane osobowe"
        verbose_name_plural = "wglądy w dane osobowe"
        indexes = [models.Index(fields=["user", "at"], name="look_of_a_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.path}"


class LookedAtQuerySet(KeptQuerySet):
    def add(self, look: Look, people: Collection[int]) -> None:
        """In one query, however many people there are."""
        is_postgresql = connections[self.db].vendor == "postgresql"
        keys = "jsonb_array_elements_text(%s::jsonb)" if is_postgresql else "json_each(%s)"
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.model._meta.db_table} (look_id, person) "
                f"SELECT %s, CAST(value AS bigint) FROM {keys}",
                [look.pk, json.dumps(sorted(people))],
            )

    def of_account(self, user: Any, since: datetime, until: datetime) -> "LookedAtQuerySet":
        """`{person, first, last, looks, taken}` of whom an account saw, `until` excluded."""
        taken = Count("pk", filter=Q(look__kind__in=LookKind.taken_away()))
        seen = self.filter(look__user=user, look__at__gte=since, look__at__lt=until)
        return (
            seen.values("person")
            .annotate(first=Min("look__at"), last=Max("look__at"), looks=Count("pk"), taken=taken)
            .order_by("person")
        )


class LookedAt(Kept):
    """One person whom a look showed: a key and no relation, it outlives the record."""

    look = models.ForeignKey(
        Look, models.PROTECT, related_name="people", verbose_name="wgląd", db_index=False
    )
    person = models.BigIntegerField("osoba")

    objects: ClassVar[Any] = LookedAtQuerySet.as_manager()

    class Meta:
        verbose_name = "osoba, której dane pokazano"
        verbose_name_plural = "osoby, których dane pokazano"
        constraints = [
            models.UniqueConstraint(fields=["look", "person"], name="looked_at_once"),
        ]
        indexes = [models.Index(fields=["person", "look"], name="looked_at_person")]

    def __str__(self) -> str:
        return f"{self.person}"
