"""The form of an entity with the rows of its PS statuses and activities."""

from typing import Any

from crispy_forms.helper import FormHelper
from django.forms import inlineformset_factory

from entities import identifiers
from entities.forms.contact import ContactForm, NumberField, PostalCodeField
from entities.lookups import EntityLookup, LocalGovernmentLookup, SeatLookup
from entities.models import Entity, EntityActivity, LegalForm, SocialEnterpriseStatus
from owes.choices import LookupField
from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.forms import InlineRows, PlacedForm
from owes.lookups import label_of

SHARED = (
    "Ten sam {number} ma {entity}. Jeżeli to właściwe (nie jest to jego jednostka), napisz tu, "
    "dlaczego."
)


class EntityForm(ContactForm):
    given = ("id",)
    places = {
        "entity_struck_off_after_registered": "struck_off_on",
        "entity_local_government_of_unit_only": "local_government",
    }

    nip = NumberField(
        identifiers.read_nip, label="NIP", help_text="10 cyfr, kreski i spacje nie przeszkadzają."
    )
    regon = NumberField(identifiers.read_regon, label="REGON", help_text="9 albo 14 cyfr.")
    krs = NumberField(identifiers.read_krs, label="KRS")
    postal_code = PostalCodeField(label="Kod pocztowy", help_text="Na przykład 09-402.")
    registered_on = DayField(label="Data rejestracji", required=False)
    struck_off_on = DayField(label="Data wykreślenia", required=False)
    seat = LookupField(
        SeatLookup,
        label="Gmina siedziby",
        required=False,
        help_text="Nazwa z rodzajem gminy albo kod TERYT. Bez gminy podmiot się nie liczy.",
    )
    parent = LookupField(
        EntityLookup,
        label="Podmiot prowadzący",
        required=False,
        help_text="Kto prowadzi ten WTZ, ZAZ, CIS albo KIS.",
    )
    founding_group = LookupField(
        EntityLookup,
        label="Grupa inicjatywna",
        required=False,
        help_text="Grupa, z której powstał podmiot.",
    )
    predecessor = LookupField(
        EntityLookup,
        label="Poprzednik",
        required=False,
        help_text="Podmiot, który przekształcił się w ten.",
    )
    local_government = LookupField(
        LocalGovernmentLookup,
        label="Samorząd",
        required=False,
        help_text="Tylko dla jednostki samorządu: czyja to jednostka.",
    )

    class Meta:
        model = Entity
        fields = [
            "name",
            "legal_form",
            "nip",
            "regon",
            "krs",
            "other_register",
            "shared_identifier_reason",
            "registered_on",
            "struck_off_on",
            "seat",
            "postal_code",
            "locality",
            "street",
            "phone",
            "email",
            "parent",
            "founding_group",
            "predecessor",
            "local_government",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_form"].choices = [("", "wybierz"), *LegalForm.choices]
        for name in ("parent", "founding_group", "predecessor"):
            self.fields[name].offer(source="entities:entity_options")
        self.fields["seat"].offer(source="entities:seat_options")
        self.fields["local_government"].offer(source="entities:local_government_options")

    def clean(self) -> None:
        super().clean()
        draft = Entity(pk=self.instance.pk, parent=self.cleaned_data.get("parent"))
        for number in ("nip", "regon", "krs"):
            setattr(draft, number, self.cleaned_data.get(number) or "")
        if self.cleaned_data.get("shared_identifier_reason"):
            return
        for other in Entity.objects.sharing_identifier(draft)[:1]:
            number = next(
                name
                for name in ("nip", "regon", "krs")
                if getattr(draft, name) and getattr(draft, name) == getattr(other, name)
            )
            sentence = SHARED.format(number=number.upper(), entity=label_of(other))
            self.add_error("shared_identifier_reason", sentence)

    def save(self, commit: bool = True) -> Entity:
        """An entity that did not change gets no row of history."""
        if self.instance.pk is None:
            self.instance.code = Entity.new_code()
        elif not self.has_changed():
            return self.instance
        return super().save(commit)

    @property
    def helper(self) -> FormHelper:
        return laid_out(
            section("Podmiot", name=8, legal_form=4, registered_on=4, struck_off_on=4),
            section("Numery", nip=4, regon=4, krs=4, other_register=6, shared_identifier_reason=6),
            section(
                "Siedziba i kontakt", seat=6, locality=6, postal_code=4, street=8, phone=4, email=8
            ),
            section("Powiązania", parent=6, founding_group=6, predecessor=6, local_government=6),
        )


class StatusForm(PlacedForm):
    places = {"social_enterprise_status_dates_in_order": "valid_until"}

    valid_from = DayField(label="Od")
    valid_until = DayField(label="Do", required=False)

    class Meta:
        model = SocialEnterpriseStatus
        fields = ["basis", "granting_body", "decision_number", "valid_from", "valid_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].choices = [("", "wybierz"), *SocialEnterpriseStatus.Basis.choices]


class EntityActivityForm(PlacedForm):
    places = {"entity_activity_dates_in_order": "until", "entity_activity_once": "since"}

    since = DayField(label="Od")
    until = DayField(label="Do", required=False)

    class Meta:
        model = EntityActivity
        fields = ["kind", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "wybierz"), *EntityActivity.Kind.choices]


StatusFormSet = inlineformset_factory(
    Entity, SocialEnterpriseStatus, form=StatusForm, formset=InlineRows, extra=1, can_delete=True
)
ActivityFormSet = inlineformset_factory(
    Entity, EntityActivity, form=EntityActivityForm, formset=InlineRows, extra=1, can_delete=True
)
