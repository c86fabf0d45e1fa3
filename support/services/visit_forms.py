"""The short form of a visit: a service of one adviser, one entity and one day."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.lookups import EntityLookup
from owes.choices import LookupField
from owes.fields import DayField, SpanField
from owes.lookups import typed
from support.services.forms import ServiceForm
from support.services.visits import hours_of, visit_types


class VisitForm(ServiceForm):
    """The fields of a service that a visit has, with its day and hours as texts."""

    # The page shows what both mean together.
    day = DayField(
        label="Dzień",
        required=False,
        is_silent=True,
        help_text="Na przykład 5.4.2022, dziś albo wczoraj.",
    )
    hours = SpanField(
        label="Godziny albo długość",
        required=False,
        is_silent=True,
        help_text="Na przykład 9–11, 2 h, 90 min.",
    )
    recipient = LookupField(
        EntityLookup,
        label="Podmiot",
        required=False,
        help_text="Nazwa, NIP albo kod podmiotu z rejestru.",
    )
    co_advisers = head_count = recipients = None

    class Meta(ServiceForm.Meta):
        fields = [name for name in ServiceForm.Meta.fields if name != "head_count"]

    # Nothing is carried over to a folded field.
    CARRIED = ("type", "mode")
    # Fields that are usually filled already come first: typing goes from the day to the people.
    TERM = {"adviser": "w-4", "type": "w-4", "mode": "w-4"}
    TERM |= {"day": "w-3", "hours": "w-3", "recipient": ""}
    TOPIC = {"topic": "w-12"}
    OUTCOME = {"outcome": "", "next_steps": ""}
    MORE = {
        "activity_name": "",
        "place": "",
        "themes": "w-12",
        "description": "w-12",
        "signed_on": "w-4",
    }
    HEAD = TERM | TOPIC
    TAIL = OUTCOME | MORE

    def __init__(self, data=None, *, instance, recipients=(), initial=None):
        super().__init__(data, instance=instance, initial=initial)
        self.fields["type"].queryset = visit_types()
        if instance.project.ends_on < timezone.localdate():
            self.fields["day"].help_text = "Na przykład 5.4.2022."
        self.fields["recipient"].offer(
            source="support:record_entities", slug=instance.project.slug
        )
        recipients = recipients or self.initial.get("recipients") or []
        self.initial.setdefault("recipient", EntityLookup.label(next(iter(recipients), "")))
        if instance.pk and (session := instance.sessions.first()):
            self.initial |= {"day": session.day, "hours": hours_of(instance)}

    @property
    def term_layout(self):
        return self._layout("", self.TERM)

    @property
    def topic_layout(self):
        return self._layout("", self.TOPIC)

    @property
    def outcome_layout(self):
        return self._layout("Ustalenia", self.OUTCOME)

    @property
    def more_layout(self):
        return self._layout("", self.MORE)

    @property
    def opens_more(self):
        """Whether the folded part is shown open: a field in it has a value or an error."""
        has_errors = self.shows_errors and any(name in self.errors for name in self.MORE)
        return has_errors or any(self[name].value() for name in self.MORE)

    def autofocus_first_empty(self):
        empty = [name for name in (*self.HEAD, *self.OUTCOME) if not self[name].value()]
        self.fields[empty[0] if empty else "outcome"].widget.attrs["autofocus"] = True

    def clean(self):
        super().clean()
        day, hours = (typed(self.data.get(name)) for name in ("day", "hours"))
        if hours and not day:
            self.add_error("day", ValidationError("Podaj dzień.", code="required"))
        if day and not hours:
            message = "Podaj godziny albo długość, na przykład 9–11 albo 2 h."
            self.add_error("hours", ValidationError(message, code="required"))

    def _entities(self):
        entity = self.cleaned_data.get("recipient")
        return [entity] if entity else []

    def chosen(self):
        if self.is_bound:
            return super().chosen()
        try:
            entity = self.fields["recipient"].clean(self.initial["recipient"])
        except ValidationError:
            entity = None
        return [entity] if entity else []

    def advisers(self):
        adviser = self.cleaned_data["adviser"]
        return [adviser.pk] if adviser else []
