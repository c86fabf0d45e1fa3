"""The form of an adoption."""

from functools import partial

from django import forms
from django.db import transaction

from entities.lookups import EntityLookup
from owes.choices import LookupField, LookupsField
from owes.fields import DayField
from owes.form_layout import laid_out, section
from support.models import Adoption
from support.records.forms import RecordForm
from support.records.lookups import ServiceLookup


class AdoptionForm(RecordForm):
    entity = LookupField(
        EntityLookup, label="Podmiot", help_text="Nazwa, NIP albo kod podmiotu z rejestru."
    )
    day = DayField(label="Data wdrożenia")
    services = LookupsField(
        ServiceLookup,
        label="Usługi",
        required=False,
        help_text="Numer usługi, po jednym w polu; najpierw proponujemy usługi tego podmiotu. "
        "Bez zatwierdzonej usługi wdrożenie cyfrowe i ekologiczne się nie liczy.",
    )

    class Meta:
        model = Adoption
        fields = ["entity", "kind", "day", "services", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].empty_label = "wybierz"
        self.fields["services"].lookup = partial(ServiceLookup, self.project)
        self.fields["entity"].offer(source="support:record_entities", slug=self.project.slug)
        self.fields["services"].offer(
            source="support:record_services", slug=self.project.slug, sends="entity"
        )

    def clean_day(self):
        return self.refuse_outside_period("day")

    def clean(self):
        super().clean()
        day, services = self.cleaned_data.get("day"), self.cleaned_data.get("services")
        if day and services and (first := Adoption.first_support(services)) and day < first:
            self.add_error("day", f"Pierwsza z tych usług była {first:%d.%m.%Y}, po wdrożeniu.")

    @transaction.atomic
    def save(self):
        if self.instance.pk is None:
            self.instance.code = Adoption.new_code(self.project)
        record = super().save(commit=False)
        record.save()
        record.sync_services(self.cleaned_data["services"])
        return record

    @property
    def helper(self):
        return laid_out(
            section("Wdrożenie", entity=12, kind=6, day=6, description=12),
            section("Usługi, które do niego doprowadziły", services=12),
        )
