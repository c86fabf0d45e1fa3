"""Filters of the list of services, and of the queue."""

from functools import cached_property, partial

from crispy_forms.layout import Field
from django.db.models import Exists, OuterRef
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter

from entities.lookups import EntityLookup
from entities.models import Entity
from owes.fields import DayField
from owes.filters import ListFilter, LookupFilter
from owes.form_layout import laid_out
from support.models import (
    Activity,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    ServiceType,
    StaffMember,
    Theme,
)

STATES = {
    Service.State.DRAFT: "Szkice",
    Service.State.SUBMITTED: "Złożone",
    Service.State.RETURNED: "Zwrócone",
    Service.State.APPROVED: "Zatwierdzone",
    Service.State.CANCELLED: "Anulowane",
}


class SessionDayFilter(CharFilter):
    field_class = DayField


class ServiceFilter(ListFilter):
    """Filters of the services of a project; state and "mine" are chips with counts."""

    q = CharFilter(method="search", label="Numer, temat, odbiorca, kadra")
    type = ModelChoiceFilter(
        queryset=ServiceType.objects.all(), label="Rodzaj", empty_label="wszystkie"
    )
    adviser = ModelChoiceFilter(
        queryset=StaffMember.objects.all(),
        method="led_by",
        label="Kadra",
        empty_label="cała",
    )
    activity = ModelChoiceFilter(
        queryset=Activity.objects.none(), label="Działanie", empty_label="wszystkie"
    )
    theme = ChoiceFilter(method="about", label="Zagadnienie", empty_label="wszystkie")
    support = ChoiceFilter(
        method="of_support",
        choices=[
            ("yes", "liczą się"),
            ("no", "nie liczą się"),
            ("open", "wydarzenia otwarte"),
        ],
        label="Wsparcie",
        empty_label="wszystkie",
    )
    entity = LookupFilter(lookup=EntityLookup, method="received_by", label="Podmiot")
    from_day = SessionDayFilter(method="unfiltered", label="Termin od")
    to_day = SessionDayFilter(method="unfiltered", label="Termin do")
    state = ChoiceFilter(choices=Service.State.choices, label="Stan")
    mine = ChoiceFilter(choices=[("1", "tak")], method="led_or_made", label="Moje")

    class Meta:
        model = Service
        fields = ["q", "type", "adviser", "activity", "theme", "support", "entity"]
        fields += ["from_day", "to_day"]

    CHIPS = ("state", "mine")

    def __init__(self, data, *, project, user):
        super().__init__(data, queryset=project.services.visible_to(user))
        self.project, self.user = project, user
        self.filters["activity"].queryset = Activity.objects.filter(project=project)
        self._offer_recipients()
        self.filters["theme"].extra["choices"] = [
            *((str(theme.pk), theme.name) for theme in Theme.objects.all()),
            *((goal.value, f"cel: {goal.label}") for goal in Theme.Goal),
        ]

    def _offer_recipients(self):
        """Offers only entities of visible services, to those who may not add records."""
        shown = self.project.services.visible_to(self.user)
        links = Recipient.objects.filter(entity=OuterRef("pk"), service__in=shown)
        field = self.filters["entity"].field
        if self.user.has_perm("support.add_record", self.project):
            field.offer(source="support:record_entities", slug=self.project.slug)
        field.lookup = partial(EntityLookup, among=Entity.objects.filter(Exists(links)))

    def filter_queryset(self, queryset):
        """Also sets `uncut`, the services before the chips filter them: the chips count these."""
        cleaned = self.form.cleaned_data
        queryset = queryset.held_between(cleaned.get("from_day"), cleaned.get("to_day"))
        for name in [name for name in self.filters if name not in self.CHIPS]:
            queryset = self.filters[name].filter(queryset, cleaned.get(name))
        self.uncut = queryset
        for name in self.CHIPS:
            queryset = self.filters[name].filter(queryset, cleaned.get(name))
        return queryset

    def led_by(self, queryset, name, value):
        links = ServiceAdviser.objects.filter(service=OuterRef("pk"), staff_member=value)
        return queryset.filter(Exists(links))

    def about(self, queryset, name, value):
        column = "theme" if value.isdigit() else "theme__goal"
        links = ServiceTheme.objects.filter(service=OuterRef("pk"), **{column: value})
        return queryset.filter(Exists(links))

    def of_support(self, queryset, name, value):
        """The services that count as support, the others, or open events."""
        if value == "open":
            return queryset.filter(type__is_open_event=True)
        return queryset.filter(type__counts_as_support=value == "yes")

    def received_by(self, queryset, name, value):
        links = Recipient.objects.filter(service=OuterRef("pk"), entity=value)
        return queryset.filter(Exists(links))

    def unfiltered(self, queryset, name, value):
        """`filter_queryset` uses both days as one condition on the same session."""
        return queryset

    def led_or_made(self, queryset, name, value):
        return queryset.led_or_made_by(self.user)

    @property
    def days(self):
        """The first and the last day asked for, each a day or None."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        return cleaned.get("from_day"), cleaned.get("to_day")

    @property
    def layout(self):
        """The fields of the filter bar; the search takes the rest of the width."""
        fields = [name for name in self.Meta.fields if name != "q"]
        return laid_out(Field("q", wrapper_class="grow"), *fields)

    @property
    def hidden_fields(self):
        """`(name, value)` of the active chips, which the filter bar sends along."""
        return [(name, self.data[name]) for name in self.CHIPS if self.data.get(name)]

    @property
    def chosen_entity(self):
        """The entity whose services are listed, or None."""
        return self.form.cleaned_data.get("entity")

    @cached_property
    def counts(self):
        """`{state: (number, those of the user)}` of the services before the chips."""
        _ = self.qs  # it sets `uncut`
        return self.uncut.state_counts(self.user)

    @property
    def count(self):
        """How many services the chips leave."""
        asked = self.form.cleaned_data
        states = [asked["state"]] if asked.get("state") else list(self.counts)
        return sum(self.counts[state][bool(asked.get("mine"))] for state in states)

    def chips(self):
        """`(words, query, number, is current)` of each state and of the user's own services."""
        counts = {state: number for state, (number, _) in self.counts.items()}
        state, mine = self.data.get("state"), self.data.get("mine")
        chips = [("Wszystkie", self._query("state", ""), sum(counts.values()), not state)]
        works_here = self.user.has_perm("support.add_record", self.project)
        chips += [
            (words, self._query("state", value), counts[value], state == value)
            for value, words in STATES.items()
            if works_here or counts[value]
        ]
        if works_here:
            own = sum(own for _, own in self.counts.values())
            chips.append(("Moje", self._query("mine", "" if mine else "1"), own, bool(mine)))
        return chips

    def _query(self, name, value):
        query = self.data.copy()
        for dropped in ("page", "format", name):
            query.pop(dropped, None)
        if value:
            query[name] = value
        return query.urlencode()


class QueueFilter(ListFilter):
    """Filters of the services that wait for approval."""

    type = ModelChoiceFilter(
        queryset=ServiceType.objects.all(), label="Rodzaj", empty_label="wszystkie"
    )
    adviser = ModelChoiceFilter(
        queryset=StaffMember.objects.all(),
        field_name="advisers",
        label="Kadra",
        empty_label="cała",
    )

    class Meta:
        model = Service
        fields = ["q", "type", "adviser"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Numer, temat, odbiorca, kadra"
