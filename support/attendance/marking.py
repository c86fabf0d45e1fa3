"""Attendance of one service as its page shows it, and marks set on that page saved one by one.

A tap is saved at once, so two people may mark the same service: each mark is a change of one cell,
the last one stays, and the page is told what others changed since it was opened.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import dateformat

from entities.lookups import representatives
from entities.models import Person
from owes.formatting import clock
from support.models import Attendance, Service, Session
from support.roster.lists import RosterLine, lines, mark

State = Attendance.State
ORDER = ("person__sort_key", "person__code")


@dataclass(frozen=True)
class MarkedDay:
    """A session as a column of marks."""

    session: Session
    place: int
    has_begun: bool
    is_gone = False

    @property
    def is_ahead(self):
        return not self.has_begun

    @property
    def meant(self):
        """What a mark says: somebody is present from the beginning on, expected before it."""
        return State.PRESENT if self.has_begun else State.EXPECTED

    @property
    def short_day(self):
        """śr. 08.05"""
        day = self.session.day
        return f"{dateformat.format(day, 'D').lower()}. {day:%d.%m}"


def days_of(service, now):
    return [
        MarkedDay(session, place, session.starts_at <= now)
        for place, session in enumerate(service.sessions.all())
    ]


def shown_of(days, session):
    """The day of the session with this key; all of them when there is none."""
    return [one for one in days if one.session.pk == session] or days


@dataclass(frozen=True)
class Cell:
    """A person at a session. A tap turns `on`, another one turns back to `off`."""

    day: MarkedDay
    key: str
    state: State | None

    @property
    def on(self):
        return State.PRESENT if self.state == State.PRESENT else self.day.meant

    @property
    def off(self):
        """Nothing, or what somebody said of the person besides."""
        return None if self.is_on else self.state

    @property
    def is_on(self):
        return self.state == self.on

    def wish(self, state):
        return Wish.read(f"{self.key}:{state or ''}")


@dataclass(frozen=True)
class MarkedLine:
    """A person with the entity they represent; `elsewhere` counts the days not shown."""

    line: RosterLine
    cells: list
    elsewhere: int

    @property
    def key(self):
        return f"{self.line.person.pk}-{self.line.entity.pk}"

    @property
    def present(self):
        return self.elsewhere + sum(cell.state == State.PRESENT for cell in self.cells)

    @property
    def may_leave(self):
        """Whether they stand on the list without having been there."""
        return not self.present and any(self.line.states)


class MarkedGroup:
    """Lines that one button marks together."""

    def __init__(self, name, title, found, days, shown):
        self.name, self.title = name, title
        self.lines = [self._line(one, days, shown) for one in found]
        counts = Counter(cell.day for line in self.lines for cell in line.cells if cell.is_on)
        self.days = [(day, counts[day]) for day in shown]

    def _line(self, line, days, shown):
        who = f"{line.person.pk}-{line.entity.pk}"
        cells = [
            Cell(day, f"{day.session.pk}-{who}", line.states[day.place])
            for day in days
            if day in shown
        ]
        elsewhere = [line.states[day.place] for day in days if day not in shown]
        return MarkedLine(line, cells, elsewhere.count(State.PRESENT))


class AttendanceSheet:
    """Those on the list of a service, then those of its recipients who are not on it.

    `session`, a key, leaves one day in sight; without `with_others` only those on the list are.
    A fixed number of queries for any number of people and days.
    """

    def __init__(self, service, now, session=None, *, order=ORDER, with_others=True):
        self.service = service
        sessions = service.sessions.all()
        # Asked before the rows: a change in between is told of twice rather than never.
        self.since = last_change(service)
        self.days = days_of(service, now)
        self.shown = shown_of(self.days, session)
        listed = lines(list(sessions), order)
        self.listed = MarkedGroup("listed", "Na liście", listed, self.days, self.shown)
        there = {line.person.pk for line in listed}
        found = self._expectable() if with_others else []
        others = [line for line in found if line.person.pk not in there]
        self.others = MarkedGroup(
            "others", "Przedstawiciele odbiorców spoza listy", others, self.days, self.shown
        )

    def _expectable(self):
        """Those who represent a recipient on the first day shown, each once."""
        if not self.shown:
            return []
        codes = [entity.code for entity in self.service.recipients.all()]
        found = representatives(codes, self.shown[0].session.day)
        once = {
            person: RosterLine(person, entity, [None] * len(self.days)) for person, entity in found
        }
        return sorted(once.values(), key=lambda line: (line.person.sort_key, line.person.code))

    @property
    def groups(self):
        return [group for group in (self.listed, self.others) if group.lines]

    @cached_property
    def cells(self):
        return [cell for group in self.groups for line in group.lines for cell in line.cells]

    @property
    def present(self):
        return sum(cell.state == State.PRESENT for cell in self.cells)

    @property
    def present_people(self):
        return sum(bool(line.present) for group in self.groups for line in group.lines)

    @property
    def waiting(self):
        """Those only expected at a session that has begun: the service can't be submitted."""
        begun = (cell for cell in self.cells if cell.day.has_begun)
        return [cell for cell in begun if cell.state == State.EXPECTED]

    @property
    def waiting_days(self):
        """`(day, how many)` of those only expected at it."""
        return list(Counter(cell.day for cell in self.waiting).items())

    @property
    def states(self):
        return State.choices

    def wishes(self, act, what):
        """Of a button for many cells: `mark` a day of a group, the rest `absent`, `leave`."""
        match act:
            case "mark":
                return self._all(*what.split("-", 1))
            case "absent":
                rest = (cell for cell in self.waiting if str(cell.day.session.pk) == what)
                return [cell.wish(State.ABSENT) for cell in rest]
            case "leave":
                return self._leaving(what)
        return []

    def _all(self, name, session=""):
        """All of a group on; all on already, off. What is said of those absent stays."""
        cells = [
            cell
            for group in self.groups
            for line in group.lines
            for cell in line.cells
            if (group.name, str(cell.day.session.pk)) == (name, session)
            and cell.state not in (State.ABSENT, State.EXCUSED)
        ]
        is_on = all(cell.is_on for cell in cells)
        return [cell.wish(cell.off if is_on else cell.on) for cell in cells]

    def _leaving(self, who):
        """Takes somebody off the list who was never present."""
        for line in self.listed.lines:
            if line.key == who and line.may_leave:
                return [
                    Wish.read(f"{day.session.pk}-{who}:")
                    for day, state in zip(self.days, line.line.states, strict=True)
                    if state
                ]
        raise ValidationError("Wypisać można osobę z listy, która ani razu nie była obecna.")

    @property
    def was(self):
        """All the cells as they were shown, for a form sent without a script."""
        return " ".join(f"{cell.key}:{cell.state or ''}:{cell.off or ''}" for cell in self.cells)


