from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_filters import ChoiceFilter, ModelChoiceFilter

from entities.models import Entity, LegalForm, LocalGovernment, Person
from owes.filters import ListFilter


def powiats_in_use(model, path):
    """Powiats of a register's rows, so that the choice is short."""
    rows = model.objects.filter(**{f"{path}__powiat": OuterRef("pk")})
    return LocalGovernment.objects.powiats().filter(Exists(rows))


class PowiatField(forms.ModelChoiceField):
    """With the voivodeship: names of powiats repeat in Poland."""

    def label_from_instance(self, row):
        return f"{row} ({row.parent})"


class PowiatFilter(ModelChoiceFilter):
    field_class = PowiatField


class EntityFilter(ListFilter):
    PS_CHOICES = [("yes", "obowiązuje"), ("no", "nie obowiązuje")]

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

    class Meta:
        model = Entity
        fields = ["q", "form_of_law", "powiat", "ps"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwa, NIP, KRS, kod"
        self.filters["powiat"].queryset = powiats_in_use(Entity, "seat")

    def with_status(self, queryset, name, value):
        holders = Entity.objects.social_enterprises(timezone.localdate())
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwisko, imię, kod, kontakt"
        self.filters["powiat"].queryset = powiats_in_use(Person, "gmina")


class LocalGovernmentFilter(ListFilter):
    level = ChoiceFilter(
        choices=LocalGovernment.Level.choices, label="Szczebel", empty_label="wszystkie"
    )
    voivodeship = ModelChoiceFilter(
        method="inside",
        queryset=LocalGovernment.objects.filter(level="voivodeship"),
        label="Województwo",
        empty_label="wszystkie",
    )

    powiat = PowiatFilter(
        queryset=LocalGovernment.objects.powiats().select_related("parent"),
        label="Powiat",
        empty_label="wszystkie",
    )

    class Meta:
        model = LocalGovernment
        fields = ["q", "level", "voivodeship", "powiat"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Nazwa albo kod TERYT"

    def inside(self, queryset, name, value):
        return queryset.filter(code__startswith=value.code)
