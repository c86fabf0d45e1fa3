"""Totals of work and the goals of the project that have no number.

Time is clock time in minutes. A service of two recipients or two advisers is one service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from entities.models import Entity, EntityActivity
from owes.periods import Period
from support.models import Attendance, Recipient, Service, ServiceTheme, Session, Theme

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def approved_sessions(scope: Scope, period: Period) -> QuerySet:
    """Sessions of approved services inside the period, cut to the project's."""
    return Session.objects.counted_in(scope.project, period)


def support_sessions(scope: Scope, period: Period) -> QuerySet:
    """Those of services that count as support."""
    return approved_sessions(scope, period).filter(service__type__in=scope.support_types)


def totals(scope: Scope, period: Period) -> dict[str, int]:
    """`services`, `minutes`, `minutes_approved`, `person_minutes` of the period."""
    is_support = Q(service__type__in=scope.support_types)
    sums = approved_sessions(scope, period).aggregate(
        services=Count("service", distinct=True, filter=is_support),
        minutes_approved=Coalesce(Sum("minutes"), 0),
        minutes=Coalesce(Sum("minutes", filter=is_support), 0),
    )
    sums |= (
        support_sessions(scope, period)
        .annotate(persons=persons_present())
        .aggregate(person_minutes=Coalesce(Sum(F("minutes") * F("persons")), 0))
    )
    return sums


def persons_present() -> Coalesce:
    """Of a session: how many different people came."""
    persons = (
        Attendance.objects.present()
        .filter(session=OuterRef("pk"))
        .order_by()
        .values("session")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(persons, output_field=IntegerField()), 0)


def by_activity(scope: Scope, period: Period) -> list[dict[str, Any]]:
    """Rows of the support of each działanie: services, minutes, entities that received it."""
    rows = (
        support_sessions(scope, period)
        .order_by()
        .values(activity=F("service__activity__name"))
        .annotate(services=Count("service", distinct=True), minutes=Sum("minutes"))
        .order_by(F("service__activity__folded_name").asc(nulls_last=True))
    )
    served = (
        Recipient.objects.filter(
            Exists(support_sessions(scope, period).filter(service=OuterRef("service")))
        )
        .order_by()
        .values_list("service__activity__name")
        .annotate(n=Count("entity", distinct=True))
    )
    entities = dict(served)
    return [row | {"entities": entities.get(row["activity"], 0)} for row in rows]


@dataclass(frozen=True)
class GoalTotal:
    """A goal without a number: what was done for it in the period.

    `entities` are distinct recipients, initiative groups too; `facts` are parts of sentences with
    a count: `(number, "forms,of,noun")`.
    """

    code: str
    name: str
    services: int
    minutes: int
    entities: int
    facts: tuple[tuple[int, str], ...] = ()


RESIDENTS = "residents"


def goals(scope: Scope, period: Period) -> list[GoalTotal]:
    """The goals in the order of the project; a fixed number of queries."""
    return [_goal(scope, period, goal) for goal in Theme.Goal] + [_residents(scope, period)]


def _goal(scope, period, goal):
    themed = ServiceTheme.objects.filter(service=OuterRef("service"), theme__goal=goal)
    sessions = support_sessions(scope, period).filter(Exists(themed))
    facts = GOAL_FACTS.get(goal)
    return GoalTotal(
        code=goal.value,
        name=goal.label,
        entities=_recipients(sessions).aggregate(n=Count("entity", distinct=True))["n"],
        facts=(facts(scope, period, sessions),) if facts else (),
        **_work(sessions),
    )


def _work(sessions):
    return sessions.aggregate(
        services=Count("service", distinct=True), minutes=Coalesce(Sum("minutes"), 0)
    )


def _recipients(sessions):
    return Recipient.objects.filter(Exists(sessions.filter(service=OuterRef("service"))))


def _began_paid_activity(scope, period, sessions):
    """Entities supported in the project that began a paid or a business activity in the period."""
    began = EntityActivity.objects.filter(
        entity=OuterRef("pk"),
        kind__in=[EntityActivity.Kind.PAID, EntityActivity.Kind.BUSINESS],
        since__gte=max(period.start, scope.period.start),
        since__lte=min(period.end, scope.period.end),
    )
    whole = support_sessions(scope, scope.period)
    supported = _recipients(whole).filter(entity=OuterRef("pk"))
    n = Entity.objects.filter(Exists(began), Exists(supported)).count()
    entity = ("podmiot", "podmioty", "podmiotów")
    return n, ",".join(f"{form} z nową działalnością" for form in entity)


def _supported_groups(scope, period, sessions):
    groups = Entity.objects.initiative_groups()
    supported = _recipients(support_sessions(scope, period)).filter(entity=OuterRef("pk"))
    n = groups.filter(Exists(supported)).count()
    return n, "wspierana grupa,wspierane grupy,wspieranych grup"


GOAL_FACTS = {
    Theme.Goal.ECONOMISATION: _began_paid_activity,
    Theme.Goal.CREATION: _supported_groups,
}


def _residents(scope, period):
    """Open events for residents, people who came, and events without a number of people."""
    sessions = approved_sessions(scope, period).filter(service__type__is_open_event=True)
    events = Service.objects.filter(Exists(sessions.filter(service=OuterRef("pk"))))
    people = events.aggregate(
        reached=Coalesce(Sum("head_count"), 0), unknown=Count("pk", filter=Q(head_count=None))
    )
    return GoalTotal(
        code=RESIDENTS,
        name="wiedza mieszkańców o ekonomii społecznej",
        entities=_recipients(sessions).aggregate(n=Count("entity", distinct=True))["n"],
        facts=(
            (people["reached"], "osoba,osoby,osób"),
            (
                people["unknown"],
                "wydarzenie bez liczby osób,wydarzenia bez liczby osób,wydarzeń bez liczby osób",
            ),
        ),
        **_work(sessions),
    )


def with_support(entities: QuerySet, scope: Scope, period: Period) -> QuerySet:
    """Adds `service_count`, `support_minutes`, `last_supported` of what an entity received.

    A recipient is in a service once, so its sessions are not doubled by the join.
    """
    received = support_received(scope, period).filter(entity=OuterRef("pk")).values("entity")

    def total(aggregate):
        return Subquery(received.annotate(value=aggregate).values("value"))

    return entities.annotate(
        service_count=Coalesce(total(Count("service", distinct=True)), 0),
        support_minutes=Coalesce(total(Sum("service__sessions__minutes")), 0),
        last_supported=total(Max("service__sessions__day")),
    )


def support_received(scope: Scope, period: Period) -> QuerySet:
    """A recipient for each session of support that it had in the period."""
    return Recipient.objects.filter(
        service__project=scope.project,
        service__state=Service.State.APPROVED,
        service__type__in=scope.support_types,
        service__sessions__day__gte=max(period.start, scope.period.start),
        service__sessions__day__lte=min(period.end, scope.period.end),
    ).order_by()


def recipients_of(scope: Scope, period: Period, goal: str) -> QuerySet:
    """The keys of the entities that a goal's number of recipients is made of."""
    if goal == RESIDENTS:
        sessions = approved_sessions(scope, period).filter(service__type__is_open_event=True)
    else:
        themed = ServiceTheme.objects.filter(service=OuterRef("service"), theme__goal=goal)
        sessions = support_sessions(scope, period).filter(Exists(themed))
    return _recipients(sessions).values("entity")
