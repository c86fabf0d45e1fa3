"""Puts lists merged with those saved meanwhile into the typed data of a service or a visit."""

from entities.models import Entity, Person
from owes.lookups import label_of
from support.models import Attendance
from support.roster import typed_rows
from support.services.visit_data import without_grids

State = Attendance.State


def data_with_lists(entry, typed, merged):
    """The data of the form of a service with the `merged` lists in place of the `typed` ones.

    Rows with errors stay as typed.
    """
    data = entry.form.data.copy()
    entities = Entity.objects.in_bulk(merged.recipients)
    data.setlist("recipients", [entities[key].code for key in merged.recipients])
    advisers = [str(key) for key in merged.advisers]
    data["recipient"], data["adviser"] = "", "".join(advisers[:1])
    data.setlist("co_advisers", advisers[1:])
    data.setlist("themes", [str(key) for key in merged.themes])
    places = _put_sessions(entry, data, typed, merged)
    _put_attendances(entry, data, typed, merged, places)
    return data


def _put_sessions(entry, data, typed, merged):
    """Puts the merged sessions into the data; returns the place of each day."""
    places = {day: place for place, day in enumerate(entry.sessions.days()) if day}
    for day in typed.terms.keys() - merged.terms.keys():
        typed_rows.drop_session(data, places.pop(day))
    for day, term in merged.terms.items():
        if day not in places:
            places[day] = typed_rows.add_rows(data, "sessions", 1)
        if term != typed.terms.get(day):
            for name, text in {"day": f"{day:%d.%m.%Y}", **term.as_typed()}.items():
                data[f"sessions-{places[day]}-{name}"] = text
    return places


def _put_attendances(entry, data, typed, merged, places):
    """Puts the merged attendances into the data; removes the rows of people without any."""
    rows = {row.key: row.place for row in entry.roster.right}
    participants = {key[1:] for key in merged.attendances}
    added = participants - rows.keys()
    people = Person.objects.in_bulk([person for person, _ in added])
    entities = Entity.objects.in_bulk([entity for _, entity in added])
    for key in sorted(added):
        person, entity = label_of(people[key[0]]), label_of(entities[key[1]])
        rows[key] = typed_rows.add_person(data, person, entity)
    for key in typed.attendances.keys() | merged.attendances.keys():
        day, *participant = key
        state = merged.attendances.get(key, "")
        if day in places and state != typed.attendances.get(key, ""):
            data[f"roster-{rows[tuple(participant)]}-s{places[day]}"] = state
    for key in rows.keys() - participants:
        typed_rows.drop(data, rf"roster-{rows[key]}-.*")


def visit_data_with_lists(entry, typed, merged):
    """As `data_with_lists`, for the form of a visit; where two values are left, the typed one."""
    data = without_grids(entry.form.data)
    for day, term in merged.terms.items() if len(merged.terms) == 1 else ():
        if typed.terms.get(day) != term:
            data["day"] = f"{day:%d.%m.%Y}"
            data["hours"] = f"{term.start:%H:%M}–{term.end:%H:%M}"
    recipients = merged.recipients if len(merged.recipients) == 1 else typed.recipients
    if recipients != typed.recipients:
        data["recipient"] = label_of(Entity.objects.get(pk__in=recipients))
    advisers = merged.advisers if len(merged.advisers) == 1 else typed.advisers
    data["adviser"] = "".join(map(str, advisers))
    data.setlist("themes", [str(key) for key in merged.themes])
    _put_people(entry, data, _states(typed, typed.recipients), _states(merged, recipients))
    return data


def _put_people(entry, data, typed, merged):
    """Ticks people as `merged`, `{person: state}`, says; a changed person typed by name too."""
    changed = {key for key in typed | merged if typed.get(key) != merged.get(key)}
    codes = {key: person.code for key, person in Person.objects.in_bulk(changed).items()}
    ticked = [code for code in data.getlist("people") if code not in codes.values()]
    for key, code in codes.items():
        state = State(merged.get(key, State.ABSENT))
        ticked += [code] if not entry.is_kept(state) else []
    named = [row for row in entry.other_rows if not row.is_blank()]
    named = [row for row in named if not (row.is_right and row.key[0] in changed)]
    data.setlist("people", ticked)
    data.setlist("others", [row["person"].value() for row in named])


def _states(lists, entities):
    """`{person: state}` of those who represent the entities."""
    rows = lists.attendances.items()
    return {person: state for (_, person, entity), state in rows if entity in entities}
