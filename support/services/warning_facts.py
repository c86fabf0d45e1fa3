"""The data of services and around them that the rules of warnings look at."""

from collections import defaultdict
from datetime import date, datetime, time
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from entities.models import Entity, Person, Representation
from owes.looks.collecting import saw
from owes.periods import Period
from support.models import (
    Attendance,
    Declaration,
    Enrolment,
    Recipient,
    Service,
    ServiceAdviser,
    Session,
)
from support.models.overlap import days_around, led_on

State = Attendance.State


class ToldNames(dict):
    """`{key: name}`; a name taken out for a sentence is told of as seen."""

    def __getitem__(self, key):
        saw([key])
        return super().__getitem__(key)


class HeldSession(NamedTuple):
    """When a session of a service is held."""

    service: int
    number: str
    day: date
    starts_at: datetime
    ends_at: datetime


class ProjectSettings(NamedTuple):
    """Of a project, by their names there: its address, and how much work is still usual."""

    slug: str
    most_hours_a_day: int
    most_hours_a_month: int
    earliest_hour: time
    latest_hour: time


class TakesPart(NamedTuple):
    """Somebody who was at a session, or is to be."""

    person: int
    entity: int
    session: int
    service: int

    @classmethod
    def of(cls, attendances):
        columns = ("person", "entity", "session", "session__service")
        return [cls(*values) for values in attendances.values_list(*columns)]


class WarningFacts:
    """What the rules look at in services and around them, each part read when first asked for.

    The number of queries is fixed. `services` are keys, or a queryset when they are many: a long
    list of keys takes a database seconds.
    """

    def __init__(self, services):
        is_query = isinstance(services, QuerySet)
        self.services = services.order_by().values("pk") if is_query else set(services)

    @cached_property
    def _rows(self):
        services = Service.objects.filter(pk__in=self.services).order_by()
        settings = (f"project__{name}" for name in ProjectSettings._fields)
        return list(services.values_list("pk", "project", "code", "state", "topic", *settings))

    @cached_property
    def keys(self):
        return {pk for pk, *_ in self._rows}

    @cached_property
    def topics(self):
        return {pk: topic for pk, _, _, _, topic, *_ in self._rows}

    @cached_property
    def cancelled(self):
        return {pk for pk, _, _, state, *_ in self._rows if state == Service.State.CANCELLED}

    @cached_property
    def projects(self):
        return {pk: project for pk, project, *_ in self._rows}

    @cached_property
    def sessions(self):
        return list(Session.objects.filter(service__in=self.services).order_by("starts_at"))

    @cached_property
    def days_around(self):
        return days_around(self.sessions)

    @cached_property
    def led(self):
        return led_on(self.days_around, self.services)

    def own(self):
        """The sessions of the services asked about, once for each adviser."""
        return [row for row in self.led if row.service in self.keys]

    @cached_property
    def months(self):
        """`{(adviser, first day of the month): minutes}` of the months of the services."""
        days = [row.day for row in self.sessions]
        if not days:
            return {}
        links = ServiceAdviser.objects.filter(service__in=self.services).values("staff_member")
        first, last = Period.of_month(min(days)).start, Period.of_month(max(days)).end
        led = Session.objects.standing().since(first).until(last).order_by()
        sums = (
            led.filter(service__adviser_links__staff_member__in=links)
            .values(adviser=F("service__adviser_links__staff_member"), month=TruncMonth("day"))
            .annotate(total=Sum("minutes"))
        )
        return {(row["adviser"], row["month"]): row["total"] for row in sums}

    @cached_property
    def terms(self):
        """`{key of a session: HeldSession}` of all sessions that anybody attended."""
        numbers = {pk: code for pk, _, code, *_ in self._rows}
        terms = {
            row.pk: HeldSession(
                row.service_id, numbers[row.service_id], row.day, row.starts_at, row.ends_at
            )
            for row in self.sessions
        }
        elsewhere = {row.session for row in self._attended_elsewhere}
        sessions = Session.objects.filter(pk__in=elsewhere).order_by()
        columns = ("service", "service__code", "day", "starts_at", "ends_at")
        for pk, *values in sessions.values_list("pk", *columns):
            terms[pk] = HeldSession(*values)
        return terms

    @cached_property
    def recipients(self):
        """Of the services, and of others that the same advisers lead in those days."""
        others = {row.service for row in self.led} - self.keys
        links = Recipient.objects.filter(Q(service__in=self.services) | Q(service__in=others))
        recipients = defaultdict(dict)
        for service, entity, name, struck_off_on in links.values_list(
            "service", "entity", "entity__name", "entity__struck_off_on"
        ):
            recipients[service][entity] = (name, struck_off_on)
        return recipients

    @cached_property
    def attended(self):
        rows = _taking_part().filter(session__service__in=self.services)
        return TakesPart.of(rows.order_by("day", "pk"))

    @cached_property
    def people(self):
        return {row.person for row in self.attended}

    @cached_property
    def attended_anywhere(self):
        """Of the services, and of the same people at other services in those days."""
        return self.attended + self._attended_elsewhere

    @cached_property
    def _attended_elsewhere(self):
        days = self.days_around
        span = (min(days), max(days)) if days else (date.max, date.max)
        sessions = Session.objects.standing().filter(day__range=span)
        sessions = sessions.exclude(service__in=self.services).order_by().values("pk")
        rows = _taking_part().filter(person__in=self.people, session__in=sessions)
        return TakesPart.of(rows.order_by("pk"))

    @cached_property
    def names(self):
        people = Person.objects.filter(pk__in=self.people).order_by()
        columns = ("pk", "first_name", "last_name")
        return ToldNames(
            {pk: f"{first} {last}" for pk, first, last in people.values_list(*columns)}
        )

    @cached_property
    def entity_names(self):
        entities = Entity.objects.filter(pk__in={row.entity for row in self.attended})
        return dict(entities.order_by().values_list("pk", "name"))

    @cached_property
    def settings(self):
        """`{key of a service: ProjectSettings}`."""
        return {pk: ProjectSettings(*values) for pk, _, _, _, _, *values in self._rows}

    @cached_property
    def enrolled(self):
        """`{(project, entity): (joined on, left on)}`."""
        rows = Enrolment.objects.filter(project__in=set(self.projects.values()))
        return {
            (project, entity): (joined, left)
            for project, entity, joined, left in rows.values_list(
                "project", "entity", "joined_on", "left_on"
            )
        }

    @cached_property
    def declared(self):
        """`{(project, person): day}`."""
        projects = set(self.projects.values())
        rows = Declaration.objects.filter(project__in=projects, person__in=self.people)
        return {
            (project, person): day
            for project, person, day in rows.values_list("project", "person", "signed_on")
        }

    @cached_property
    def represents(self):
        """`{(person, entity): [(since, until)]}`."""
        represents = defaultdict(list)
        rows = Representation.objects.filter(person__in=self.people)
        for person, entity, *dates in rows.values_list("person", "entity", "since", "until"):
            represents[person, entity].append(tuple(dates))
        return represents


def _taking_part():
    return Attendance.objects.filter(state__in=[State.PRESENT, State.EXPECTED])
