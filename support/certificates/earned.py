"""Who was present at a service for how long, and so who may get a certificate of it."""

from dataclasses import dataclass

from django.utils import timezone

from entities.models import Entity, Person
from support.models import Attendance, Certificate


@dataclass(frozen=True)
class Presence:
    """One person at one service, counted once also when present for two entities at once."""

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
        """Whether it is ticked to be issued; after a cancelled one a person decides."""
        return self.is_enough and not self.certificate and not self.cancelled

    @property
    def differs(self):
        """Whether the time in the records is now another than on the certificate."""
        issued = self.certificate
        return bool(issued) and (issued.minutes, issued.total_minutes) != (
            self.minutes,
            self.total,
        )


def of_service(service):
    """Everybody present, in the Polish order; three queries for any number of people."""
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
    """Sentences that say why no certificates can be issued yet; empty when they can."""
    now = now or timezone.now()
    sessions = list(service.sessions.all())
    sentences = []
    if not service.type.teaches:
        sentences.append(
            "Zaświadczenia wydaje się z usług o godzinie dydaktycznej, np. ze szkolenia."
        )
    if service.is_cancelled:
        sentences.append("Usługa jest anulowana.")
    if not sessions:
        sentences.append("Usługa nie ma terminu.")
    elif max(session.ends_at for session in sessions) > now:
        sentences.append("Ostatni termin jeszcze się nie skończył.")
    rows = Attendance.objects.filter(session__service=service, state=Attendance.State.EXPECTED)
    if rows.exists():
        sentences.append("Zaznacz najpierw, kto był obecny: są osoby tylko zapisane.")
    return sentences


def last_day(sessions):
    """The day on which the last session ended; a session may end after midnight."""
    return max(timezone.localdate(session.ends_at) for session in sessions)


def draft(presence, service, sessions, **given):
    """The certificate for this presence, without a number and not saved."""
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
