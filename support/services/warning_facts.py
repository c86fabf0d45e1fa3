"""The data of services and around them that the rules of warnings look at."""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from entities.models import Entity, Person, Representation
from owes.periods import Period
from support.models import (
    Attendance,
    Declaration,
    Enrolment,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    Session,
)
from support.models.overlap import days_around, led_on

State = Attendance.State


class HeldSession(NamedTuple):
    """When a session of a service is held."""

    service: int
    number: str
    day: date
    starts_at: datetime
    ends_at: datetime


class TakesPart(NamedTuple):
    """Somebody who was at a session, or is to be."""

    person: int
    entity: int
    session: int
    service: int


class WarningFacts:
    """The data that the rules look at; read with a fixed number of queries.

    `services` are keys, or a queryset when they are many: a long list of keys takes a database
    seconds.
    """

    def __init__(self, services):
        is_query = isinstance(services, QuerySet)
        self.services = services.order_by().values("pk") if is_query else set(services)
        self._read_services()
        self._read_sessions()
        self._read_recipients()
        self._read_attendances()
        self._read_names()
        self._read_project_records()
        self._read_representations()

    def _read_services(self):
        services = Service.objects.filter(pk__in=self.services).order_by()
        rows = list(services.values_list("pk", "project", "code", "state", "topic"))
        self.keys = {pk for pk, *_ in rows}
        self.topics = {pk: topic for pk, *_, topic in rows}
        self.cancelled = {pk for pk, _, _, state, _ in rows if state == Service.State.CANCELLED}
        self.projects = {pk: project for pk, project, *_ in rows}
        self.numbers = {pk: code for pk, _, code, *_ in rows}

    def _read_sessions(self):
        sessions = Session.objects.filter(service__in=self.services)
        self.sessions = list(sessions.order_by("starts_at"))
        self.days_around = days_around(self.sessions)
        self.led = led_on(self.days_around, self.services)
        self.months = self._months()
        self.terms = {
            row.pk: HeldSession(
                row.service_id, self.numbers[row.service_id], row.day, row.starts_at, row.ends_at
            )
            for row in self.sessions
        }

    def _read_recipients(self):
        """Of the services, and of others that the same advisers lead in those days."""
        others = {row.service for row in self.led} - self.keys
        links = Recipient.objects.filter(Q(service__in=self.services) | Q(service__in=others))
        self.recipients = defaultdict(dict)
        for service, entity, name, struck_off_on in links.values_list(
            "service", "entity", "entity__name", "entity__struck_off_on"
        ):
            self.recipients[service][entity] = (name, struck_off_on)

    def _read_attendances(self):
        """Of the services, and of the same people at other services in those days."""
        taking_part = Attendance.objects.filter(state__in=[State.PRESENT, State.EXPECTED])
        columns = ("person", "entity", "session", "session__service")
        own = taking_part.filter(session__service__in=self.services).order_by("day", "pk")
        self.attended = [TakesPart(*values) for values in own.values_list(*columns)]
        self.people = {row.person for row in self.attended}
        days = self.days_around
        span = (min(days), max(days)) if days else (date.max, date.max)
        elsewhere = Session.objects.standing().filter(day__range=span)
        elsewhere = elsewhere.exclude(service__in=self.services).order_by().values("pk")
        others = taking_part.filter(person__in=self.people, session__in=elsewhere)
        others = [TakesPart(*values) for values in others.order_by("pk").values_list(*columns)]
        self.attended_anywhere = self.attended + others
        columns = ("service", "service__code", "day", "starts_at", "ends_at")
        sessions = Session.objects.filter(pk__in={row.session for row in others}).order_by()
        for pk, *values in sessions.values_list("pk", *columns):
            self.terms[pk] = HeldSession(*values)

    def _read_names(self):
        people = Person.objects.filter(pk__in=self.people).order_by()
        columns = ("pk", "first_name", "last_name")
        self.names = {pk: f"{first} {last}" for pk, first, last in people.values_list(*columns)}
        entities = Entity.objects.filter(pk__in={row.entity for row in self.attended})
        self.entity_names = dict(entities.order_by().values_list("pk", "name"))

    def _read_project_records(self):
        """The limits of projects, and the days of enrolments and declarations."""
        projects = Project.objects.in_bulk(set(self.projects.values()))
        self.limits = {service: projects[project] for service, project in self.projects.items()}
        enrolled = Enrolment.objects.filter(project__in=projects)
        self.enrolled = {
            (project, entity): (joined, left)
            for project, entity, joined, left in enrolled.values_list(
                "project", "entity", "joined_on", "left_on"
            )
        }
        declared = Declaration.objects.filter(project__in=projects, person__in=self.people)
        self.declared = {
            (project, person): day
            for project, person, day in declared.values_list("project", "person", "signed_on")
        }

    def _read_representations(self):
        """`{(person, entity): [(since, until)]}`."""
        self.represents = defaultdict(list)
        rows = Representation.objects.filter(person__in=self.people)
        for person, entity, *dates in rows.values_list("person", "entity", "since", "until"):
            self.represents[person, entity].append(tuple(dates))

    def _months(self):
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

    def own(self):
        """The sessions of the services asked about, once for each adviser."""
        return [row for row in self.led if row.service in self.keys]
