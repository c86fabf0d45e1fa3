"""The form of the fields of a service, what a new one begins with, and the form of signing."""

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from entities.lookups import EntityLookup
from entities.models import Entity
from owes.choices import FreePickerInput, PickerInput
from owes.fields import DayField, WholeField
from owes.forms import PrintedTexts
from owes.lookups import typed
from support.models import Activity, Service, StaffMember, Theme


class CodesField(forms.Field):
    """Codes of the entities already chosen, each in a hidden field of its own."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return list(dict.fromkeys(typed(code) for code in value or [] if typed(code)))


def links_of(service):
    """Values of the form besides the columns: advisers, themes, recipients, the activity."""
    advisers = [link.staff_member_id for link in service.adviser_links.all()]
    return {
        "activity_name": str(service.activity or ""),
        "adviser": next(iter(advisers), None),
        "co_advisers": advisers[1:],
        "themes": [link.theme_id for link in service.theme_links.all()],
        "recipients": [entity.code for entity in service.recipients.all()],
    }


COPIED = ("type_id", "topic", "mode", "place", "description", "outcome", "next_steps")


def copy_of(service):
    """`(a new service, initial values)`: all but days, attendances and the signature."""
    new = Service(project=service.project, **{name: getattr(service, name) for name in COPIED})
    return new, links_of(service)


def new_service(user, project, form_class, services=None):
    """`(a new service, initial values)`: led by the user, with values of the user's last service.

    The last one is looked for in `services`, by default in those of the project.
    """
    services = project.services if services is None else services
    last = services.filter(created_by=user).select_related("activity").first()
    initial = {"adviser": getattr(getattr(user, "staff_member", None), "pk", None)}
    if last:
        carried = {name: value for name, (value, _) in form_class.carried_values(last).items()}
        initial |= carried | {"carried": last.pk}
    return Service(project=project), initial


class CarriedOver:
    """The values that a new service took from the user's last one; one click clears them."""

    def __init__(self, service, form):
        self.service, self.form = service, form

    def fields(self):
        """`{field: words}` of the fields that still hold what was carried over."""
        return {
            name: words
            for name, (value, words) in self.form.carried_values(self.service).items()
            if words and str(self.form[name].value() or "") == str(value)
        }

    def __str__(self):
        """rodzaj doradztwo ogólne, tryb online, miejsce Płock"""
        labels = ((self.form[name].label.lower(), words) for name, words in self.fields().items())
        return ", ".join(f"{label} {words}" for label, words in labels)


