"""The form of an act of cooperation."""

from django import forms
from django.db import transaction

from entities.lookups import EntityLookup, LocalGovernmentLookup
from owes.choices import LookupField, LookupsField
from owes.fields import DayField
from owes.form_layout import laid_out, section
from support.models import Partnership
from support.records.forms import RecordForm


class PartnershipForm(RecordForm):
    local_government = LookupField(
        LocalGovernmentLookup,
        label="Samorząd",
        help_text="Nazwa z rodzajem gminy albo kod TERYT. Województwo się nie liczy.",
    )
    day = DayField(label="Data")
    entities = LookupsField(
        EntityLookup,
        label="Podmioty",
        required=False,
        help_text="Nazwa, NIP albo kod podmiotu z rejestru, po jednym w polu.",
    )

    class Meta:
        model = Partnership
        fields = [
            "local_government",
            "kind",
            "day",
            "document_number",
            "entities",
            "description",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "wybierz"), *Partnership.Kind.choices]
        self.fields["local_government"].offer(
            source="support:record_local_governments", slug=self.project.slug
        )
        self.fields["entities"].offer(source="support:record_entities", slug=self.project.slug)

    def clean_day(self):
        return self.refuse_outside_period("day")

    @transaction.atomic
    def save(self):
        if self.instance.pk is None:
            self.instance.code = Partnership.new_code(self.project)
        record = super().save(commit=False)
        record.save()
        record.sync_entities(self.cleaned_data["entities"])
        return record

    @property
    def helper(self):
        return laid_out(
            section("Akt współpracy", local_government=12, kind=4, day=4, document_number=4),
            section("Treść", entities=12, description=12),
        )
