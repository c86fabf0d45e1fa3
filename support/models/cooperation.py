"""Acts of cooperation with local governments, and adoptions."""

from django.db import models
from django.db.models import Exists, Min, OuterRef, Prefetch, Q
from django.urls import reverse

from entities.models import Entity, LocalGovernment
from owes.folding import search_words
from owes.free_text import FreeCharField, FreeTextField
from owes.history import History
from owes.models import Searchable, SearchableQuerySet, Sequence
from owes.validators import not_ahead
from support.models.dictionaries import AdoptionKind
from support.models.project import Project
from support.models.service import Service
from support.models.session import Session
from support.models.sync import sync_links


class PartnershipQuerySet(SearchableQuerySet):
    def for_list(self):
        """With all that a line of the list shows; the same number of queries for any number."""
        links = PartnershipEntity.objects.select_related("entity").order_by("entity__sort_key")
        return self.select_related("project", "local_government").prefetch_related(
            Prefetch("entity_links", links)
        )

    def search(self, text):
        """By the act itself, its local government or an entity it is about."""
        for word in search_words(text):
            named = PartnershipEntity.objects.filter(
                Entity.objects.with_word(word, "entity"), partnership=OuterRef("pk")
            )
            self = self.filter(
                self.with_word(word)
                | Q(local_government__search_text__contains=word)
                | Exists(named)
            )
        return self


class Partnership(Searchable):
    """An act of cooperation with a local government: an agreement, a meeting, a task."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "porozumienie"
        LETTER = "letter", "list intencyjny"
        MEETING = "meeting", "spotkanie"
        TASK = "task", "zlecenie zadania"
        CLAUSE = "clause", "klauzula społeczna"
        TRAINING = "training", "szkolenie JST"

    search_fields = ("code", "document_number", "description")
    sort_field = "code"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="partnerships", verbose_name="projekt"
    )
    code = models.CharField("nr", max_length=30)
    local_government = models.ForeignKey(
        LocalGovernment, models.PROTECT, related_name="partnerships", verbose_name="samorząd"
    )
    kind = models.CharField("rodzaj", max_length=12, choices=Kind)
    document_number = FreeCharField("numer dokumentu", max_length=100, blank=True, is_printed=True)
    day = models.DateField("data")
    description = FreeTextField("opis", blank=True)
    entities = models.ManyToManyField(
        Entity, through="PartnershipEntity", related_name="partnerships", verbose_name="podmioty"
    )

    objects = PartnershipQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "współpraca z JST"
        verbose_name_plural = "współpraca z JST"
        ordering = ["-day", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="partnership_code_once",
                violation_error_message="Wpis o tym numerze już jest w projekcie.",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("support:partnership_edit", args=[self.project.slug, self.pk])

    @classmethod
    def new_code(cls, project):
        return f"NJ{Sequence.next(f'partnership {project.slug}'):04d}"

    @property
    def is_agreement(self):
        """An agreement or a letter of intent: both parties sign it."""
        return self.kind in (self.Kind.AGREEMENT, self.Kind.LETTER)

    def sync_entities(self, entities):
        sync_links(self.entity_links, [entity.pk for entity in entities])


class PartnershipEntity(models.Model):
    """An entity that an act of cooperation is about."""

    KEY, VALUES = ("partnership_id", "entity_id"), ()

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="entity_links", verbose_name="współpraca"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="partnership_links", verbose_name="podmiot"
    )

    history = History()

    class Meta:
        verbose_name = "podmiot współpracy"
        verbose_name_plural = "podmioty współpracy"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "entity"],
                name="partnership_entity_once",
                violation_error_message="Ten podmiot jest już wpisany.",
            )
        ]

    def __str__(self):
        return f"{self.partnership}, {self.entity}"


class AdoptionQuerySet(SearchableQuerySet):
    def for_list(self):
        """With all that a line of the list shows; the same number of queries for any number."""
        links = AdoptionService.objects.select_related("service").order_by("service__code")
        return self.select_related("project", "entity", "kind").prefetch_related(
            Prefetch("service_links", links)
        )

    def search(self, text):
        """By the adoption itself or by its entity."""
        for word in search_words(text):
            named = Entity.objects.with_word(word, "entity")
            self = self.filter(self.with_word(word) | named)
        return self

    def for_papers(self):
        """As for the list, with the kinds of the services that a paper names."""
        links = AdoptionService.objects.select_related("service__type").order_by("service__code")
        return self.select_related("project", "entity", "kind").prefetch_related(
            Prefetch("service_links", links)
        )

    def linked(self, is_linked):
        """With a service linked, or without any: only the former may count."""
        links = Exists(AdoptionService.objects.filter(adoption=OuterRef("pk")))
        return self.filter(links if is_linked else ~links)


class Adoption(Searchable):
    """What an entity or a group adopted for good or reached on a day, by kinds of a dictionary.

    Linked services led to it; a kind may need none.
    """

    search_fields = ("code", "description")
    sort_field = "code"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="adoptions", verbose_name="projekt"
    )
    code = models.CharField("nr", max_length=30)
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="adoptions", verbose_name="podmiot"
    )
    kind = models.ForeignKey(
        AdoptionKind,
        models.PROTECT,
        db_column="kind",
        db_index=False,
        related_name="adoptions",
        verbose_name="rodzaj",
    )
    day = models.DateField("data", validators=[not_ahead])
    description = FreeTextField("opis", blank=True, is_printed=True)
    services = models.ManyToManyField(
        Service, through="AdoptionService", related_name="adoptions", verbose_name="usługi"
    )

    objects = AdoptionQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "wdrożenie"
        verbose_name_plural = "wdrożenia"
        ordering = ["-day", "code"]
        indexes = [models.Index(fields=["entity", "kind"], name="adoption_entity_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="adoption_code_once",
                violation_error_message="Wdrożenie o tym numerze już jest w projekcie.",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.kind}"

    def get_absolute_url(self):
        return reverse("support:adoption_edit", args=[self.project.slug, self.pk])

    @classmethod
    def new_code(cls, project):
        return f"NW{Sequence.next(f'adoption {project.slug}'):04d}"

    @staticmethod
    def first_support(services):
        """The first day of the services: no adoption is earlier. None while they have no day."""
        sessions = Session.objects.filter(service__in=services)
        return sessions.aggregate(first=Min("day"))["first"]

    def sync_services(self, services):
        sync_links(self.service_links, [service.pk for service in services])


class AdoptionService(models.Model):
    """A service that led to an adoption."""

    KEY, VALUES = ("adoption_id", "service_id"), ()

    adoption = models.ForeignKey(
        Adoption, models.CASCADE, related_name="service_links", verbose_name="wdrożenie"
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="adoption_links", verbose_name="usługa"
    )

    history = History()

    class Meta:
        verbose_name = "usługa wdrożenia"
        verbose_name_plural = "usługi wdrożeń"
        constraints = [
            models.UniqueConstraint(
                fields=["adoption", "service"],
                name="adoption_service_once",
                violation_error_message="Ta usługa jest już wpisana.",
            )
        ]

    def __str__(self):
        return f"{self.adoption}, {self.service}"
