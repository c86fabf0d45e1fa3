"""The calendar for calendar programs: iCalendar, RFC 5545."""

from datetime import timedelta

from icalendar import Calendar, Event, vText

from support.calendar.month import sessions_of, trainings_of


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
    for session in sessions_of(feed.project, feed.staff_member):
        calendar.add_component(_session_event(session, absolute))
    for training in trainings_of(feed.project, feed.staff_member):
        calendar.add_component(_training_event(training, absolute))
    return calendar.to_ical()


def _session_event(session, absolute):
    service = session.service
    event = Event()
    event.add("uid", f"session-{session.pk}@owes")
    event.add("dtstamp", service.state_at or service.created_at)
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
    event.add("dtstamp", training.starts_on)
    event.add("dtstart", training.starts_on)
    event.add("dtend", (training.ends_on or training.starts_on) + timedelta(days=1))
    event.add("summary", f"Szkolenie kadry: {training.topic}")
    event.add("description", f"{training.staff_member}")
    event.add("url", absolute(training.get_absolute_url()))
    return event
