"""The lists of a service: sessions, attendances, recipients, advisers and themes.

Reads them, merges two versions of them and saves them. A row that is already as wanted is not
touched, so that history tells only of changes.
"""

from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import NamedTuple

from entities.models import Entity, Person
from owes.concurrent_edits import merge
from support.models import Attendance, Recipient, ServiceAdviser, ServiceTheme, Session
from support.models.session import WARSAW, term_between
from support.models.sync import sync_links, sync_rows

State = Attendance.State
MOST_ROWS = 1000  # of people on one list
# Somebody took part, or is to.
TAKING_PART = (State.PRESENT, State.EXPECTED)


@dataclass(frozen=True)
class SessionTerm:
    """A session as people write it: clock times in Warsaw on the day it begins."""

    start: time
    end: time
    break_minutes: int = 0

    def as_typed(self):
        """The texts of the fields of a `SessionRow`."""
        return {
            "start": f"{self.start:%H:%M}",
            "end": f"{self.end:%H:%M}",
            "break_minutes": str(self.break_minutes or ""),
        }

    def values(self, day):
        """The `VALUES` of the `Session` on the day; raises as `term_between` does."""
        starts_at, ends_at, minutes = term_between(day, self.start, self.end, self.break_minutes)
        return starts_at, ends_at, self.break_minutes, minutes


@dataclass(frozen=True)
class ServiceLists:
    """The lists that a service has, or is to have.

    `attendances` is `{(day, key of the person, key of the entity): state}`; other lists are of
    keys.
    """

    terms: dict[date, SessionTerm] = field(default_factory=dict)
    attendances: dict[tuple[date, int, int], str] = field(default_factory=dict)
    recipients: list[int] = field(default_factory=list)
    advisers: list[int] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)

    @classmethod
    def from_version(cls, rows):
        """The lists of a version of a service, from its rows as in `owes.versions.rows_at`."""

        def rows_of(model):
            return [row for (row_model, _), row in rows.items() if row_model is model]

        advisers = sorted(rows_of(ServiceAdviser), key=lambda link: (link.position, link.id))
        return cls(
            {
                row.day: SessionTerm(*map(_clock, (row.starts_at, row.ends_at)), row.break_minutes)
                for row in rows_of(Session)
            },
            {(row.day, row.person_id, row.entity_id): row.state for row in rows_of(Attendance)},
            [link.entity_id for link in rows_of(Recipient)],
            [link.staff_member_id for link in advisers],
            [link.theme_id for link in rows_of(ServiceTheme)],
        )

    def merged(self, opened, saved):
        """These lists, with what still is as `opened` taken from those `saved` by somebody else.

        A session moved to another day is the same session. A session with attendances stays, and
        so does a recipient whom somebody represents.
        """
        own, others = _moved_days(opened, self), _moved_days(opened, saved)
        new_days = others | own
        typed = self._on_days({day: new_days[day] for day in others})
        saved = saved._on_days(own | {new: new_days[day] for day, new in others.items()})
        opened = opened._on_days(new_days)
        terms = merge(opened.terms, typed.terms, saved.terms)
        attendances = merge(opened.attendances, typed.attendances, saved.attendances)
        for day in sorted({day for day, *_ in attendances} - terms.keys()):
            terms[day] = typed.terms.get(day) or saved.terms[day]
        recipients = _merged_keys(opened.recipients, typed.recipients, saved.recipients)
        recipients += [entity for *_, entity in attendances]
        advisers = saved.advisers
        if typed.advisers != opened.advisers:
            advisers = _merged_keys(opened.advisers, typed.advisers, saved.advisers)
        themes = _merged_keys(opened.themes, typed.themes, saved.themes)
        return ServiceLists(terms, attendances, list(dict.fromkeys(recipients)), advisers, themes)

    def _on_days(self, new_days):
        """The same lists with days changed as `{day: new day}` says."""
        return replace(
            self,
            terms={new_days.get(day, day): term for day, term in self.terms.items()},
            attendances={
                (new_days.get(day, day), *who): state
                for (day, *who), state in self.attendances.items()
            },
        )

    def with_people(self, people):
        """The same lists with keys of people replaced as `people` says."""
        return replace(
            self,
            attendances={
                (day, people.get(person, person), entity): state
                for (day, person, entity), state in self.attendances.items()
            },
        )

    def save(self, service):
        """Saves row by row, each with history; called inside the transaction of the service."""
        sync_links(service.recipient_links, self.recipients)
        sync_links(service.theme_links, self.themes)
        # The order matters: the first adviser answers for the service in the splits.
        sync_rows(service.adviser_links, {key: (n,) for n, key in enumerate(self.advisers)})
        sync_rows(service.sessions, {day: term.values(day) for day, term in self.terms.items()})
        self._save_attendances(service)

    def _save_attendances(self, service):
        rows = Attendance.objects.filter(session__service=service)
        existing = rows.values_list(*Attendance.KEY)
        sessions = {session.day: session.pk for session in service.sessions.all()}
        wanted = {(sessions[day], *who): state for (day, *who), state in self.attendances.items()}
        update_attendances(service, dict.fromkeys(existing) | wanted)


def _clock(moment):
    return moment.astimezone(WARSAW).time()


def _moved_days(opened, later):
    """`{day: new day}` of moved sessions; none when more days disappeared than appeared."""
    removed = sorted(opened.terms.keys() - later.terms.keys())
    added = sorted(later.terms.keys() - opened.terms.keys())
    return dict(zip(removed, added, strict=False)) if len(removed) <= len(added) else {}


def _merged_keys(*lists):
    return list(merge(*(dict.fromkeys(keys, True) for keys in lists)))


class AttendanceChange(NamedTuple):
    """An attendance and its state before and after; None means that there is no row."""

    row: Attendance
    before: str | None
    after: str | None


def update_attendances(service, states):
    """Creates, updates and deletes attendances of the service; returns `AttendanceChange`s.

    `states` maps `Attendance.KEY` to a state, or to None where there is to be no row; other rows
    stay as they are. Every page writes attendances through this function, in the transaction of
    the service. Two queries besides those of the rows written.
    """
    sessions = {session.pk: session for session in service.sessions.all()}
    rows = Attendance.objects.filter(
        session__in=sessions, person__in={person for _, person, _ in states}
    )
    existing = {(row.session_id, row.person_id, row.entity_id): row for row in rows}
    changes = []
    for key, state in states.items():
        row = existing.get(key)
        before = row.state if row else None
        if before == state:
            continue
        session, person, entity = key
        if state is None:
            row.delete()
        else:
            row = row or Attendance(person_id=person, entity_id=entity)
            row.session, row.state = sessions[session], state
            row.save()
        changes.append(AttendanceChange(row, before, state))
    return changes


@dataclass(frozen=True)
class Participant:
    """A person, the entity they represented, and their state at each session, or None."""

    person: Person
    entity: Entity
    states: list

    @property
    def places(self):
        """Places of the sessions at which they were present, or are expected."""
        return [place for place, state in enumerate(self.states) if state in TAKING_PART]


def participants_of(sessions, order=("person__sort_key", "person__code")):
    """A `Participant` for each person and entity with an attendance; one query."""
    participants = {}
    rows = Attendance.objects.filter(session__in=sessions).select_related("person", "entity")
    places = {session.pk: place for place, session in enumerate(sessions)}
    for row in rows.order_by(*order, "entity__code"):
        participant = participants.setdefault(
            (row.person_id, row.entity_id),
            Participant(row.person, row.entity, [None] * len(places)),
        )
        participant.states[places[row.session_id]] = State(row.state)
    return list(participants.values())
