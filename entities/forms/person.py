"""The form of a person with the rows of those whom the person represents."""

from typing import Any

from crispy_forms.helper import FormHelper
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.utils import timezone

from entities.forms.contact import ContactForm
from entities.lookups import EntityLookup, SeatLookup
from entities.models import Person, Representation
from owes.choices import LookupField
from owes.fields import DayField, WholeField
from owes.form_layout import laid_out, section
from owes.forms import InlineRows, PlacedForm


def _with_letters(name: str) -> str:
    if not any(map(str.isalpha, name)):
        raise ValidationError("Podaj nazwę z literami.", code="no_letters")
    return name


class PersonForm(ContactForm):
    places = {"person_birth_date_or_year": "birth_year"}

    birth_date = DayField(label="Data urodzenia", required=False)
    birth_year = WholeField(
        label="Rok urodzenia",
        required=False,
        min_value=1900,
        help_text="Gdy nie ma pełnej daty.",
    )
    gmina = LookupField(
        SeatLookup,
        label="Gmina zamieszkania",
        required=False,
        help_text="Nazwa z rodzajem gminy albo kod TERYT.",
    )

    class Meta:
        model = Person
        fields = [
            "first_name",
            "last_name",
            "sex",
            "birth_date",
            "birth_year",
            "gmina",
            "phone",
            "email",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].max_value = timezone.localdate().year
        self.fields["sex"].choices = [("", "wybierz"), *Person.Sex.choices]
        self.fields["gmina"].offer(source="entities:seat_options")

    def clean_first_name(self) -> str:
        return _with_letters(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return _with_letters(self.cleaned_data["last_name"])

    def save(self, commit: bool = True) -> Person:
        """A person who did not change gets no row of history."""
        if self.instance.pk is None:
            self.instance.code = Person.new_code()
        elif not self.has_changed():
            return self.instance
        return super().save(commit)

    @property
    def helper(self) -> FormHelper:
        return laid_out(
            section("Osoba", first_name=4, last_name=4, sex=4, birth_date=4, birth_year=4),
            section("Kontakt", gmina=12, phone=6, email=6),
        )


class RepresentationForm(PlacedForm):
    places = {"representation_dates_in_order": "until"}

    entity = LookupField(EntityLookup, label="Podmiot")
    since = DayField(label="Od", required=False)
    until = DayField(label="Do", required=False)

    class Meta:
        model = Representation
        fields = ["entity", "role", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].offer(source="entities:entity_options")
        if self.instance.pk:
            self.initial["entity"] = self.instance.entity


class RepresentationRows(InlineRows):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        rows = Representation.objects.select_related("entity")
        super().__init__(*args, queryset=rows, **kwargs)


RepresentationFormSet = inlineformset_factory(
    Person,
    Representation,
    form=RepresentationForm,
    formset=RepresentationRows,
    extra=1,
    can_delete=True,
)
