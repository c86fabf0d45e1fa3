"""Filters of the lists of the registers."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, Filter, ModelChoiceFilter

from entities.lookups import PowiatLookup
from entities.models import Entity, LegalForm, LocalGovernment, Person
from entities.models.entity import EntityQuerySet
from owes.fields import DayField
from owes.filters import ListFilter, LookupFilter


def powiats_in_use(model: Any, path: str) -> QuerySet[LocalGovernment]:
    """Powiats of a register's rows, so that the choice is short."""
    rows = model.objects.filter(**{f"{path}__powiat": OuterRef("pk")})
    return LocalGovernment.objects.powiats().filter(Exists(rows))


class DayFilter(Filter):
    field_class = DayField


class EntityFilter(ListFilter):
    """The status PS is asked and shown on one day: `on` of the address, or today."""

    KIND_CHOICES = [
        ("pes", "PES"),
        ("units", "jednostki innych podmiotów"),
        ("initiative_groups", "grupy inicjatywne"),
    ]
    PS_CHOICES = [("yes", "obowiązuje"), ("no", "nie obowiązuje")]

    kind = ChoiceFilter(
        method="of_kind", choices=KIND_CHOICES, label="Rodzaj", empty_label="wszystkie"
    )
    form_of_law = ChoiceFilter(
        field_name="legal_form",
        choices=LegalForm.choices,
        label="Forma prawna",
        empty_label="wszystkie",
    )
    powiat = ModelChoiceFilter(
        field_name="seat__powiat",
        queryset=LocalGovernment.objects.none(),
        label="Powiat",
        empty_label="wszystkie",
    )
    ps = ChoiceFilter(
        method="with_status", choices=PS_CHOICES, label="Status PS", empty_label="wszystkie"
    )
    on = DayFilter(method="as_of", label="Status na dzień")

    class Meta:
        model = Entity
        fields = ["q", "kind", "form_of_law", "powiat", "ps", "on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwa, NIP, KRS, kod"
        self.filters["powiat"].queryset = powiats_in_use(Entity, "seat")

    @property
    def day(self) -> date:
        return self.form.cleaned_data.get("on") or timezone.localdate()

    def filter_queryset(self, queryset: EntityQuerySet) -> EntityQuerySet:
        return super().filter_queryset(queryset.for_list(self.day))

    def of_kind(self, queryset: EntityQuerySet, name: str, value: str) -> EntityQuerySet:
        return getattr(queryset, value)()

    def as_of(self, queryset: EntityQuerySet, name: str, value: date) -> EntityQuerySet:
        """Filters no rows: only the column and the filter of the PS status use the day."""
        return queryset

    def with_status(self, queryset: EntityQuerySet, name: str, value: str) -> EntityQuerySet:
        holders = Entity.objects.social_enterprises(self.day)
        if value == "yes":
            return queryset.filter(pk__in=holders)
        return queryset.exclude(pk__in=holders)


class PersonFilter(ListFilter):
    sex = ChoiceFilter(choices=Person.Sex.choices, label="Płeć", empty_label="wszystkie")
    powiat = ModelChoiceFilter(
        field_name="gmina__powiat",
        queryset=LocalGovernment.objects.none(),
        label="Powiat zamieszkania",
        empty_label="wszystkie",
    )

    class Meta:
        model = Person
        fields = ["q", "sex", "powiat"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwisko, imię, kod, kontakt"
        self.filters["powiat"].queryset = powiats_in_use(Person, "gmina")


class LocalGovernmentFilter(ListFilter):
    level = ChoiceFilter(
        choices=LocalGovernment.Level.choices, label="Szczebel", empty_label="wszystkie"
    )
    voivodeship = ModelChoiceFilter(
        method="inside",
        queryset=LocalGovernment.objects.filter(level=LocalGovernment.Level.VOIVODESHIP),
        label="Województwo",
        empty_label="wszystkie",
    )

    powiat = LookupFilter(lookup=PowiatLookup, label="Powiat")

    class Meta:
        model = LocalGovernment
        fields = ["q", "level", "voivodeship", "powiat"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwa albo kod TERYT"
        self.filters["powiat"].field.offer(source="entities:powiat_options")

    def inside(
        self, queryset: QuerySet[LocalGovernment], name: str, value: LocalGovernment
    ) -> QuerySet[LocalGovernment]:
        return queryset.filter(code__startswith=value.code)
