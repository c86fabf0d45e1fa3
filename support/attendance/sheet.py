"""The attendance of one service as its page shows it: people by sessions."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import dateformat

from entities.lookups import representatives
from support.attendance.changes import CellChange, last_change
from support.models import Attendance, Session
from support.roster.lists import Participant, participants_of

State = Attendance.State
ORDER = ("person__sort_key", "person__code")


@dataclass(frozen=True)
class SheetDay:
    """A session as a column of the sheet."""

    session: Session
    place: int
    has_begun: bool
    is_gone = False

    @property
    def is_ahead(self):
        return not self.has_begun

    @property
    def ticked_state(self):
        """The state of a ticked cell: present once the session has begun, expected before it."""
        return State.PRESENT if self.has_begun else State.EXPECTED

    @property
    def short_day(self):
        """śr. 08.05"""
        day = self.session.day
        return f"{dateformat.format(day, 'D').lower()}. {day:%d.%m}"


def days_of(service, now):
    return [
        SheetDay(session, place, session.starts_at <= now)
        for place, session in enumerate(service.sessions.all())
    ]


def shown_of(days, session):
    """The day of the session with this key, or all days when there is no such session."""
    return [day for day in days if day.session.pk == session] or days


@dataclass(frozen=True)
class Cell:
    """A person at a session. A tap sets the state `on`, another one sets it back to `off`."""

    day: SheetDay
    key: str
    state: State | None

    @property
    def on(self):
        return State.PRESENT if self.state == State.PRESENT else self.day.ticked_state

    @property
    def off(self):
        """No row, or an absence saved before."""
        return None if self.is_on else self.state

    @property
    def is_on(self):
        return self.state == self.on

    @property
    def is_marked_otherwise(self):
        """Whether it has a state other than present, to be said in words."""
        return self.state is not None and self.state != State.PRESENT

    def change(self, state):
        return CellChange.read(f"{self.key}:{state or ''}")


@dataclass(frozen=True)
class SheetRow:
    """A person with the entity they represent.

    `elsewhere` is the number of days not shown on which they were present.
    """

    participant: Participant
    cells: list
    elsewhere: int

    @property
    def key(self):
        return f"{self.participant.person.pk}-{self.participant.entity.pk}"

    @property
    def present(self):
        return self.elsewhere + sum(cell.state == State.PRESENT for cell in self.cells)

    @property
    def may_leave(self):
        """Whether they are on the list without having been present."""
        return not self.present and any(self.participant.states)


class SheetGroup:
    """Rows that one button ticks together."""

    def __init__(self, name, title, participants, days, shown):
        self.name, self.title = name, title
        self.rows = [self._row(participant, days, shown) for participant in participants]
        counts = Counter(cell.day for row in self.rows for cell in row.cells if cell.is_on)
        self.days = [(day, counts[day]) for day in shown]

    def _row(self, participant, days, shown):
        who, states = f"{participant.person.pk}-{participant.entity.pk}", participant.states
        cells = [
            Cell(day, f"{day.session.pk}-{who}", states[day.place]) for day in days if day in shown
        ]
        elsewhere = [states[day.place] for day in days if day not in shown]
        return SheetRow(participant, cells, elsewhere.count(State.PRESENT))


class AttendanceSheet:
    """People on the list of a service, then other people who represent its recipients.

    With `session`, a key, only that day is shown; without `with_others` only people on the list.
    A fixed number of queries for any number of people and days.
    """

    def __init__(self, service, now, session=None, *, order=ORDER, with_others=True):
        self.service = service
        sessions = service.sessions.all()
        # Read before the rows: a change in between is then reported twice rather than never.
        self.since = last_change(service)
        self.days = days_of(service, now)
        self.shown = shown_of(self.days, session)
        listed = participants_of(list(sessions), order)
        self.listed = SheetGroup("listed", "Na liście", listed, self.days, self.shown)
        people = {participant.person.pk for participant in listed}
        representing = self._representing() if with_others else []
        others = [other for other in representing if other.person.pk not in people]
        self.others = SheetGroup(
            "others", "Przedstawiciele odbiorców spoza listy", others, self.days, self.shown
        )

    def _representing(self):
        """People who represent a recipient on the first day shown, each once."""
        if not self.shown:
            return []
        codes = [entity.code for entity in self.service.recipients.all()]
        people = {
            person: Participant(person, entity, [None] * len(self.days))
            for person, entity in representatives(codes, self.shown[0].session.day)
        }
        return sorted(people.values(), key=lambda row: (row.person.sort_key, row.person.code))

    @property
    def groups(self):
        return [group for group in (self.listed, self.others) if group.rows]

    @cached_property
    def cells(self):
        return [cell for group in self.groups for row in group.rows for cell in row.cells]

    @property
    def present(self):
        return sum(cell.state == State.PRESENT for cell in self.cells)

    @property
    def present_people(self):
        return sum(bool(row.present) for group in self.groups for row in group.rows)

    @property
    def waiting(self):
        """Cells of people only expected at a session that has begun, which stop submitting."""
        begun = (cell for cell in self.cells if cell.day.has_begun)
        return [cell for cell in begun if cell.state == State.EXPECTED]

    @property
    def waiting_days(self):
        """`(day, number)` of the people only expected at it."""
        return list(Counter(cell.day for cell in self.waiting).items())

    @property
    def states(self):
        return State.choices

    def changes(self, act, argument):
        """`CellChange`s of a button for many cells.

        `mark` ticks a group on a day, `absent` makes the rest of a day absent, `leave` takes
        somebody off the list.
        """
        match act:
            case "mark":
                return self._toggle_all(*argument.split("-", 1))
            case "absent":
                rest = (cell for cell in self.waiting if str(cell.day.session.pk) == argument)
                return [cell.change(State.ABSENT) for cell in rest]
            case "leave":
                return self._remove(argument)
        return []

    def _toggle_all(self, name, session=""):
        """Turns all cells of a group on, or off when all are on; absences stay."""
        cells = [
            cell
            for group in self.groups
            for row in group.rows
            for cell in row.cells
            if (group.name, str(cell.day.session.pk)) == (name, session)
            and cell.state not in (State.ABSENT, State.EXCUSED)
        ]
        is_on = all(cell.is_on for cell in cells)
        return [cell.change(cell.off if is_on else cell.on) for cell in cells]

    def _remove(self, who):
        """Takes somebody who was never present off the list."""
        for row in self.listed.rows:
            if row.key == who and row.may_leave:
                return [
                    CellChange.read(f"{day.session.pk}-{who}:")
                    for day, state in zip(self.days, row.participant.states, strict=True)
                    if state
                ]
        raise ValidationError("Wypisać można osobę z listy, która ani razu nie była obecna.")

    @property
    def was(self):
        """All cells as shown, for a form sent without a script."""
        return " ".join(f"{cell.key}:{cell.state or ''}:{cell.off or ''}" for cell in self.cells)
