"""Entities: their legal forms, activities and PS statuses."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from entities.identifiers import (
    validate_krs,
    validate_nip,
    validate_postal_code,
    validate_regon,
)
from entities.models.local_government import LocalGovernment
from owes.free_text import FreeCharField, PrintedCharField
from owes.history import History
from owes.models import Searchable, SearchableQuerySet, Sequence
from owes.names import NameField
from owes.validators import not_ahead

VOIVODES_DECIDE_FROM = date(2022, 10, 30)


class LegalForm(models.TextChoices):
    """Legal forms. Which of them are PES is law (Act of 5 August 2022, art. 2 point 5)."""

    ASSOCIATION = "association", "stowarzyszenie"
    SIMPLE_ASSOCIATION = "simple_association", "stowarzyszenie zwykłe"
    FOUNDATION = "foundation", "fundacja"
    SOCIAL_COOPERATIVE = "social_cooperative", "spółdzielnia socjalna"
    WORK_COOPERATIVE = "work_cooperative", "spółdzielnia pracy"
    AGRICULTURAL_COOPERATIVE = "agricultural_cooperative", "spółdzielnia produkcji rolnej"
    NON_PROFIT_COMPANY = "non_profit_company", "spółka non-profit"
    KGW = "kgw", "koło gospodyń wiejskich"
    OSP = "osp", "ochotnicza straż pożarna"
    SPORTS_CLUB = "sports_club", "klub sportowy"
    CHURCH = "church", "kościelna osoba prawna"
    CIS = "cis", "CIS"
    KIS = "kis", "KIS"
    WTZ = "wtz", "WTZ"
    ZAZ = "zaz", "ZAZ"
    LOCAL_GOVERNMENT_ASSOCIATION = "local_government_association", "stowarzyszenie JST"
    LGD = "lgd", "lokalna grupa działania"
    OTHER_PES = "other_pes", "inny PES"
    INITIATIVE_GROUP = "initiative_group", "grupa inicjatywna"
    LOCAL_GOVERNMENT_UNIT = "local_government_unit", "jednostka samorządu"
    NOT_PES = "not_pes", "inny podmiot (nie PES)"

    @classmethod
    def pes(cls) -> list["LegalForm"]:
        """The forms that make an entity a PES."""
        return [form for form in cls if form not in cls.not_pes()]

    @classmethod
    def not_pes(cls) -> list["LegalForm"]:
        return [cls.INITIATIVE_GROUP, cls.LOCAL_GOVERNMENT_UNIT, cls.NOT_PES]


class EntityQuerySet(SearchableQuerySet):
    def pes(self) -> "EntityQuerySet":
        return self.filter(legal_form__in=LegalForm.pes())

    def initiative_groups(self) -> "EntityQuerySet":
        return self.filter(legal_form=LegalForm.INITIATIVE_GROUP)

    def counts(self) -> dict[str, int]:
        """How many there are: `all`, and initiative `groups` among them."""
        groups = Q(legal_form=LegalForm.INITIATIVE_GROUP)
        counts = {"all": Count("pk"), "groups": Count("pk", filter=groups)}
        return self.order_by().aggregate(**counts)

    def units(self) -> "EntityQuerySet":
        """A WTZ, ZAZ, CIS, KIS or another body that a parent runs."""
        return self.filter(parent__isnull=False)

    def for_list(self, on: date) -> "EntityQuerySet":
        """With the seat, the kin and `status_from`: since when it is a PS on the day."""
        statuses = SocialEnterpriseStatus.objects.valid(on).filter(entity=OuterRef("pk"))
        since = statuses.order_by("valid_from").values("valid_from")[:1]
        return (
            self.select_related("seat", "parent", "founding_group")
            .prefetch_related("units", "founded")
            .annotate(status_from=Subquery(since))
        )

    def seated_in(self, government: LocalGovernment) -> "EntityQuerySet":
        """With the seat in the local government, a gmina of the powiat or of the voivodeship."""
        return self.filter(
            Q(seat=government) | Q(seat__powiat=government) | Q(seat__powiat__parent=government)
        )

    def for_card(self) -> "EntityQuerySet":
        """With everything the register's page of an entity shows."""
        people = self.model.representations.rel.related_model.objects.select_related("person")
        return self.select_related(
            "seat__powiat", "parent", "founding_group", "predecessor", "local_government"
        ).prefetch_related(
            "statuses",
            "activities",
            "units",
            "founded",
            "successors",
            Prefetch("representations", people),
        )

    def social_enterprises(self, on: date) -> "EntityQuerySet":
        """Entities that hold a PS status on the day, by whichever decision."""
        return self.filter(
            Exists(SocialEnterpriseStatus.objects.valid(on).filter(entity=OuterRef("pk")))
        )

    def sharing_identifier(self, entity: "Entity") -> "EntityQuerySet":
        """Other entities with the NIP, REGON or KRS of this one, bar its parent and its units."""
        shared = Q(pk__in=[])
        for number in ("nip", "regon", "krs"):
            if value := getattr(entity, number):
                shared |= Q(**{number: value})
        kin = Q(pk=entity.pk) | Q(pk=entity.parent_id) | Q(parent=entity.pk, parent__isnull=False)
        if entity.parent_id:
            kin |= Q(parent=entity.parent_id)
        return self.filter(shared).exclude(kin)


