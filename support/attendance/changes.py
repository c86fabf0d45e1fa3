"""Changes of attendance sent by the page of a service, each of one cell.

Every tap is saved at once, so two people may edit one service: the last change of a cell stays,
and the page learns what others changed since it was opened.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from entities.models import Person
from owes.formatting import clock
from support.models import Attendance, Service
from support.roster.lists import update_attendances

State = Attendance.State


@dataclass(frozen=True)
class CellChange:
    """The new state of a cell; None deletes the attendance."""

    session: int
    person: int
    entity: int
    state: State | None

    @classmethod
    def read(cls, text):
        """From "12-34-56:present"; raises when the page cannot have sent the text."""
        try:
            key, state = text.split(":")
            session, person, entity = map(int, key.split("-"))
            return cls(session, person, entity, State(state) if state else None)
        except ValueError:
            raise ValidationError("Tej zmiany nie da się odczytać. Odśwież stronę.") from None

    @property
    def key(self):
        return self.session, self.person, self.entity


def changes_of_form(data):
    """The `CellChange`s of a form sent without a script: cells that differ from those shown."""
    ticked = dict(text.rpartition(":")[::2] for text in data.getlist("mark"))
    changes = []
    for text in data.get("was", "").split():
        key, was, off = (text.split(":") + ["", ""])[:3]
        state = data.get(f"state-{key}", ticked.get(key, off))
        if state != was:
            changes.append(CellChange.read(f"{key}:{state}"))
    return changes


def last_change(service):
    """The newest row of history of the attendances; 0 when there is none."""
    rows = Attendance.history.filter(session__in=service.sessions.values("pk"))
    return rows.aggregate(last=Max("history_id"))["last"] or 0


def save_changes(service, changes):
    """Saves the changes; returns `AttendanceChange`s of the rows that they changed.

    Raises when the service cannot be edited, or when a session, a person or an entity is gone.
    """
    with transaction.atomic():
        locked = Service.objects.select_for_update().get(pk=service.pk)
        locked.check_state(Service.EDITABLE)
        _check(locked, changes)
        return update_attendances(locked, {change.key: change.state for change in changes})


def _check(service, changes):
    sessions = {session.pk for session in service.sessions.all()}
    if any(change.session not in sessions for change in changes):
        raise ValidationError("Tego terminu już nie ma. Odśwież stronę.")
    entities = {change.entity for change in changes if change.state}
    known = set(service.recipients.filter(pk__in=entities).values_list("pk", flat=True))
    rows = Attendance.objects.filter(session__in=sessions, entity__in=entities - known)
    known |= set(rows.values_list("entity", flat=True))
    people = {change.person for change in changes}
    if entities - known or Person.objects.filter(pk__in=people).count() != len(people):
        raise ValidationError("Osoby albo podmiotu nie ma już w usłudze. Odśwież stronę.")


def changes_since(service, since, own):
    """What others changed after the row of history `since`: `{key: {state, words}}`.

    `own` are the `AttendanceChange`s just saved; for a cell that both changed, the words end with
    its state now.
    """
    rows = Attendance.history.filter(
        session__in=service.sessions.values("pk"), history_id__gt=since
    ).select_related("history_user")
    mine = {(row.session_id, row.person_id, row.entity_id): after for row, _, after in own}
    changes = {}
    for row in rows.order_by("history_id"):
        key = (row.session_id, row.person_id, row.entity_id)
        state = "" if row.history_type == "-" else row.state
        if key in mine and state == (mine[key] or ""):
            continue
        by = row.history_user or "import"
        words = f"{clock(row.history_date)}, {by}: {_words(state)}"
        if key in mine:
            words += f"; teraz {_words(mine[key])}"
        now = (mine[key] or "") if key in mine else state
        changes["-".join(map(str, key))] = {"state": now, "words": words}
    return changes


def _words(state):
    return State(state).label if state else "bez znaku"
