from datetime import timedelta

from django.db.models import Q
from django.forms import HiddenInput
from django_filters import CharFilter, ChoiceFilter

from entities.models import Entity, LegalForm, LocalGovernment
from entities.models.local_government import within
from indicators.counting.totals import RESIDENTS, recipients_of, support_received, with_support
from owes.periods import Period
from support.models import Theme
from support.records.filters import ListFilter

IDLE = timedelta(days=183)
OUTSIDE, NO_SEAT = "outside", "none"


class ProjectEntityFilter(ListFilter):
    """The register as one project sees it; what each counts in is chips with counts."""

    q = CharFilter(method="search", label="Nazwa, NIP, KRS, kod")
    form = ChoiceFilter(
        field_name="legal_form",
        choices=LegalForm.choices,
        label="Forma prawna",
        empty_label="wszystkie",
    )
    powiat = ChoiceFilter(method="seated_in", label="Powiat", empty_label="wszystkie")
    ps = ChoiceFilter(
        method="with_status",
        choices=[("yes", "obowiązuje"), ("no", "brak")],
        label="Status PS",
        empty_label="wszystkie",
    )
    indicator = ChoiceFilter(method="counted_in", label="Wskaźnik", empty_label="wszystkie")
    goal = ChoiceFilter(
        method="supported_for",
        choices=[*Theme.Goal.choices, (RESIDENTS, "wiedza mieszkańców")],
        label="Odbiorcy celu",
        widget=HiddenInput,
    )

    class Meta:
        model = Entity
        fields = ["q", "form", "powiat", "ps", "indicator", "goal"]

    def __init__(self, data, standings):
        """The entities with what they received until the day of the standings."""
        self.standings, self.scope, self.on = standings, standings.scope, standings.on
        entities = Entity.objects.select_related("seat")
        super().__init__(data, with_support(entities, self.scope, standings.period))
        powiats = LocalGovernment.objects.powiats_of(self.scope.area).order_by("sort_key")
        self.filters["powiat"].extra["choices"] = [
            *powiats.values_list("code", "name"),
            (OUTSIDE, "poza obszarem"),
            (NO_SEAT, "bez gminy"),
        ]
        self.filters["indicator"].extra["choices"] = [
            (indicator.code, indicator.short_name) for indicator in standings.indicators
        ]

    def filter_queryset(self, queryset):
        """Also keeps `uncut`: what the fields leave, which the chips count."""
        self.uncut = super().filter_queryset(queryset)
        return self._views().get(self.data.get("show"), self._all)(self.uncut)

    def seated_in(self, queryset, name, value):
        if value == NO_SEAT:
            return queryset.filter(seat=None)
        if value == OUTSIDE:
            return queryset.filter(seat__isnull=False).exclude(within(self.scope.area, "seat"))
        return queryset.filter(seat__powiat__code=value)

    def with_status(self, queryset, name, value):
        held = Entity.objects.social_enterprises(self.on).values("pk")
        return queryset.filter(pk__in=held) if value == "yes" else queryset.exclude(pk__in=held)

    def counted_in(self, queryset, name, value):
        return queryset.filter(pk__in=self.standings.counted[value])

    def supported_for(self, queryset, name, value):
        return queryset.filter(pk__in=recipients_of(self.scope, self.standings.period, value))

    def _views(self):
        return {
            "supported": self._supported,
            "counted": self._counted,
            "near": self._near,
            "idle": self._idle,
            "incomplete": self._incomplete,
        }

    def _all(self, entities):
        return entities

    def _supported(self, entities):
        return entities.filter(service_count__gt=0)

    def _counted(self, entities):
        return entities.filter(pk__in=self.standings.counted_somewhere)

    def _near(self, entities):
        return entities.filter(pk__in=self.standings.near)

    def _idle(self, entities):
        period = self.standings.period
        lately = Period(max(period.start, self.on - IDLE), period.end)
        received, of_late = (support_received(self.scope, each) for each in (period, lately))
        return entities.filter(pk__in=received.values("entity")).exclude(
            pk__in=of_late.values("entity")
        )

    def _incomplete(self, entities):
        """Without a seat, or without any number of a register; a group has neither yet."""
        numberless = Q(nip="", regon="", krs="")
        return entities.filter(Q(seat=None) | numberless).exclude(
            legal_form=LegalForm.INITIATIVE_GROUP
        )

    def chips(self):
        """`(words, query, number, is current)` of each quick filter."""
        labels = {
            "": "Wszystkie",
            "supported": "Otrzymały wsparcie",
            "counted": "Liczą się we wskaźniku",
            "near": "Nie liczą się nigdzie, brakuje jednego warunku",
            "idle": "Bez usługi od pół roku",
            "incomplete": "Niepełne dane",
        }
        shown = self.data.get("show", "")
        current = shown if shown in labels else ""
        return [
            (words, self._query(name), self._count(name), name == current)
            for name, words in labels.items()
        ]

    @property
    def goal_asked(self):
        """The goal whose recipients are listed, in words: it comes from the dashboard only."""
        return dict(self.filters["goal"].extra["choices"]).get(self.data.get("goal"))

    def _count(self, name):
        return self._views().get(name, self._all)(self.uncut).count()

    def _query(self, name):
        query = self.data.copy()
        for name_to_drop in ("page", "format", "show"):
            query.pop(name_to_drop, None)
        if name:
            query["show"] = name
        return query.urlencode()