class ServiceForm(PrintedTexts, forms.ModelForm):
    """The fields of a service and the entities it is for; only its kind and topic are required.

    `recipient` takes one more entity as it is typed; those chosen before are in `recipients`.
    """

    activity_name = forms.CharField(
        label="Działanie",
        required=False,
        max_length=200,
        help_text="Z harmonogramu projektu: wybierz albo wpisz nowe.",
        widget=FreePickerInput,
    )
    adviser = forms.ModelChoiceField(
        StaffMember.objects.all(), label="Kadra", required=False, empty_label="wybierz"
    )
    co_advisers = forms.ModelMultipleChoiceField(
        StaffMember.objects.all(),
        label="Kadra współprowadząca",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Zagadnienia",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    head_count = WholeField(
        label="Liczba osób",
        required=False,
        min_value=0,
        max_value=100_000,
        help_text="Ilu mieszkańców przyszło na wydarzenie otwarte.",
    )
    signed_on = DayField(
        label="Karta podpisana", required=False, help_text="Dzień, w którym wróciła podpisana."
    )
    recipients = CodesField(required=False)
    recipient = forms.CharField(
        label="Dodaj podmiot",
        required=False,
        help_text="Nazwa, NIP albo kod podmiotu z rejestru.",
        widget=PickerInput,
    )

    class Meta:
        model = Service
        fields = [
            "type",
            "topic",
            "mode",
            "place",
            "head_count",
            "description",
            "outcome",
            "next_steps",
            "signed_on",
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("description", "outcome", "next_steps")
        }
        help_texts = {"outcome": "To zdanie trafia na kartę i do sprawozdania z działania."}

    @classmethod
    def carried_values(cls, last):
        """`{field: (value, words)}` that a new service takes from the user's last one."""
        values = {
            "type": (last.type_id, str(last.type)),
            "mode": (last.mode, last.get_mode_display()),
            "place": (last.place, last.place),
            "activity_name": (str(last.activity or ""), str(last.activity or "")),
        }
        return {name: values[name] for name in cls.CARRIED}

    def __init__(self, data=None, *, instance, recipients=(), initial=None):
        initial = dict(initial or {})
        if recipients:
            initial["recipients"] = list(recipients)
        if instance.pk:
            initial = links_of(instance)
        super().__init__(data, instance=instance, initial=initial)
        self.use_required_attribute = False
        activities = Activity.objects.filter(project=instance.project)
        self.fields["activity_name"].widget.rows = [str(activity) for activity in activities]
        self.fields["type"].empty_label = "wybierz"
        self.fields["mode"].choices = [("", "wybierz"), *Service.Mode.choices]

    HEAD = {
        "type": "w-4",
        "topic": "w-8",
        "adviser": "w-4",
        "activity_name": "w-4",
        "mode": "w-4",
        "place": "w-8",
        "head_count": "w-4",
        "co_advisers": "w-12",
        "themes": "w-12",
    }
    TAIL = {
        "description": "w-12",
        "outcome": "w-12",
        "next_steps": "w-8",
        "signed_on": "w-4",
    }
    CHECKED = ("co_advisers", "themes")
    CARRIED = ("type", "mode", "place", "activity_name")
    shows_errors = False
    recipient_candidates = ()

    @property
    def open_types(self):
        """Keys of the types that ask for a number of people."""
        types = self.fields["type"].queryset.filter(is_open_event=True)
        return " ".join(str(key) for key in types.values_list("pk", flat=True))

    @property
    def head_layout(self):
        """The layout above the sessions."""
        return self._layout("Usługa", self.HEAD)

    @property
    def tail_layout(self):
        """The layout below the roster."""
        return self._layout("Ustalenia", self.TAIL)

    def _layout(self, legend, widths):
        """The fields in a grid; without a legend the template writes the section around it."""
        fields = [
            (InlineCheckboxes if name in self.CHECKED else Field)(name, wrapper_class=width)
            for name, width in widths.items()
        ]
        grid = Div(*fields, css_class="form-grid")
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = self.shows_errors
        helper.layout = Layout(
            Fieldset(legend, grid, css_class="form-section") if legend else grid
        )
        return helper

    def clean_topic(self):
        return self.cleaned_data["topic"].strip()

    def clean_activity_name(self):
        return typed(self.cleaned_data["activity_name"])

    def clean(self):
        super().clean()
        self.entities = self._entities()

    def _entities(self):
        """The entities chosen before, and the one just typed."""
        codes = self.cleaned_data.get("recipients") or []
        text = typed(self.cleaned_data.get("recipient"))
        lookup = EntityLookup([*codes, text])
        entities = [lookup.by_code[code] for code in codes if code in lookup.by_code]
        if len(entities) < len(codes):
            missing = ", ".join(code for code in codes if code not in lookup.by_code)
            self.add_error("recipient", f"Nie ma w rejestrze podmiotu o kodzie {missing}.")
        if text:
            try:
                entity = lookup.one(text)
            except ValidationError as error:
                self.recipient_candidates = [lookup.option(row, text) for row in error.candidates]
                self.add_error("recipient", error)
            else:
                if entity not in entities:
                    entities.append(entity)
        return entities

    def chosen(self):
        """The recipients to show as chosen, with the one just typed."""
        if self.is_bound:
            self.errors  # noqa: B018 - cleaning fills `entities`
            return self.entities
        return list(Entity.objects.filter(code__in=self.initial.get("recipients") or []))

    def keep_errors(self, names):
        """Forgets the errors of other fields, until the form is cleaned again."""
        for name in self.errors.keys() - set(names):
            del self.errors[name]

    def typed_recipient(self):
        """The text that stays in the field; empty once it became a chosen entity."""
        return self["recipient"].value() or "" if self.errors.get("recipient") else ""

    def advisers(self):
        """Keys in order; the first adviser answers for the service."""
        first = self.cleaned_data["adviser"]
        chosen = [first] if first else []
        chosen += [member for member in self.cleaned_data["co_advisers"] if member != first]
        return [member.pk for member in chosen]


class SignatureForm(forms.ModelForm):
    """The day a signed card came back; also for an approved service."""

    signed_on = DayField(label="Karta podpisana", required=False)

    class Meta:
        model = Service
        fields = ["signed_on"]

    def clean_signed_on(self):
        self.instance.check_signed(self.cleaned_data["signed_on"])
        return self.cleaned_data["signed_on"]

    def save(self):
        self.instance.save(update_fields=["signed_on"])
