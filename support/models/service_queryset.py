"""The lists of services: whose they are, what they hold, what waits."""

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)

from entities.models import Entity
from owes.folding import search_words
from owes.models import SearchableQuerySet
from support.models.project import Project
from support.models.returns import JUDGED
from support.models.service_links import Recipient, ServiceAdviser, ServiceTheme
from support.models.session import Session
from support.models.states import ServiceState


def _led_or_made_by(user):
    advised = ServiceAdviser.objects.filter(service=OuterRef("pk"), staff_member__user=user)
    return Q(created_by=user) | Q(Exists(advised))


def _with_staff():
    """A prefetch of the links to advisers, with the advisers, in one query."""
    return Prefetch("adviser_links", ServiceAdviser.objects.select_related("staff_member"))


def _with_themes():
    return Prefetch("theme_links", ServiceTheme.objects.select_related("theme"))


class ServiceQuerySet(SearchableQuerySet):
    def with_dates(self, start=None, end=None):
        """Adds `first_day`, `last_day`, `session_count`, `total_minutes` of its sessions.

        The minutes are of those from `start` to `end`, so that a list of some days sums to them.
        """
        sessions = Session.objects.filter(service=OuterRef("pk")).order_by().values("service")

        def subquery(aggregate, sessions=sessions):
            return Subquery(sessions.annotate(value=aggregate).values("value"))

        return self.annotate(
            first_day=subquery(Min("day")),
            last_day=subquery(Max("day")),
            session_count=subquery(Count("pk")),
            total_minutes=subquery(Sum("minutes"), sessions.since(start).until(end)),
        )

    def for_list(self, start=None, end=None):
        """With all that a row of a list prints; those without a day first, then the latest."""
        latest = F("first_day").desc(nulls_first=True)
        return (
            self.with_dates(start, end)
            .select_related("project", "type", "activity", "created_by")
            .prefetch_related("recipients", _with_staff())
            .order_by(latest, "-pk")
        )

    def with_remark(self):
        """Adds `last_remark`: with what remark it last came back, as `Return.last_of` knows it."""
        rows = self.model.history.filter(id=OuterRef("pk"), state__in=JUDGED)
        returned = When(state=ServiceState.RETURNED, then="state_reason")
        remarks = rows.annotate(remark=Case(returned, default=Value("")))
        last = remarks.order_by("-history_id").values("remark")[:1]
        return self.annotate(last_remark=Subquery(last))

    def for_queue(self):
        """As for a list, the longest waiting first, with what remark it came back before."""
        return (
            self.for_list()
            .with_remark()
            .select_related("project", "type", "state_by")
            .order_by("state_at", "first_day", "pk")
        )

    def awaiting_signature(self):
        """Submitted and approved ones whose card has not come back signed; no open events."""
        states = [ServiceState.SUBMITTED, ServiceState.APPROVED]
        return self.filter(state__in=states, signed_on=None, type__is_open_event=False)

    def for_page(self):
        """With all that the page of one service prints."""
        return (
            self.with_dates()
            .select_related("project", "type", "activity", "state_by", "created_by")
            .prefetch_related("recipients", _with_staff(), _with_themes())
        )

    def for_papers(self):
        """With all that cards and lists of it print."""
        return self.select_related("project", "type").prefetch_related(
            "sessions", "recipients", _with_staff(), _with_themes()
        )

    def of_member(self, user):
        return self.filter(project__in=Project.objects.of_member(user))

    def visible_to(self, user):
        """All in projects the user works in; in those they only look into, the approved ones."""
        worked_on = Q(project__in=Project.objects.worked_on_by(user))
        return self.of_member(user).filter(worked_on | Q(state=ServiceState.APPROVED))

    def led_or_made_by(self, user):
        """Services of a user: entered by them, or with them as an adviser."""
        return self.filter(_led_or_made_by(user))

    def search(self, text):
        """By the service itself, a recipient or an adviser."""
        for word in search_words(text):
            named = Recipient.objects.filter(
                Entity.objects.with_word(word, "entity"), service=OuterRef("pk")
            )
            led = ServiceAdviser.objects.filter(
                service=OuterRef("pk"), staff_member__search_text__contains=word
            )
            self = self.filter(self.with_word(word) | Exists(named) | Exists(led))
        return self

    def held_between(self, start=None, end=None):
        """With a session on a day from `start` to `end`, both included; None is no bound."""
        sessions = Session.objects.filter(service=OuterRef("pk")).since(start).until(end)
        return self.filter(Exists(sessions)) if start or end else self

    def waiting(self):
        return self.filter(state=ServiceState.SUBMITTED)

    def state_counts(self, user):
        """`{state: (number, those of the user)}` of every state, also with no service."""
        own = Count("pk", filter=_led_or_made_by(user))
        rows = self.order_by().values_list("state").annotate(n=Count("pk"), own=own)
        counts = {state: numbers for state, *numbers in rows}
        return {state: tuple(counts.get(state, (0, 0))) for state in ServiceState}

    def total_minutes(self, start=None, end=None):
        """Clock time of the sessions in the days; a service of two recipients is one service."""
        sessions = Session.objects.filter(service__in=self.order_by().values("pk"))
        return sessions.since(start).until(end).minutes()
