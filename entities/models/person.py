"""People and whom they represent."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from entities.models.entity import Entity
from entities.models.local_government import LocalGovernment
from owes.free_text import FreeCharField
from owes.history import History
from owes.holds import Hold, HoldQuerySet
from owes.looks.collecting import saw
from owes.models import Searchable, SearchableQuerySet, Sequence
from owes.names import NameField
from owes.validators import not_ahead

# The names of everybody whose personal data were taken away.
NO_NAME = {"first_name": "osoba", "last_name": "zanonimizowana"}


class PersonQuerySet(SearchableQuerySet):
    def offered(self) -> "PersonQuerySet":
        """Those whom pickers suggest and lists export: known, and not restricted."""
        return self.filter(anonymised_at=None).exclude(
            restrictions__in=Restriction.objects.in_force()
        )

    def for_list(self) -> "PersonQuerySet":
        """With the gmina and with whom each person usually represents."""
        represented = Representation.objects.select_related("entity")
        return self.select_related("gmina").prefetch_related(
            models.Prefetch("representations", represented)
        )

    def keys_of(self, codes: Iterable[str]) -> models.QuerySet:
        """Keys of the people of these codes; other codes may be among them."""
        return self.order_by().filter(code__in=codes).values_list("pk", flat=True)


class Person(Searchable):
    """A natural person who takes part in services, mostly for an entity.

    Whom a person represents on a day is said by the attendance of that day; `Representation`
    says whom they usually represent and changes no count. No PESEL is kept.
    """

    class Sex(models.TextChoices):
        WOMAN = "K", "kobieta"
        MAN = "M", "mężczyzna"

    search_fields = ("last_name", "first_name", "code", "email", "phone")
    sort_field = "reversed_name"
    words_in_order = False  # either name may be typed first

    code = models.CharField("kod", max_length=30, unique=True)
    first_name = NameField("imię", max_length=100)
    last_name = NameField("nazwisko", max_length=100)
    sex = models.CharField("płeć", max_length=1, choices=Sex)
    birth_date = models.DateField("data urodzenia", null=True, blank=True, validators=[not_ahead])
    birth_year = models.PositiveSmallIntegerField("rok urodzenia", null=True, blank=True)
    email = FreeCharField("e-mail", max_length=254, blank=True)
    phone = FreeCharField("telefon", max_length=50, blank=True)
    gmina = models.ForeignKey(
        LocalGovernment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name="gmina zamieszkania",
    )

    anonymised_at = models.DateTimeField("zanonimizowano", null=True, editable=False)

    objects: ClassVar[Any] = PersonQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "osoba"
        verbose_name_plural = "osoby"
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(birth_year=None),
                name="person_birth_date_or_year",
                violation_error_message="Podaj datę urodzenia albo sam rok, nie oba.",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(**NO_NAME, birth_date=None, birth_year=None, email="", phone="", gmina=None),
                name="person_anonymised_for_good",
                violation_error_message="Dane tej osoby usunięto na zawsze; nie wpisuje się ich "
                "ponownie.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> "Person":
        person = super().from_db(db, field_names, values)
        saw([person.pk])
        return person

    def get_absolute_url(self) -> str:
        return reverse("entities:person_detail", args=[self.pk])

    @property
    def reversed_name(self) -> str:
        return f"{self.last_name} {self.first_name}"

    @classmethod
    def new_code(cls) -> str:
        return cls.new_codes(1)[0]

    @classmethod
    def new_codes(cls, count: int) -> list[str]:
        return [f"NO{number:04d}" for number in Sequence.take("person", count)]


def names() -> models.QuerySet:
    """Pairs of a first and a last name of everybody, also former ones; one query."""
    columns = ("first_name", "last_name")
    former = Person.history.order_by().exclude(**NO_NAME).values_list(*columns)
    return Person.objects.order_by().exclude(**NO_NAME).values_list(*columns).union(former)


class Restriction(Hold):
    """Processing of a person's data is restricted (art. 18): kept, not used.

    Whom it holds for is not suggested by pickers and not in exported lists of people.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="restrictions", verbose_name="osoba"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto ograniczył"
    )

    objects: ClassVar[Any] = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "ograniczenie przetwarzania"
        verbose_name_plural = "ograniczenia przetwarzania"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at=None),
                name="restriction_of_a_person_once",
                violation_error_message="Przetwarzanie danych tej osoby jest już ograniczone.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | ~Q(lift_reason=""),
                name="restriction_lifted_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Representation(models.Model):
    """Whom a person usually represents, since and until a day."""

    COMPARED = ("role", "since", "until")

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="representations", verbose_name="osoba"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="representations", verbose_name="podmiot"
    )
    role = FreeCharField("funkcja", max_length=100, blank=True)
    since = models.DateField("od", null=True, blank=True)
    until = models.DateField("do", null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = "reprezentacja"
        verbose_name_plural = "reprezentacje"
        ordering = ["person", F("since").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="representation_dates_in_order",
                violation_error_message="Koniec reprezentacji jest wcześniejszy niż początek.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.entity}"

    def agrees_with(self, other: "Representation") -> bool:
        """Whether one row could replace both: no column has two different values."""
        pairs = [(self.person_id, other.person_id), (self.entity_id, other.entity_id)]
        pairs += [(getattr(self, name), getattr(other, name)) for name in self.COMPARED]
        since, until = self.since or other.since, self.until or other.until
        is_in_order = not (since and until) or since <= until
        return is_in_order and all(not own or not others or own == others for own, others in pairs)

    def taken_from(self, twin: "Representation") -> dict[str, Any]:
        """Values of this row, filled from the twin where empty; used when the two are merged."""
        return {name: getattr(self, name) or getattr(twin, name) for name in self.COMPARED}
