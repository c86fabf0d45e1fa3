"""The calendar for calendar programs: iCalendar, RFC 5545."""

from collections import defaultdict
from datetime import time, timedelta

from django.db.models import Count, Max
from icalendar import Calendar, Event, vText

from support.calendar.month import sessions_of, trainings_of
from support.models import Recipient, Service, ServiceAdviser, Session, StaffTraining
from support.models.session import local_moment


def ical(feed, absolute):
    """The bytes of the feed; `absolute` makes a full address of a path.

    Only advisers are named. A cancelled service stays as a cancelled event, because programs do
    not remove an event that is only missing.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//OWES//Kalendarz usług//PL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{feed}, {feed.project}" if feed.staff_member else str(feed))
    sessions = list(sessions_of(feed.project, feed.staff_member))
    of_session = Changes(Session, "id", [session.pk for session in sessions])
    services = {session.service_id for session in sessions}
    of_service = [
        Changes(model, column, services)
        for model, column in (
            (Service, "id"),
            (Recipient, "service_id"),
            (ServiceAdviser, "service_id"),
        )
    ]
    for session in sessions:
        event = _session_event(session, absolute)
        known = [of_session.of(session.pk), *(each.of(session.service_id) for each in of_service)]
        calendar.add_component(_dated(event, known, session.service.created_at))
    trainings = list(trainings_of(feed.project, feed.staff_member))
    of_training = Changes(StaffTraining, "id", [training.pk for training in trainings])
    for training in trainings:
        event = _training_event(training, absolute)
        known = [of_training.of(training.pk)]
        calendar.add_component(_dated(event, known, local_moment(training.starts_on, time())))
    return calendar.to_ical()


class Changes:
    """How many times records were changed, and when last; one query of their history."""

    def __init__(self, model, column, keys):
        rows = model.history.filter(**{f"{column}__in": keys}).order_by().values(column)
        told = rows.annotate(count=Count("history_id"), last=Max("history_date"))
        self.known = defaultdict(lambda: (0, None))
        self.known |= {row[column]: (row["count"], row["last"]) for row in told}

    def of(self, key):
        """`(number of changes, moment of the last one)`."""
        return self.known[key]


def _dated(event, changes, otherwise):
    """The event with what tells a calendar program that it is newer than the one it has."""
    last = max((moment for _, moment in changes if moment), default=otherwise)
    event.add("dtstamp", last)
    event.add("last-modified", last)
    event.add("sequence", sum(count for count, _ in changes))
    return event


def _session_event(session, absolute):
    service = session.service
    event = Event()
    event.add("uid", f"session-{session.pk}@owes")
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", service.heading)
    if service.place:
        event.add("location", service.place)
    people = ", ".join(str(link.staff_member) for link in service.adviser_links.all())
    entities = ", ".join(str(entity) for entity in service.recipients.all())
    words = [service.printed_number, service.get_state_display(), people, entities]
    event.add("description", "\n".join(word for word in words if word))
    event["status"] = vText(_status(service))
    event.add("url", absolute(service.get_absolute_url()))
    return event


def _status(service):
    if service.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if service.is_approved else "TENTATIVE"


def _training_event(training, absolute):
    event = Event()
    event.add("uid", f"training-{training.pk}@owes")
    event.add("dtstart", training.starts_on)
    event.add("dtend", (training.ends_on or training.starts_on) + timedelta(days=1))
    event.add("summary", f"Szkolenie kadry: {training.topic}")
    event.add("description", f"{training.staff_member}")
    event.add("url", absolute(training.get_absolute_url()))
    return event
