"""Certificates and their numbers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone

from entities.models import Person
from owes.free_text import FreeCharField, FreeTextField
from owes.history import History
from owes.models import Searchable, SearchableQuerySet, Sequence
from owes.validators import not_ahead
from support.models.dictionaries import ServiceType
from support.models.project import Project
from support.models.service import Service


class CertificateQuerySet(SearchableQuerySet):
    def valid(self):
        """Certificates that are not cancelled; a cancelled one only keeps its number."""
        return self.filter(cancelled_at=None)

    def for_list(self):
        return self.select_related("project", "service", "person", "issued_by")

    def of_service_numbered(self, text):
        return self.filter(Q(service__number=text) | Q(service__code=text))


class Certificate(Searchable):
    """A certificate (zaświadczenie) that a person took part in a training, as it was issued.

    Its text is copied on the day of issue and stays, whatever is corrected in the records later.
    A service and a person have at most one that is not cancelled.
    """

    NEVER_FOLDED = (
        "Obie osoby mają zaświadczenie z tej samej usługi: {twin} i {row}. Najpierw anuluj jedno "
        "z nich, żeby w rejestrze został jego numer."
    )

    search_fields = ("number", "holder", "entity_names", "topic")
    sort_field = "reversed_name"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="certificates", verbose_name="projekt"
    )
    year = models.PositiveSmallIntegerField("rok")
    ordinal = models.PositiveIntegerField("kolejny numer w roku")
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="certificates", verbose_name="usługa"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", verbose_name="osoba"
    )
    holder = models.CharField("imię i nazwisko", max_length=201)
    sex = models.CharField("płeć", max_length=1, choices=Person.Sex)
    entity_names = models.TextField("reprezentowane podmioty", blank=True)
    type_name = models.CharField("rodzaj", max_length=100)
    topic = models.CharField("temat", max_length=300)
    leaders = models.TextField("kadra", blank=True)
    scope = FreeTextField("zakres i efekty", blank=True)
    starts_on = models.DateField("początek")
    ends_on = models.DateField("koniec")
    minutes = models.PositiveIntegerField("czas obecności (min)")
    total_minutes = models.PositiveIntegerField("czas trwania (min)")
    hour_kind = models.PositiveSmallIntegerField(
        "rodzaj godziny", choices=ServiceType.HourKind, default=ServiceType.HourKind.DIDACTIC
    )
    threshold = models.PositiveSmallIntegerField("próg obecności (%)")
    exception_reason = FreeCharField("powód wyjątku", max_length=300, blank=True)
    issued_on = models.DateField("data wydania", validators=[not_ahead])
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wydał"
    )
    issued_at = models.DateTimeField("zapisano", default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField("anulowano", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto anulował",
    )
    cancel_reason = FreeCharField("powód anulowania", max_length=500, blank=True)

    objects = CertificateQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "zaświadczenie"
        verbose_name_plural = "zaświadczenia"
        ordering = ["-year", "-ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "ordinal"],
                name="certificate_number_once",
                violation_error_message="Ten numer ma już inne zaświadczenie.",
            ),
            models.UniqueConstraint(
                fields=["service", "person"],
                condition=Q(cancelled_at=None),
                name="certificate_once",
                violation_error_message="Ta osoba ma już zaświadczenie z tej usługi.",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__gte=F("ends_on")),
                name="certificate_after_the_training",
                violation_error_message="Data wydania jest wcześniejsza niż koniec szkolenia.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=F("total_minutes")),
                name="certificate_of_somebody_present",
                violation_error_message="Osoba nie była obecna na tej usłudze.",
            ),
            models.CheckConstraint(
                condition=~Q(exception_reason="")
                | GreaterThanOrEqual(F("minutes") * 100, F("total_minutes") * F("threshold")),
                name="certificate_below_threshold_has_reason",
                violation_error_message="Obecność poniżej progu: podaj powód wyjątku.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False)
                    & ~Q(cancel_reason="")
                ),
                name="certificate_cancelled_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("support:certificate_detail", args=[self.project.slug, self.pk])

    @property
    def number(self):
        return f"Z/{self.ordinal}/{self.year}"

    @property
    def reversed_name(self):
        return self.person.reversed_name

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def is_for_woman(self):
        return self.sex == Person.Sex.WOMAN

    @property
    def is_didactic(self):
        return self.hour_kind == ServiceType.HourKind.DIDACTIC

    @property
    def share(self):
        return self.minutes / self.total_minutes

    @classmethod
    def issue(cls, drafts):
        """Gives the drafts numbers in their order and saves them; all are of one service.

        People who have a certificate of it by now are left out: a second click adds nothing.
        """
        if not drafts:
            return []
        with transaction.atomic():
            service = Service.objects.select_for_update().get(pk=drafts[0].service_id)
            holders = set(service.certificates.valid().values_list("person", flat=True))
            issued = [draft for draft in drafts if draft.person_id not in holders]
            for draft in issued:
                draft.year = draft.issued_on.year
                name = f"certificate {draft.project.slug} {draft.year}"
                draft.ordinal = Sequence.next(name)
                draft.save()
        return issued

    def cancel(self, by, reason):
        """Cancels under a lock of the row, so that of two clicks the reason of the first stays."""
        if not reason.strip():
            raise ValidationError("Podaj powód.", code="required")
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if current.is_cancelled:
                raise ValidationError(f"Zaświadczenie {self} jest już anulowane.", code="moved")
            self.cancelled_at, self.cancelled_by = timezone.now(), by
            self.cancel_reason = reason.strip()
            self.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
