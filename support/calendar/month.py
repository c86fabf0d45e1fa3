"""Days of the calendar of a project, with sessions, staff trainings and holidays."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache

import holidays
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from owes.formatting import full_day
from owes.periods import Period
from support.models import Service, ServiceAdviser, Session, StaffTraining


@dataclass(frozen=True)
class CalendarEvent:
    """A session of a service on a day, or a staff training, which lasts whole days."""

    title: str
    url: str
    line: str
    start: time | None = None
    end: time | None = None
    service: Service | None = None
    is_planned: bool = False
    attendance_url: str = ""


@dataclass
class Day:
    date: date
    is_outside: bool = False
    is_today: bool = False
    holiday: str = ""
    events: list = field(default_factory=list)


WEEKEND = {5: "sobota", 6: "niedziela"}


@cache
def _holidays_of(year):
    return dict(holidays.country_holidays("PL", years=year, language="pl"))


def holidays_on(days):
    """`{day: name}` of those of the days that are public holidays in Poland."""
    return {day: name for day in days if (name := _holidays_of(day.year).get(day))}


def day_off(day):
    """Why nobody works on the day: "sobota", "święto: Nowy Rok"; else empty."""
    parts = [WEEKEND.get(day.weekday(), "")]
    parts += [f"święto: {name}" for name in holidays_on([day]).values()]
    return ", ".join(filter(None, parts))


def working(days):
    """The days that are no Saturdays, Sundays or public holidays."""
    free = holidays_on(days)
    return [day for day in days if day.weekday() not in WEEKEND and day not in free]


def day_and_holiday(day):
    """środa, 1 maja 2024; święto: Święto Państwowe. Empty for None."""
    if day is None:
        return ""
    return "; ".join([full_day(day), *(f"święto: {name}" for name in holidays_on([day]).values())])


def week_of(day):
    """From Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day):
    return next(Period(day, day).months())


def sessions_of(project, staff_member=None, reader=None):
    """Sessions of the project's services, of one adviser or of all, with what an event shows.

    With a `reader` only those of services that this user may see.
    """
    advisers = Prefetch(
        "service__adviser_links", ServiceAdviser.objects.select_related("staff_member")
    )
    sessions = (
        Session.objects.filter(service__project=project)
        .select_related("service__project", "service__type")
        .prefetch_related(advisers, "service__recipients")
    )
    if reader:
        visible = Service.objects.visible_to(reader).order_by().values("pk")
        sessions = sessions.filter(service__in=visible)
    if staff_member:
        led = ServiceAdviser.objects.filter(service=OuterRef("service"), staff_member=staff_member)
        sessions = sessions.filter(Exists(led))
    return sessions.order_by("starts_at", "pk")


def trainings_of(project, staff_member=None):
    trainings = StaffTraining.objects.filter(project=project)
    trainings = trainings.select_related("project", "staff_member")
    if staff_member:
        trainings = trainings.filter(staff_member=staff_member)
    return trainings.order_by("starts_on", "pk")


def days_of(project, shown, staff_member=None, month=None, reader=None):
    """A `Day` for each day of the period `shown`; days outside `month` are marked.

    Cancelled services are left out.
    """
    today, now = timezone.localdate(), timezone.now()
    free = holidays_on(shown)
    days = {
        day: Day(day, bool(month) and day not in month, day == today, free.get(day, ""))
        for day in shown
    }
    sessions = sessions_of(project, staff_member, reader)
    sessions = sessions.exclude(service__state=Service.State.CANCELLED)
    trainings = trainings_of(project, staff_member).filter(
        Q(ends_on__gte=shown.start) | Q(ends_on=None, starts_on__gte=shown.start),
        starts_on__lte=shown.end,
    )
    for training in trainings:
        event = CalendarEvent(
            training.topic, training.get_absolute_url(), f"{training.staff_member}"
        )
        last = training.ends_on or training.starts_on
        for day in Period(max(training.starts_on, shown.start), min(last, shown.end)):
            days[day].events.append(event)
    for session in sessions.filter(day__gte=shown.start, day__lte=shown.end):
        days[session.day].events.append(_event(session, now))
    return list(days.values())


def _event(session, now):
    """The event of a session; one of today has the address of its page of attendance."""
    service = session.service
    address = ""
    if session.day == timezone.localdate(now) and service.is_editable:
        page = reverse("support:service_attendance", args=[service.project.slug, service.pk])
        address = f"{page}?session={session.pk}"
    people = ", ".join(str(link.staff_member) for link in service.adviser_links.all())
    return CalendarEvent(
        service.topic,
        service.get_absolute_url(),
        ", ".join(part for part in (str(service.type), people) if part),
        session.start,
        session.end,
        service,
        session.ends_at > now,
        address,
    )