class Entity(Searchable):
    """A body the centre supports or works with: mostly a social-economy entity (PES).

    PS is a status an entity holds for a time (`SocialEnterpriseStatus`), never a kind of entity.
    An initiative group and a unit of a local government are entities of these legal forms. A WTZ,
    ZAZ, CIS or KIS is an entity of its own with the body that runs it as `parent`; the two share
    NIP and KRS, so neither number is unique.
    """

    search_fields = ("name", "code", "nip", "regon", "krs", "other_register", "locality", "email")

    code = models.CharField("kod", max_length=30, unique=True)
    name = NameField("nazwa", max_length=300)
    legal_form = models.CharField("forma prawna", max_length=30, choices=LegalForm)
    nip = models.CharField("NIP", max_length=10, blank=True, validators=[validate_nip])
    regon = models.CharField("REGON", max_length=14, blank=True, validators=[validate_regon])
    krs = models.CharField("KRS", max_length=10, blank=True, validators=[validate_krs])
    other_register = FreeCharField("inny rejestr", max_length=200, blank=True)
    shared_identifier_reason = FreeCharField(
        "dlaczego ten sam numer",
        max_length=300,
        blank=True,
        help_text="Tylko gdy inny, niepowiązany podmiot ma ten sam NIP, REGON albo KRS.",
    )
    registered_on = models.DateField(
        "data rejestracji", null=True, blank=True, validators=[not_ahead]
    )
    struck_off_on = models.DateField(
        "data wykreślenia", null=True, blank=True, validators=[not_ahead]
    )
    seat = models.ForeignKey(
        LocalGovernment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seated_entities",
        verbose_name="gmina siedziby",
    )
    postal_code = models.CharField(
        "kod pocztowy", max_length=6, blank=True, validators=[validate_postal_code]
    )
    locality = models.CharField("miejscowość", max_length=100, blank=True)
    street = models.CharField("ulica i numer", max_length=200, blank=True)
    phone = FreeCharField("telefon", max_length=50, blank=True)
    email = FreeCharField("e-mail", max_length=254, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="podmiot prowadzący",
        help_text="Kto prowadzi ten WTZ, ZAZ, CIS albo KIS.",
    )
    founding_group = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="founded",
        limit_choices_to={"legal_form": LegalForm.INITIATIVE_GROUP},
        verbose_name="grupa inicjatywna",
        help_text="Grupa, z której powstał podmiot.",
    )
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="poprzednik",
        help_text="Podmiot, który przekształcił się w ten.",
    )
    local_government = models.ForeignKey(
        LocalGovernment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name="samorząd",
        help_text="Tylko dla jednostki samorządu: czyja to jednostka.",
    )

    objects: ClassVar[Any] = EntityQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "podmiot"
        verbose_name_plural = "podmioty"
        ordering = ["sort_key", "code"]
        indexes = [
            models.Index(fields=["nip"], name="entity_nip"),
            models.Index(fields=["krs"], name="entity_krs"),
            models.Index(fields=["regon"], name="entity_regon"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_on=None)
                | Q(struck_off_on=None)
                | Q(struck_off_on__gte=F("registered_on")),
                name="entity_struck_off_after_registered",
                violation_error_message="Data wykreślenia jest wcześniejsza niż data rejestracji.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id"))
                & ~Q(founding_group=F("id"))
                & ~Q(predecessor=F("id")),
                name="entity_not_its_own_relative",
                violation_error_message="Podmiot nie może wskazywać na samego siebie.",
            ),
            models.CheckConstraint(
                condition=Q(local_government=None) | Q(legal_form="local_government_unit"),
                name="entity_local_government_of_unit_only",
                violation_error_message="Samorząd podaje się tylko dla jednostki samorządu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("entities:entity_detail", args=[self.pk])

    def clean(self) -> None:
        for name in ("parent", "founding_group", "predecessor"):
            if self.pk and getattr(self, f"{name}_id") == self.pk:
                raise ValidationError({name: "Podmiot nie może wskazywać na samego siebie."})
        if self.founding_group and self.founding_group.legal_form != LegalForm.INITIATIVE_GROUP:
            raise ValidationError(
                {"founding_group": "Wskaż podmiot o formie „grupa inicjatywna”."}
            )

    @property
    def address(self) -> str:
        """Street, then the postal code with the town; what is not known is left out."""
        town = f"{self.postal_code} {self.locality}".strip()
        return ", ".join(part for part in (self.street, town) if part)

    @property
    def is_pes(self) -> bool:
        return self.legal_form in LegalForm.pes()

    @classmethod
    def new_code(cls) -> str:
        """The code of an entity entered in the program; no workbook uses its form."""
        return cls.new_codes(1)[0]

    @classmethod
    def new_codes(cls, count: int) -> list[str]:
        return [f"NP{number:04d}" for number in Sequence.take("entity", count)]


class EntityActivity(models.Model):
    """A kind of activity an entity runs since a day.

    A paid kind begun in the project's period is *ekonomizacja*, a goal of the project.
    """

    class Kind(models.TextChoices):
        UNPAID = "unpaid", "nieodpłatna działalność pożytku publicznego"
        PAID = "paid", "odpłatna działalność pożytku publicznego"
        BUSINESS = "business", "działalność gospodarcza"

    entity = models.ForeignKey(
        Entity, models.CASCADE, related_name="activities", verbose_name="podmiot"
    )
    kind = models.CharField("rodzaj działalności", max_length=10, choices=Kind)
    since = models.DateField("od")
    until = models.DateField("do", null=True, blank=True)

    history = History()

    class Meta:
        verbose_name = "działalność podmiotu"
        verbose_name_plural = "działalności podmiotów"
        ordering = ["since", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "kind", "since"],
                name="entity_activity_once",
                violation_error_message="Ta działalność jest już zapisana z tą datą.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="entity_activity_dates_in_order",
                violation_error_message="Koniec działalności jest wcześniejszy niż początek.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} od {self.since:%d.%m.%Y}"


class SocialEnterpriseStatusQuerySet(models.QuerySet):
    def valid(self, on: Any) -> Any:
        """Statuses in force on the day (a date or an expression); both their days are inside."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)


class SocialEnterpriseStatus(models.Model):
    """A decision by which an entity is a social enterprise (PS) for a time.

    Until 29.10.2022 an OWES confirmed it, from 30.10.2022 the voivode decides (Act of 5 August
    2022). Both may run at once, so rows may overlap.
    """

    class Basis(models.TextChoices):
        OWES = "owes", "OWES"
        VOIVODE = "voivode", "wojewoda"

    entity = models.ForeignKey(
        Entity, models.CASCADE, related_name="statuses", verbose_name="podmiot"
    )
    basis = models.CharField("podstawa", max_length=10, choices=Basis)
    granting_body = FreeCharField("kto nadał", max_length=200, blank=True)
    decision_number = PrintedCharField("numer decyzji", max_length=100, blank=True)
    valid_from = models.DateField("od")
    valid_until = models.DateField("do", null=True, blank=True)

    objects = SocialEnterpriseStatusQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "status PS"
        verbose_name_plural = "statusy PS"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="social_enterprise_status_dates_in_order",
                violation_error_message="Koniec statusu jest wcześniejszy niż początek.",
            ),
        ]

    def __str__(self) -> str:
        return f"status PS od {self.valid_from:%d.%m.%Y}"

    @property
    def is_before_the_act(self) -> bool:
        """A voivode could not decide before the Act of 5 August 2022 came into force."""
        return self.basis == self.Basis.VOIVODE and self.valid_from < VOIVODES_DECIDE_FROM
