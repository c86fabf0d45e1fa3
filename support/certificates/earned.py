"""Who was at a service for how long, and so who may be given a certificate of it."""

from dataclasses import dataclass

from django.utils import timezone

from entities.models import Entity, Person
from support.models import Attendance, Certificate, Service


@dataclass(frozen=True)
class Presence:
    """One person at one service. Somebody there for two entities at once was there once."""

    person: Person
    entities: list[Entity]
    minutes: int
    total: int
    threshold: int
    certificate: Certificate | None
    cancelled: list[Certificate]

    @property
    def share(self):
        return self.minutes / self.total

    @property
    def is_enough(self):
        return self.minutes * 100 >= self.total * self.threshold

    @property
    def is_ready(self):
        """Whether one click gives it: what was cancelled is not given again by itself."""
        return self.is_enough and not self.certificate and not self.cancelled

    @property
    def differs(self):
        """Whether the records say another time by now than the certificate does."""
        issued = self.certificate
        return bool(issued) and (issued.minutes, issued.total_minutes) != (
            self.minutes,
            self.total,
        )


def of_service(service):
    """Everybody who was present, in Polish order; three queries for any number of people."""
    sessions = {session.pk: session.minutes for session in service.sessions.all()}
    total = sum(sessions.values())
    attended, people, entities = {}, {}, {}
    rows = Attendance.objects.present().filter(session__service=service)
    for row in rows.select_related("person", "entity").order_by("person__sort_key", "day"):
        people[row.person_id] = row.person
        attended.setdefault(row.person_id, set()).add(row.session_id)
        entities.setdefault(row.person_id, {})[row.entity_id] = row.entity
    valid, cancelled = {}, {}
    for row in service.certificates.select_related("project").order_by("pk"):
        if row.is_cancelled:
            cancelled.setdefault(row.person_id, []).append(row)
        else:
            valid[row.person_id] = row
    return [
        Presence(
            person=person,
            entities=list(entities[pk].values()),
            minutes=sum(sessions[session] for session in attended[pk]),
            total=total,
            threshold=service.project.certificate_threshold,
            certificate=valid.get(pk),
            cancelled=cancelled.get(pk, []),
        )
        for pk, person in people.items()
    ]


def obstacles(service, now=None):
    """Why no certificates can be given of a service yet; empty when they can."""
    now = now or timezone.now()
    sessions = list(service.sessions.all())
    found = []
    if not service.type.teaches:
        found.append("Zaświadczenia wydaje się z usług o godzinie dydaktycznej, np. ze szkolenia.")
    if service.state == Service.State.CANCELLED:
        found.append("Usługa jest anulowana.")
    if not sessions:
        found.append("Usługa nie ma terminu.")
    elif max(session.ends_at for session in sessions) > now:
        found.append("Ostatni termin jeszcze się nie skończył.")
    rows = Attendance.objects.filter(session__service=service, state=Attendance.State.EXPECTED)
    if rows.exists():
        found.append("Zaznacz najpierw, kto był obecny: są osoby tylko zapisane.")
    return found


def last_day(sessions):
    """The day on which the last of the sessions ended; one may last past midnight."""
    return max(timezone.localdate(session.ends_at) for session in sessions)


def draft(presence, service, sessions, **given):
    """The certificate this presence earns, not yet numbered nor saved."""
    leaders = [str(link.staff_member) for link in service.adviser_links.all()]
    return Certificate(
        project=service.project,
        service=service,
        person=presence.person,
        holder=str(presence.person),
        sex=presence.person.sex,
        entity_names=", ".join(str(entity) for entity in presence.entities),
        type_name=str(service.type),
        topic=service.topic,
        leaders=", ".join(leaders),
        starts_on=min(session.day for session in sessions),
        ends_on=last_day(sessions),
        minutes=presence.minutes,
        total_minutes=presence.total,
        hour_kind=service.type.hour_kind,
        threshold=presence.threshold,
        **given,
    )
