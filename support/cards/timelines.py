"""The timeline of an entity or of a person in the projects: newest first, by year."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Subquery, Sum

from owes.formatting import hours, plural
from support.models import (
    Adoption,
    AdoptionKind,
    Attendance,
    Partnership,
    Project,
    Recipient,
    Service,
    Session,
)

PEOPLE = "osoba,osoby,osób"


@dataclass(frozen=True)
class TimelineEvent:
    """A line of the timeline; `service` is set when the line is a service, for its state."""

    day: date | None
    icon: str
    label: str
    text: str
    detail: str
    url: str = ""
    service: Service | None = None
    minutes: int = 0

    @property
    def is_counted(self):
        """Whether it is in the totals above the timeline: only approved services are."""
        return self.service is not None and self.service.is_approved


@dataclass(frozen=True)
class Timeline:
    events: list
    people: int = 0

    @property
    def years(self):
        """`(year, events)` from the latest year; events without a day come first."""
        ordered = sorted(self.events, key=lambda event: event.day or date.max, reverse=True)
        by_year = groupby(ordered, key=lambda event: event.day.year if event.day else None)
        return [(year, list(events)) for year, events in by_year]

    @property
    def services(self):
        return sum(event.is_counted for event in self.events)

    @property
    def minutes(self):
        return sum(event.minutes for event in self.events if event.is_counted)


def _icon(service):
    return "study" if service.type.hour_kind == service.type.HourKind.DIDACTIC else "talk"


def _service_event(service, day, minutes, detail):
    leaders = ", ".join(str(link.staff_member) for link in service.adviser_links.all())
    parts = [hours(minutes), leaders, detail]
    return TimelineEvent(
        day=day,
        icon=_icon(service),
        label=service.printed_number,
        text=f"{service.type}: {service.topic}",
        detail=", ".join(part for part in parts if part),
        url=service.get_absolute_url(),
        service=service,
        minutes=minutes or 0,
    )


def of_entity(entity, user):
    """What the user's projects did for the entity; a fixed number of queries."""
    present = Attendance.objects.present().filter(entity=entity)
    people = (
        present.filter(session__service=OuterRef("pk"))
        .order_by()
        .values("session__service")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    received = Recipient.objects.filter(service=OuterRef("pk"), entity=entity)
    services = Service.objects.visible_to(user).filter(Exists(received)).for_list()
    events = [
        _service_event(service, service.first_day, service.total_minutes, _came(service))
        for service in services.annotate(people=Subquery(people))
    ]
    projects = Project.objects.of_member(user)
    adoptions = Adoption.objects.filter(entity=entity, project__in=projects)
    events += [
        _adoption_event(row)
        for row in adoptions.select_related("kind").prefetch_related("services")
    ]
    acts = Partnership.objects.filter(entity_links__entity=entity, project__in=projects)
    events += [_partnership_event(row) for row in acts.select_related("local_government")]
    approved = present.filter(
        session__service__in=Service.objects.visible_to(user).filter(
            Exists(received), state=Service.State.APPROVED
        )
    )
    return Timeline(events, people=approved.aggregate(n=Count("person", distinct=True))["n"])


def _came(service):
    if not service.type.needs_attendance:
        return ""
    return plural(service.people, PEOPLE) if service.people else "nikt z podmiotu nie był obecny"


def _adoption_event(adoption):
    codes = ", ".join(service.printed_number for service in adoption.services.all())
    unlinked = "bez połączonej usługi" if adoption.kind.needs_service else ""
    return TimelineEvent(
        day=adoption.day,
        icon="leaf" if adoption.kind_id == AdoptionKind.ECO else "chip",
        label=adoption.code,
        text=f"{adoption.kind.words}: {adoption.description}".rstrip(": "),
        detail=f"dzięki usłudze {codes}" if codes else unlinked,
    )


def _partnership_event(partnership):
    return TimelineEvent(
        day=partnership.day,
        icon="handshake",
        label=partnership.code,
        text=f"{partnership.get_kind_display()}: {partnership.local_government}",
        detail=partnership.description,
    )


def of_person(person, user):
    """The services at which the person was present, with the entities they represented."""
    mine = Attendance.objects.present().filter(person=person, session__service=OuterRef("pk"))
    present = Attendance.objects.present().filter(person=person, session=OuterRef("pk"))
    sessions = Session.objects.filter(Exists(present), service=OuterRef("pk"))
    minutes = sessions.order_by().values("service").annotate(n=Sum("minutes")).values("n")
    services = Service.objects.visible_to(user).filter(Exists(mine)).for_list()
    services = services.annotate(attended=Subquery(minutes))
    attended = Attendance.objects.present().filter(
        person=person, session__service__in=services.order_by().values("pk")
    )
    entities, days = {}, {}
    rows = attended.select_related("entity", "session").order_by("day", "entity__sort_key")
    for row in rows:
        entities.setdefault(row.session.service_id, {})[str(row.entity)] = None
        days.setdefault(row.session.service_id, row.day)
    return Timeline(
        [
            _service_event(
                service, days[service.pk], service.attended, ", ".join(entities[service.pk])
            )
            for service in services
        ]
    )
