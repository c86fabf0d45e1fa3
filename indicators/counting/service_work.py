"""What each service adds to the numbers of work, so that a change is counted without all others.

Work is kept beside the records as judgements are (`indicators/counting/store.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Min

from indicators.counting.totals import approved_sessions, persons_present, support_received
from indicators.models.judgement import ServiceWork
from support.models import Recipient, Service

if TYPE_CHECKING:
    from indicators.counting.scope import Scope
    from support.models import Project

Services = Collection[int]
# The first day that an entity was supported in a działanie (a name): whom the work is done for.
Firsts = dict[tuple[str, int], date]


class WorkDay(NamedTuple):
    """A session: minutes by the clock, and how many different people came."""

    day: date
    minutes: int
    persons: int


class Work(NamedTuple):
    """What an approved service did on the days of the project.

    `activity` is the name of its działanie, "" of none; `entities` are the keys of recipients.
    """

    activity: str
    is_support: bool
    days: list[WorkDay]
    entities: list[int]

    @property
    def first_day(self) -> date:
        return min(each.day for each in self.days)


def work_of_services(scope: Scope, services: Services | None = None) -> dict[int, Work]:
    """`{service: its work}` of raw data, of some services or of all: two queries, or none."""
    sessions = approved_sessions(scope, scope.period)
    recipients = Recipient.objects.filter(
        service__project=scope.project, service__state=Service.State.APPROVED
    )
    if services is not None:
        sessions = sessions.filter(service__in=services)
        recipients = recipients.filter(service__in=services)
    entities = defaultdict(list)
    for service, entity in recipients.order_by("entity").values_list("service", "entity"):
        entities[service].append(entity)
    columns = ("service__activity__name", "service__type", "day", "minutes", "persons")
    sessions = sessions.annotate(persons=persons_present()).order_by("day", "starts_at", "pk")
    work: dict[int, Work] = {}
    for service, activity, kind, *day in sessions.values_list("service", *columns):
        if service not in work:
            is_support = kind in scope.support_types
            work[service] = Work(activity or "", is_support, [], entities[service])
        work[service].days.append(WorkDay(*day))
    return work


def kept_work(project: Project, services: Services) -> dict[int, Work]:
    """`{service: its work}` as it is kept."""
    rows = ServiceWork.objects.filter(project=project, service__in=services)
    return {row.service: _of_json(row.work) for row in rows}


def keep_services(scope: Scope, services: Services | None) -> tuple[dict, dict]:
    """Brings the kept work of some services, or of all, up to date; `(before, after)` of them."""
    rows = ServiceWork.objects.filter(project=scope.project)
    if services is not None:
        rows = rows.filter(service__in=services)
    before = {row.service: _of_json(row.work) for row in rows} if services is not None else {}
    after = work_of_services(scope, services)
    rows.delete()
    ServiceWork.objects.bulk_create(
        (
            ServiceWork(project=scope.project, service=service, work=as_json(work))
            for service, work in after.items()
        ),
        batch_size=1000,
    )
    return before, after


def firsts_of(work: Iterable[Work]) -> Firsts:
    firsts: Firsts = {}
    for each in work:
        if each.is_support:
            for entity in each.entities:
                key = each.activity, entity
                firsts[key] = min(each.first_day, firsts.get(key, each.first_day))
    return firsts


def firsts_besides(scope: Scope, firsts: Iterable[tuple[str, int]], services: Services) -> Firsts:
    """Of these entities, by what other services supported them: one query."""
    entities = {entity for _, entity in firsts}
    rows = support_received(scope, scope.period).filter(entity__in=entities)
    found = rows.exclude(service__in=services).values_list("service__activity__name", "entity")
    return {
        (activity or "", entity): first
        for activity, entity, first in found.annotate(first=Min("service__sessions__day"))
    }


def earlier(one: Mapping, other: Mapping) -> Firsts:
    """The earlier of both days, where there are two."""
    return {
        key: min(day for day in (one.get(key), other.get(key)) if day)
        for key in one.keys() | other.keys()
    }


def as_json(work: Work) -> dict[str, Any]:
    days = [(each.day.isoformat(), each.minutes, each.persons) for each in work.days]
    return work._replace(days=days)._asdict()  # type: ignore[arg-type]


def _of_json(work) -> Work:
    days = [WorkDay(date.fromisoformat(day), *rest) for day, *rest in work["days"]]
    return Work(**work | {"days": days})
