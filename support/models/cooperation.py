from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from entities.models import Entity, LocalGovernment
from owes.models import Searchable, Sequence
from support.models.project import Project
from support.models.service import Service


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
    document_number = models.CharField("numer dokumentu", max_length=100, blank=True)
    day = models.DateField("data")
    description = models.TextField("opis", blank=True)
    entities = models.ManyToManyField(
        Entity, through="PartnershipEntity", related_name="partnerships", verbose_name="podmioty"
    )

    history = HistoricalRecords(excluded_fields=["search_text", "sort_key"])

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


class PartnershipEntity(models.Model):
    """An entity that an act of cooperation speaks of."""

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="entity_links", verbose_name="współpraca"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="partnership_links", verbose_name="podmiot"
    )

    history = HistoricalRecords()

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


class Adoption(Searchable):
    """A digital or eco change an entity took into its work, thanks to the linked services."""

    class Kind(models.TextChoices):
        DIGITAL = "digital", "cyfrowe"
        ECO = "eco", "ekologiczne"

    search_fields = ("code", "description")
    sort_field = "code"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="adoptions", verbose_name="projekt"
    )
    code = models.CharField("nr", max_length=30)
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="adoptions", verbose_name="podmiot"
    )
    kind = models.CharField("rodzaj", max_length=10, choices=Kind)
    day = models.DateField("data")
    description = models.TextField("opis", blank=True)
    services = models.ManyToManyField(
        Service, through="AdoptionService", related_name="adoptions", verbose_name="usługi"
    )

    history = HistoricalRecords(excluded_fields=["search_text", "sort_key"])

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
        return f"{self.code} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("support:adoption_edit", args=[self.project.slug, self.pk])

    @classmethod
    def new_code(cls, project):
        return f"NW{Sequence.next(f'adoption {project.slug}'):04d}"


class AdoptionService(models.Model):
    """A service that led to an adoption."""

    adoption = models.ForeignKey(
        Adoption, models.CASCADE, related_name="service_links", verbose_name="wdrożenie"
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="adoption_links", verbose_name="usługa"
    )

    history = HistoricalRecords()

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
