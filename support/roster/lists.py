"""The lists of a service brought to those wanted: sessions, presence, recipients, advisers.

What is already as wanted is not touched, so that history tells only of changes.
"""

from dataclasses import dataclass, field, replace
from datetime import date, time

from entities.models import Entity, Person
from owes.concurrent_edits import merge
from support.models import Attendance, Recipient, ServiceAdviser, ServiceTheme, Session
from support.models.session import WARSAW

State = Attendance.State
MOST_ROWS = 1000  # of people on one list
# Of those who took part, or are to.
CAME = (State.PRESENT, State.EXPECTED)


@dataclass(frozen=True)
class SessionTerm:
    """A session as people write it: clock times in Warsaw on the day it begins."""

    start: time
    end: time
    break_minutes: int = 0

    def as_typed(self):
        return {
            "start": f"{self.start:%H:%M}",
            "end": f"{self.end:%H:%M}",
            "break_minutes": str(self.break_minutes or ""),
        }


@dataclass(frozen=True)
class Roster:
    """The lists a service is to have.

    `attendances` go from (day, person, entity), the latter two by key, to the state.
    """

    terms: dict[date, SessionTerm] = field(default_factory=dict)
    attendances: dict[tuple[date, int, int], str] = field(default_factory=dict)
    recipients: list[int] = field(default_factory=list)
    advisers: list[int] = field(default_factory=list)
    themes: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, rows):
        """The lists of a version of a service, of its rows as `owes.versions.rows_at` has them."""

        def of(model):
            return [row for (kind, _), row in rows.items() if kind is model]

        advisers = sorted(of(ServiceAdviser), key=lambda link: (link.position, link.id))
        return cls(
            {
                row.day: SessionTerm(*map(_clock, (row.starts_at, row.ends_at)), row.break_minutes)
                for row in of(Session)
            },
            {(row.day, row.person_id, row.entity_id): row.state for row in of(Attendance)},
            [link.entity_id for link in of(Recipient)],
            [link.staff_member_id for link in advisers],
            [link.theme_id for link in of(ServiceTheme)],
        )

    def merged(self, opened, saved):
        """These lists as typed, where what was left as `opened` is as `saved` by somebody else.

        A session moved to another day stays the same session. One that somebody is at stays, and
        so does a recipient whom somebody represents.
        """
        own, others = _moves(opened, self), _moves(opened, saved)
        named = others | own
        typed = self._on_days({day: named[day] for day in others})
        saved = saved._on_days(own | {new: named[day] for day, new in others.items()})
        opened = opened._on_days(named)
        terms = merge(opened.terms, typed.terms, saved.terms)
        attendances = merge(opened.attendances, typed.attendances, saved.attendances)
        for day in sorted({day for day, *_ in attendances} - terms.keys()):
            terms[day] = typed.terms.get(day) or saved.terms[day]
        recipients = _merged(opened.recipients, typed.recipients, saved.recipients)
        recipients += [entity for *_, entity in attendances]
        advisers = saved.advisers
        if typed.advisers != opened.advisers:
            advisers = _merged(opened.advisers, typed.advisers, saved.advisers)
        themes = _merged(opened.themes, typed.themes, saved.themes)
        return Roster(terms, attendances, list(dict.fromkeys(recipients)), advisers, themes)

    def _on_days(self, named):
        """The same with the days named otherwise."""
        return replace(
            self,
            terms={named.get(day, day): term for day, term in self.terms.items()},
            attendances={
                (named.get(day, day), *who): state
                for (day, *who), state in self.attendances.items()
            },
        )

    def save(self, service):
        """Saves row by row, each with history; called inside the transaction of the service."""
        _bring_links(service.recipient_links, "entity_id", self.recipients)
        _bring_links(service.theme_links, "theme_id", self.themes)
        self._save_advisers(service)
        self._save_sessions(service)
        self._save_attendances(service)

    def _save_advisers(self, service):
        """The order of advisers matters: the first one answers for the service in the splits."""
        kept = {link.staff_member_id: link for link in service.adviser_links.all()}
        for key, link in kept.items():
            if key not in self.advisers:
                link.delete()
        for position, key in enumerate(self.advisers):
            if key not in kept:
                service.adviser_links.create(staff_member_id=key, position=position)
            elif kept[key].position != position:
                kept[key].position = position
                kept[key].save()

    def _save_sessions(self, service):
        kept = {session.day: session for session in service.sessions.all()}
        for day, session in kept.items():
            if day not in self.terms:
                session.delete()
        for day, term in self.terms.items():
            session = kept.get(day) or Session(service=service)
            before = (session.starts_at, session.ends_at, session.break_minutes)
            session.set_term(day, term.start, term.end, term.break_minutes)
            if before != (session.starts_at, session.ends_at, session.break_minutes):
                session.save()

    def _save_attendances(self, service):
        rows = Attendance.objects.filter(session__service=service)
        there = rows.values_list("session_id", "person_id", "entity_id")
        sessions = {session.day: session.pk for session in service.sessions.all()}
        wanted = {(sessions[day], *who): state for (day, *who), state in self.attendances.items()}
        mark(service, dict.fromkeys(there) | wanted)


def _clock(moment):
    return moment.astimezone(WARSAW).time()


def _moves(opened, later):
    """`{day: new day}` of sessions that stand on other days now: for each that went one came."""
    gone = sorted(opened.terms.keys() - later.terms.keys())
    come = sorted(later.terms.keys() - opened.terms.keys())
    return dict(zip(gone, come, strict=False)) if len(gone) <= len(come) else {}


def _merged(*lists):
    return list(merge(*(dict.fromkeys(one, True) for one in lists)))


@dataclass(frozen=True)
class Mark:
    """An attendance brought to another state; no state is no row."""

    row: Attendance
    before: str | None
    after: str | None


def mark(service, wanted):
    """Brings attendances of the service to the states wanted, and answers what changed.

    `wanted` goes from (session, person, entity), each by key, to a state, or to None where there
    is to be no row; those not named stay. Every page writes attendances by this alone, inside the
    transaction of the service. Two queries besides those of the rows written.
    """
    sessions = {session.pk: session for session in service.sessions.all()}
    rows = Attendance.objects.filter(
        session__in=sessions, person__in={person for _, person, _ in wanted}
    )
    kept = {(row.session_id, row.person_id, row.entity_id): row for row in rows}
    changed = []
    for key, state in wanted.items():
        row = kept.get(key)
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
        changed.append(Mark(row, before, state))
    return changed


def _bring_links(links, column, wanted):
    kept = {getattr(link, column): link for link in links.all()}
    for key, link in kept.items():
        if key not in wanted:
            link.delete()
    for key in wanted:
        if key not in kept:
            links.create(**{column: key})


@dataclass(frozen=True)
class RosterLine:
    """A person with the entity they represented, and their state at each session, or None."""

    person: Person
    entity: Entity
    states: list

    @property
    def places(self):
        """Of the sessions at which they were present, or are expected."""
        return [place for place, state in enumerate(self.states) if state in CAME]


def lines(sessions, order=("person__sort_key", "person__code")):
    """Who was at the sessions, a line for each person and entity; one query."""
    found = {}
    rows = Attendance.objects.filter(session__in=sessions).select_related("person", "entity")
    places = {session.pk: place for place, session in enumerate(sessions)}
    for row in rows.order_by(*order, "entity__code"):
        line = found.setdefault(
            (row.person_id, row.entity_id),
            RosterLine(row.person, row.entity, [None] * len(places)),
        )
        line.states[places[row.session_id]] = State(row.state)
    return list(found.values())
