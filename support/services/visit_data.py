"""Turns the data of the form of a visit into that of the form of a service, and back."""

from owes.lookups import label_of, typed
from support.models import Attendance
from support.roster.forms import RosterRow
from support.services.visits import visit_types

State = Attendance.State
# Beginnings of the names of fields that only the form of a service has.
SERVICE_FIELDS = ("sessions-", "roster-", "repeat-", "previous")
# Fields that only the form of a visit has, and the recipients, of which it has one.
VISIT_FIELDS = ("day", "hours", "told", "people", "others", "recipients")


def without_grids(data):
    """The data of a visit without the fields of the form of a service."""
    data = data.copy()
    for name in [name for name in data if name.startswith(SERVICE_FIELDS)]:
        del data[name]
    return data


def add_grids(data, term, rows):
    """Adds the grids of the form of a service: one session, and `(person, cell)` rows."""
    session = {
        "day": f"{term.day:%d.%m.%Y}" if term else "",
        "start": f"{term.start:%H:%M}" if term else "",
        "end": f"{term.end:%H:%M}" if term else "",
    }
    entity = data.get("recipient", "")
    people = [{"person": person, "entity": entity, "s0": cell} for person, cell in rows]
    for prefix, grid in (("sessions", [session]), ("roster", people)):
        data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(grid)), "0"
        for place, row in enumerate(grid):
            for name, value in row.items():
                data[f"{prefix}-{place}-{name}"] = value


def service_data(entry):
    """The data of a `VisitEntry` for the form of a service; hours not understood stay as typed."""
    data = entry.data.copy()
    if entry.term is None:
        data["sessions-0-day"] = data.get("day", "")
        data["sessions-0-start"] = data.get("hours", "")
    for name in VISIT_FIELDS:
        data.pop(name, None)
    return data


def visit_data(entry):
    """The data of a `ServiceEntry` for the form of a visit; None when it is more than a visit."""
    data = without_grids(entry.data)
    sessions = [row for row in entry.sessions.shown if not row.is_blank()]
    rows = [row for row in entry.roster.shown if not row.is_blank()]
    entity = next(iter(entry.recipients), None)
    types = {str(row.pk) for row in visit_types()}
    if (
        max(len(sessions), len(entry.recipients)) > 1
        or data.get("type") not in {"", None} | types
        or data.getlist("co_advisers")
        or typed(data.get("head_count"))
        or any(typed(row["break_minutes"].value()) for row in sessions)
        or any(not _fits_visit(row, entity) for row in rows)
    ):
        return None
    for row in sessions:
        data["day"] = row["day"].value()
        data["hours"] = "–".join(filter(None, (row[name].value() for name in ("start", "end"))))
    data["recipient"] = label_of(entity) if entity else data.get("recipient", "")
    data.pop("recipients", None)
    data.setlist("others", [row["person"].value() for row in rows])
    return data


def _fits_visit(row, entity):
    """Whether a row of the roster says only that somebody was present for the entity."""
    text = typed(row["entity"].value())
    return row["s0"].value() in (RosterRow.TICKED, State.PRESENT, State.EXPECTED) and (
        not text or (entity and text in (label_of(entity), entity.code))
    )
