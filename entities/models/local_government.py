"""Local governments and the TERYT codes that lead to them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from owes.folding import search_words
from owes.models import Searchable, SearchableQuerySet


def within(area: Any, place: str = "") -> Q:
    """Of what is in an area of powiats and of gminas one by one; `place` is the way to it."""
    way = f"{place}__" if place else ""
    return Q(**{f"{way}powiat__in": area}) | Q(**{f"{way}pk__in": area})


class LocalGovernmentQuerySet(SearchableQuerySet):
    def search(self, text: str) -> "LocalGovernmentQuerySet":
        """As every list, and by a whole TERYT code of a gmina, today's or a former one."""
        words = search_words(text)
        if len(words) == 1 and words[0].isdigit() and len(words[0]) == 7:
            return self.by_teryt(words[0])
        return super().search(text)

    def matching(self, text: str) -> "LocalGovernmentQuerySet":
        """Also by words of the level and kind, as its name says them: "powiat płocki"."""
        conditions = {word: self.model.WORDS.get(word.strip("()")) for word in search_words(text)}
        if not any(conditions.values()):
            return self.search(text)
        for word, condition in conditions.items():
            holds = Q(search_text__contains=word)
            self = self.filter(holds | condition if condition else holds)
        return self

    def seats(self) -> "LocalGovernmentQuerySet":
        """What can be the seat of an entity or of a person: gminas and cities that are both."""
        return self.filter(level__in=[LocalGovernment.Level.GMINA, LocalGovernment.Level.CITY])

    def powiats(self) -> "LocalGovernmentQuerySet":
        """Powiats and cities with powiat rights: each is its own `powiat`."""
        return self.filter(powiat=F("pk"))

    def powiats_of(self, area: Any) -> "LocalGovernmentQuerySet":
        """The powiats that the places of an area are, or lie in."""
        return self.filter(pk__in=self.model.objects.filter(pk__in=area).values("powiat"))

    def by_teryt(self, code: str) -> "LocalGovernmentQuerySet":
        """The local government a TERYT code leads to, today's or a former one."""
        return self.filter(teryt_codes__code=code)


class GovernmentLevel(models.TextChoices):
    GMINA = "gmina", "gmina"
    POWIAT = "powiat", "powiat"
    CITY = "city", "miasto na prawach powiatu"
    VOIVODESHIP = "voivodeship", "województwo"


class LocalGovernment(Searchable):
    """A unit of local government (JST): gmina, powiat, city with powiat rights or voivodeship.

    Known by the digits of TERYT that never change: six of a gmina (the seventh says only its
    kind, and Bodzanów changed it in 2023), four of a powiat, two of a voivodeship. A city with
    powiat rights is one JST with the code of its powiat.
    """

    Level = GovernmentLevel

    class Kind(models.TextChoices):
        """The seventh digit of a gmina's TERYT code."""

        URBAN = "1", "miejska"
        RURAL = "2", "wiejska"
        URBAN_RURAL = "3", "miejsko-wiejska"

    # Words of a name that stand in no column: "powiat płocki", "gmina wiejska Sierpc".
    WORDS = {
        "gmina": Q(level=Level.GMINA),
        "powiat": Q(level=Level.POWIAT),
        "wojewodztwo": Q(level=Level.VOIVODESHIP),
        "miasto": Q(level=Level.CITY) | Q(kind=Kind.URBAN),
        "miejska": Q(kind=Kind.URBAN),
        "wiejska": Q(kind__in=[Kind.RURAL, Kind.URBAN_RURAL]),
        "miejsko": Q(kind=Kind.URBAN_RURAL),
    }

    search_fields = ("name", "code")

    code = models.CharField("kod", max_length=6, unique=True)
    name = models.CharField("nazwa", max_length=100)
    level = models.CharField("szczebel", max_length=12, choices=Level)
    kind = models.CharField("rodzaj gminy", max_length=1, choices=Kind, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="jednostka nadrzędna",
    )
    powiat = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="powiat",
        help_text="Powiat i miasto na prawach powiatu wskazują na siebie, województwo na nic.",
    )

    objects: ClassVar[Any] = LocalGovernmentQuerySet.as_manager()

    class Meta:
        verbose_name = "samorząd"
        verbose_name_plural = "samorządy"
        ordering = ["sort_key", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=GovernmentLevel.GMINA) | Q(kind=""),
                name="local_government_kind_of_gmina_only",
                violation_error_message="Rodzaj podaje się tylko dla gminy.",
            ),
            models.CheckConstraint(
                condition=(Q(level=GovernmentLevel.GMINA) & Q(powiat__isnull=False))
                | (Q(level=GovernmentLevel.VOIVODESHIP) & Q(powiat=None))
                | Q(level__in=[GovernmentLevel.POWIAT, GovernmentLevel.CITY]),
                name="local_government_powiat_of_gmina",
                violation_error_message="Gmina leży w powiecie, województwo w żadnym.",
            ),
        ]

    def __str__(self) -> str:
        """With the kind, for Gostynin and Sierpc exist as a town and as a rural gmina."""
        match self.level:
            case self.Level.GMINA:
                return f"{self.name} ({self.get_kind_display()})"
            case self.Level.POWIAT:
                return f"powiat {self.name}"
            case self.Level.VOIVODESHIP:
                return f"województwo {self.name.lower()}"
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("entities:local_government_detail", args=[self.code])


class TerytCode(models.Model):
    """A TERYT code that is or was right, with its days; it leads to one local government.

    Parts of an urban-rural gmina (kinds 4 and 5) lead to the gmina, districts and delegations of
    a city (8 and 9) to the city. A look-up ignores the days: rows typed in 2022 still match.
    """

    code = models.CharField("kod TERYT", max_length=7, unique=True)
    local_government = models.ForeignKey(
        LocalGovernment, models.PROTECT, related_name="teryt_codes", verbose_name="samorząd"
    )
    valid_from = models.DateField("obowiązuje od", null=True, blank=True)
    valid_until = models.DateField("obowiązuje do", null=True, blank=True)

    class Meta:
        verbose_name = "kod TERYT"
        verbose_name_plural = "kody TERYT"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
