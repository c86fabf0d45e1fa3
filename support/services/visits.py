"""A visit: a service of one adviser, one entity and one day. Four of five services are visits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.utils.formats import date_format

from entities.models import Person, Representation
from owes.formatting import hours as as_hours
from owes.parsing.days import read_date
from owes.parsing.hours import read_span
from support.calendar.month import day_off
from support.models import Attendance, Service, ServiceType, Session
from support.models.session import WARSAW, term_between

State = Attendance.State
FIRST_HOUR = time(9)


def is_visit(service):
    """Whether the short form shows all that the service holds."""
    sessions = list(service.sessions.all())
    links = (sessions, service.recipients.all(), service.adviser_links.all())
    return (
        all(len(rows) <= 1 for rows in links)
        and not (service.type.is_on_lists or service.head_count)
        and not any(row.break_minutes or row.end <= row.start for row in sessions)
        and not _attendances(service).exclude(entity__services=service).exists()
        and not service.paste_batches.exclude(left="").exists()
    )


def _attendances(service):
    return Attendance.objects.filter(session__service=service)


def without_lists(services):
    """The services of types that a visit may be of."""
    return services.filter(type__in=visit_types())


def visit_types():
    """The types that a card proves, see `ServiceType.is_on_lists`."""
    return ServiceType.objects.filter(is_open_event=False, hour_kind=ServiceType.HourKind.CLOCK)


def hours_of(visit):
    """The hours of its session as they may be typed, 9:00–11:00; empty without a session."""
    session = visit.sessions.first()
    return f"{session.start:%H:%M}–{session.end:%H:%M}" if session else ""


@dataclass(frozen=True)
class VisitTerm:
    """When a visit is held; `is_assumed` when only its length was typed, and no hour."""

    day: date
    start: time
    end: time
    minutes: int
    is_assumed: bool = False

    @property
    def field_value(self):
        """The term as the page sends it along, to notice when the assumed hour changes."""
        return f"{self.day}_{self.minutes}_{self.start:%H:%M}"

    @property
    def day_off(self):
        return day_off(self.day)

    @property
    def hours(self):
        return f"{self.start:%H:%M}–{self.end:%H:%M}"

    @property
    def words(self):
        """wtorek, 5 kwietnia 2022; 09:00–11:00, 2 h; then what the user should check."""
        day = date_format(self.day, "l, j E Y").lower()
        parts = [day, f"{self.hours}, {as_hours(self.minutes)}"]
        if self.is_assumed:
            parts.append("godzina początku przyjęta, wpisz na przykład 9–11, jeżeli było inaczej")
        if self.day_off and self.day_off not in day:  # Sunday is named already
            parts.append(self.day_off)
        return "; ".join(parts)


def read_term(day, hours, *, adviser=None, service=None, shown=""):
    """The term that two texts mean, or None when one of them cannot be read or is missing.

    When only a length is given, the hour is assumed: the one `shown` before
    (`VisitTerm.field_value`) while it is free, else the first from nine at which the adviser (a
    key) leads nothing but `service`. Raises `ValidationError` when there is no such hour.
    """
    try:
        on, (start, minutes) = read_date(day or ""), read_span(hours or "")
    except ValidationError:
        return None
    is_assumed = start is None
    if is_assumed:
        start = free_hour(on, minutes, adviser, service, shown.removeprefix(f"{on}_{minutes}_"))
    end = (datetime.combine(on, start) + timedelta(minutes=minutes)).time()
    return VisitTerm(on, start, end, minutes, is_assumed)


def free_hour(day, minutes, adviser, service=None, shown=""):
    """The hour shown before, nine, or the first end of an adviser's session with room after it.

    One query, over the sessions of all projects.
    """
    sessions = Session.objects.none()
    if adviser:
        sessions = Session.objects.standing().led_by(adviser).exclude(service=service)
    days = (day - timedelta(days=1), day)
    held = sorted(sessions.filter(day__range=days).values_list("starts_at", "ends_at"))
    ends = [end.astimezone(WARSAW) for _, end in held]
    for start in [*_hour(shown), FIRST_HOUR, *(end.time() for end in ends if end.date() == day)]:
        after = datetime.combine(day, start) + timedelta(minutes=minutes)
        if start < FIRST_HOUR or after.date() != day:
            continue
        begins, finishes, _ = term_between(day, start, after.time())
        if all(finishes <= starts_at or begins >= ends_at for starts_at, ends_at in held):
            return start
    raise ValidationError("Tego dnia nie ma już wolnej godziny. Wpisz godziny, na przykład 9–11.")


def _hour(text):
    try:
        return [time.fromisoformat(text)]
    except ValueError:
        return []


@dataclass(frozen=True)
class Companion:
    """Somebody who may have been at a visit, as the form shows them to be ticked."""

    person: Person
    role: str = ""
    last: Attendance | None = None
    state: str = ""
    is_usual: bool = False
    is_marked: bool = False


def companions(entity, day):
    """People who represent the entity on the day, the latest met first; two queries."""
    latest = Attendance.objects.present().filter(person=OuterRef("person"), entity=entity)
    rows = Representation.objects.filter(
        Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day), entity=entity
    )
    met = latest.exclude(session__service__state=Service.State.CANCELLED).order_by("-day", "-pk")
    rows = rows.select_related("person").annotate(met=Subquery(met.values("pk")[:1]))
    rows = {row.person_id: row for row in rows.order_by(Case(When(role="", then=0), default=1))}
    keys = [row.met for row in rows.values() if row.met]
    attendances = Attendance.objects.select_related("session__service").in_bulk(keys)
    people = [
        Companion(row.person, row.role, attendances.get(row.met), is_usual=True)
        for row in rows.values()
    ]
    return sorted(people, key=_latest_first)


def _latest_first(companion):
    last, person = companion.last, companion.person
    return -last.day.toordinal() if last else 0, person.sort_key, person.code


def saved_companions(service):
    """`{person: state}` of the attendances of a saved visit."""
    rows = _attendances(service).select_related("person").order_by("person__sort_key", "pk")
    return {row.person: State(row.state) for row in rows}
