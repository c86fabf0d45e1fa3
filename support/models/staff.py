"""The staff of the centre and their trainings."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from owes.folding import fold, search_words, sort_key
from owes.formatting import hours as in_hours
from owes.free_text import FreeCharField, PrintedCharField, are_withheld
from owes.history import History
from owes.models import Searchable, SearchableQuerySet
from owes.names import NameField
from owes.privacy.models import refuse_anonymised
from support.models.project import Project


class StaffMemberQuerySet(SearchableQuerySet):
    def with_training_count(self, project):
        trained = StaffTraining.objects.filter(project=project, staff_member=OuterRef("pk"))
        counted = trained.order_by().values("staff_member").annotate(n=Count("pk")).values("n")
        return self.annotate(training_count=Coalesce(Subquery(counted), 0))


class StaffMember(Searchable):
    """Somebody who works for the centre: an adviser of services, or a person who is trained.

    Known by the name with single spaces and without regard to case (`folded_name`).
    """

    search_fields = ("name",)

    name = NameField("imię i nazwisko", max_length=150)
    folded_name = models.CharField(max_length=150, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="staff_member",
        verbose_name="konto",
    )
    active_from = models.DateField("pracuje od", null=True, blank=True)
    active_until = models.DateField("pracuje do", null=True, blank=True)

    objects = StaffMemberQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key", "folded_name"])

    class Meta:
        verbose_name = "osoba z kadry"
        verbose_name_plural = "kadra"
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_from=None)
                | Q(active_until=None)
                | Q(active_until__gte=F("active_from")),
                name="staff_member_dates_in_order",
                violation_error_message="Koniec pracy jest wcześniejszy niż początek.",
            )
        ]

    def __str__(self):
        return self.name

    def possible_accounts(self, project):
        """Accounts of the project's team that are of no other member of staff."""
        members = project.memberships.filter(is_active=True).values("user")
        free = Q(pk__in=members, staff_member=None) | Q(pk=self.user_id)
        return get_user_model().objects.filter(free).order_by("name", "pk")

    @classmethod
    def take_in(cls, user):
        """Puts who works in a project on the list of staff; the one of the name gets the account.

        A namesake with another account stays alone: names are unique.
        """
        if cls.objects.filter(user=user).exists():
            return
        known = cls.objects.filter(folded_name=cls.key(user.name)).first()
        if known is None or known.user is None:
            member = known or cls(name=user.name)
            member.user = user
            member.save()

    @staticmethod
    def key(name):
        """The name as it is compared: single spaces, any case; diacritics make a difference."""
        return " ".join(name.casefold().split())

    def fill_search(self):
        super().fill_search()
        self.folded_name = self.key(self.name)
        first, _, last = self.name.rpartition(" ")
        self.sort_key = sort_key(f"{last} {first}")

    def clean(self):
        refuse_anonymised(self)
        self.folded_name = self.key(self.name)
        if type(self).objects.filter(folded_name=self.folded_name).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "Ta osoba jest już na liście kadry."})


DAY_HOURS = 24
LONG_DAY_HOURS = 10


class StaffTrainingQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related("project", "staff_member")

    def search(self, text):
        """By topic, organiser, certificate or name; few rows, so they are folded in Python."""
        words = search_words(text)
        if not words:
            return self
        columns = ["topic", "staff_member__name"]
        columns += [] if are_withheld() else ["organiser", "certificate_number"]
        rows = self.order_by().values_list("pk", *columns)
        pks = [pk for pk, *texts in rows if all(word in fold(" ".join(texts)) for word in words)]
        return self.filter(pk__in=pks)


class StaffTraining(models.Model):
    """A training a member of staff took part in; it ended on `ends_on`, or on `starts_on`."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="staff_trainings", verbose_name="projekt"
    )
    staff_member = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="trainings", verbose_name="kadra"
    )
    topic = PrintedCharField("temat", max_length=300)
    organiser = FreeCharField("organizator", max_length=200, blank=True, is_printed=True)
    starts_on = models.DateField("od")
    ends_on = models.DateField("do", null=True, blank=True)
    hours = models.DecimalField("godziny", max_digits=7, decimal_places=2, null=True, blank=True)
    certificate_number = FreeCharField(
        "numer zaświadczenia", max_length=100, blank=True, is_printed=True
    )

    objects = StaffTrainingQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "szkolenie kadry"
        verbose_name_plural = "szkolenia kadry"
        ordering = ["-starts_on", "topic"]
        constraints = [
            models.UniqueConstraint(
                F("project"),
                F("staff_member"),
                F("topic"),
                F("starts_on"),
                Coalesce("ends_on", "starts_on"),
                name="staff_training_once",
                violation_error_message="To szkolenie tej osoby jest już zapisane.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="staff_training_dates_in_order",
                violation_error_message="Koniec szkolenia jest wcześniejszy niż początek.",
            ),
        ]

    def __str__(self):
        return self.topic

    def get_absolute_url(self):
        return reverse("support:staff_training_edit", args=[self.project.slug, self.pk])

    def clean(self):
        if sentence := self.too_long(self.hours, self.starts_on, self.ends_on):
            raise ValidationError({"hours": sentence})

    @property
    def long_day(self):
        """What to look at again, though it may be so; empty when nothing."""
        is_one_day = self.ends_on in (None, self.starts_on)
        if not is_one_day or self.hours is None or self.hours <= LONG_DAY_HOURS:
            return ""
        length = in_hours(self.hours * 60)
        return (
            f"Szkolenie jednego dnia ma {length}, więcej niż {LONG_DAY_HOURS} h. "
            "Sprawdź godziny i dzień końca."
        )

    @staticmethod
    def too_long(hours, starts_on, ends_on):
        """What is wrong with the hours of so many days; empty when nothing is or they are unknown.

        Days inclusive.
        """
        if hours is None or starts_on is None or (ends_on and ends_on < starts_on):
            return ""
        days = ((ends_on or starts_on) - starts_on).days + 1
        if hours <= days * DAY_HOURS:
            return ""
        where = "W jednym dniu" if days == 1 else f"W {days} dniach"
        return f"{where} mieści się najwyżej {days * DAY_HOURS} h. Sprawdź godziny albo dni."