@dataclass(frozen=True)
class Wish:
    """What a cell is to be; no state is no row."""

    session: int
    person: int
    entity: int
    state: State | None

    @classmethod
    def read(cls, text):
        """Of "12-34-56:present"; raises when it is nothing the page could have sent."""
        try:
            key, state = text.split(":")
            session, person, entity = map(int, key.split("-"))
            return cls(session, person, entity, State(state) if state else None)
        except ValueError:
            raise ValidationError("Tej zmiany nie da się odczytać. Odśwież stronę.") from None

    @property
    def key(self):
        return self.session, self.person, self.entity


def wishes_of_form(data):
    """What a form sent without a script changes: cells left as they were shown are no wish."""
    marked = dict(text.rpartition(":")[::2] for text in data.getlist("mark"))
    found = []
    for text in data.get("was", "").split():
        key, was, off = (text.split(":") + ["", ""])[:3]
        state = data.get(f"state-{key}", marked.get(key, off))
        if state != was:
            found.append(Wish.read(f"{key}:{state}"))
    return found


def last_change(service):
    """The newest row of history of the attendances; 0 when there is none."""
    rows = Attendance.history.filter(session__in=service.sessions.values("pk"))
    return rows.aggregate(last=Max("history_id"))["last"] or 0


def save_wishes(service, wishes):
    """Saves the marks wished for; raises when the service, a session or an entity is gone."""
    with transaction.atomic():
        locked = Service.objects.select_for_update().get(pk=service.pk)
        locked.check_state(Service.EDITABLE)
        _check(locked, wishes)
        return mark(locked, {wish.key: wish.state for wish in wishes})


def _check(service, wishes):
    sessions = {session.pk for session in service.sessions.all()}
    if any(wish.session not in sessions for wish in wishes):
        raise ValidationError("Tego terminu już nie ma. Odśwież stronę.")
    asked = {wish.entity for wish in wishes if wish.state}
    known = set(service.recipients.filter(pk__in=asked).values_list("pk", flat=True))
    rows = Attendance.objects.filter(session__in=sessions, entity__in=asked - known)
    known |= set(rows.values_list("entity", flat=True))
    people = {wish.person for wish in wishes}
    if asked - known or Person.objects.filter(pk__in=people).count() != len(people):
        raise ValidationError("Osoby albo podmiotu nie ma już w usłudze. Odśwież stronę.")


def changes_since(service, since, own):
    """What others changed in cells after the row of history `since`: `{key: {state, words}}`.

    `own` are the marks just saved; of a cell both changed the words say what became of it.
    """
    rows = Attendance.history.filter(
        session__in=service.sessions.values("pk"), history_id__gt=since
    ).select_related("history_user")
    mine = {(one.row.session_id, one.row.person_id, one.row.entity_id): one for one in own}
    found = {}
    for row in rows.order_by("history_id"):
        key = (row.session_id, row.person_id, row.entity_id)
        state = "" if row.history_type == "-" else row.state
        if key in mine and state == (mine[key].after or ""):
            continue
        by = row.history_user or "import"
        words = f"{clock(row.history_date)}, {by}: {_words(state)}"
        if key in mine:
            words += f"; teraz {_words(mine[key].after)}"
        now = (mine[key].after or "") if key in mine else state
        found["-".join(map(str, key))] = {"state": now, "words": words}
    return found


def _words(state):
    return State(state).label if state else "bez znaku"
