"""What records are called by: actions of the project, kinds of services and adoptions, themes."""

from django.conf import settings
from django.db import models
from django.db.models import ProtectedError
from django.utils.module_loading import import_string
from django.utils.text import slugify

from owes.folding import fold
from owes.history import History
from support.models.project import Project


class FoldedNameQuerySet(models.QuerySet):
    def named(self, name):
        return self.filter(folded_name=fold(name)).first()


class Activity(models.Model):
    """An action (działanie) of the project's schedule; created when a service names it."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="activities", verbose_name="projekt"
    )
    name = models.CharField("nazwa", max_length=200)
    folded_name = models.CharField(max_length=200, editable=False)

    objects = FoldedNameQuerySet.as_manager()
    history = History(excluded_fields=["folded_name"])

    class Meta:
        verbose_name = "działanie"
        verbose_name_plural = "działania"
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "folded_name"],
                name="activity_name_once",
                violation_error_message="Działanie o tej nazwie już jest.",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def clean(self):
        self.folded_name = fold(self.name)


class DictionaryQuerySet(models.QuerySet):
    def delete(self):
        for entry in self:
            entry.refuse_if_used()
        return super().delete()


class DictionaryEntry(models.Model):
    """Of a dictionary that all projects share: it stays while a record or a rule names it."""

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args, **kwargs):
        self.refuse_if_used()
        return super().delete(*args, **kwargs)

    def refuse_if_used(self):
        """Raises `ProtectedError` with a sentence that says what uses it."""
        uses = import_string(settings.RULES_NAMING)(self)
        for relation in self._meta.related_objects:
            named = relation.related_model._base_manager.filter(**{relation.field.name: self})
            if count := named.count():
                uses.append(f"{relation.related_model._meta.verbose_name_plural} ({count})")
        if uses:
            sentence = f"Nie można usunąć „{self}” ze słownika. Używają tego: {'; '.join(uses)}."
            raise ProtectedError(sentence, {self})


class ServiceType(DictionaryEntry):
    """A kind of service. Rules read its flags, never its name, so the name may be corrected.

    Types of one `group` are called by it where all of them are meant.
    """

    class HourKind(models.IntegerChoices):
        CLOCK = 60, "zegarowa (60 min)"
        DIDACTIC = 45, "dydaktyczna (45 min)"

    name = models.CharField("nazwa", max_length=100, unique=True)
    group = models.CharField(
        "grupa",
        max_length=50,
        blank=True,
        help_text="Na przykład doradztwo. Zasady wskaźników nazwą całą grupę jednym słowem.",
    )
    counts_as_support = models.BooleanField(
        "liczy się jako wsparcie", default=True, help_text="Informacja i promocja nie liczą się."
    )
    needs_attendance = models.BooleanField(
        "wymaga obecności", default=True, help_text="Asysta nie wymaga osób."
    )
    is_open_event = models.BooleanField(
        "wydarzenie otwarte", default=False, help_text="Bez listy osób; podaje się ich liczbę."
    )
    hour_kind = models.PositiveSmallIntegerField(
        "rodzaj godziny", choices=HourKind, default=HourKind.CLOCK
    )
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "rodzaj usługi"
        verbose_name_plural = "rodzaje usług"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    @property
    def teaches(self):
        """Whether its time is also given in teaching hours and certificates may be issued."""
        return self.hour_kind == self.HourKind.DIDACTIC

    @property
    def is_on_lists(self):
        """Whether an attendance list proves it; other kinds have cards, and a list if wanted."""
        return self.teaches or self.is_open_event


class Theme(DictionaryEntry):
    """What a service is about; `goal` ties it to a goal of the project that has no number."""

    class Goal(models.TextChoices):
        LIQUIDATION = "liquidation", "zapobieganie likwidacji PES"
        ECONOMISATION = "economisation", "ekonomizacja"
        CREATION = "creation", "tworzenie PES"
        DIGITAL = "digital", "cyfryzacja"
        ECO = "eco", "ekologia"

    name = models.CharField("nazwa", max_length=100, unique=True)
    goal = models.CharField("cel projektu", max_length=15, choices=Goal, blank=True)
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "zagadnienie"
        verbose_name_plural = "zagadnienia"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class AdoptionKind(DictionaryEntry):
    """What an entity adopted or reached on a day. Its key is a word: rules of indicators name it.

    `full_name` is how sentences call it, `statement` how the entity's own statement does.
    """

    DIGITAL, ECO = "digital", "eco"

    id = models.SlugField(max_length=30, primary_key=True, default=None, editable=False)
    name = models.CharField("nazwa", max_length=100, unique=True)
    full_name = models.CharField(
        "nazwa w zdaniach",
        max_length=150,
        blank=True,
        help_text="Na przykład „wdrożenie cyfrowe”; bez niej zdania mówią samą nazwą.",
    )
    statement = models.CharField(
        "nazwa w oświadczeniu",
        max_length=150,
        blank=True,
        help_text="Wiersz do zaznaczenia w oświadczeniu podmiotu; bez niej nazwa w zdaniach.",
    )
    needs_service = models.BooleanField(
        "łączy się z usługą",
        default=True,
        help_text="Bez połączonej usługi kontrola danych ostrzega. Czy bez niej się liczy, mówi "
        "zasada wskaźnika.",
    )
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = History()

    class Meta:
        verbose_name = "rodzaj wdrożenia"
        verbose_name_plural = "rodzaje wdrożeń"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.id = self.id or self._new_key()
        super().save(*args, **kwargs)

    def _new_key(self):
        """Of the name, with a number where another kind has had it."""
        stem = slugify(fold(self.name))[:25] or "rodzaj"
        taken = set(AdoptionKind.objects.values_list("pk", flat=True))
        numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(key for key in (stem, *numbered) if key not in taken)

    @property
    def words(self):
        return self.full_name or self.name

    @property
    def stated(self):
        return self.statement or self.words
