"""The buttons of the form of a service that add, fill or remove rows, and save nothing."""

from django.utils import timezone

from entities.lookups import representatives
from owes.lookups import label_of
from support.roster import typed_rows
from support.roster.previous_forms import remove_people
from support.services.pasted_entries import add_pasted_rows

# Where the focus goes after a button.
FOCUS = {
    "add_people": "roster",
    "add_representatives": "roster",
    "add_recipient": "recipient",
    "person": "roster",
    "previous": "previous",
    "drop_previous": "roster",
    "clear_carried": "first",
}


def apply_action(entry, act):
    """The typed data as the button changes it; None when `act` is no button of this kind.

    `act` is the value of the button: `drop_person:3` calls `drop_person` with the argument `3`.
    """
    name, _, argument = act.partition(":")
    if name not in ACTIONS:
        return None
    data = entry.data.copy()
    ACTIONS[name](entry, data, argument)
    typed_rows.ensure_row(data)
    return data


def _add_session(entry, data, argument):
    typed_rows.add_rows(data, "sessions", 1)


def _drop_session(entry, data, place):
    typed_rows.drop_session(data, place)


def _repeat(entry, data, argument):
    """Adds the last session with a day again, with its hours, on each of the new days."""
    rows = [row for row in entry.sessions.forms if row.cleaned_data.get("day")]
    entry.repeat.full_clean()
    entry.repeat.find_days({row.cleaned_data["day"] for row in rows})
    for day in entry.repeat.new_days:
        last = max(rows, key=lambda row: row.cleaned_data["day"])
        place = typed_rows.add_rows(data, "sessions", 1)
        for name in ("start", "end", "break_minutes"):
            data[f"sessions-{place}-{name}"] = data.get(last.add_prefix(name), "")
        data[f"sessions-{place}-day"] = f"{day:%d.%m.%Y}"


def _add_people(entry, data, argument):
    typed_rows.add_rows(data, "roster", 5)


def _drop_person(entry, data, place):
    typed_rows.drop(data, rf"roster-{place}-.*")


def _set_person(entry, data, argument):
    typed_rows.set_cell(data, "person", *argument.split(":", 1))


def _set_entity(entry, data, argument):
    typed_rows.set_cell(data, "entity", *argument.split(":", 1))


def _toggle_states(entry, data, argument):
    data["states"] = "" if data.get("states") else "1"


def _add_recipient(entry, data, argument):
    """Nothing: reading the form makes a recipient of the text typed."""


def _drop_recipient(entry, data, code):
    typed_rows.drop_recipient(data, code)


def _add_representatives(entry, data, argument):
    """Adds a row for each who represents a recipient on the first day and is not listed yet."""
    day = next(filter(None, entry.sessions.days()), timezone.localdate())
    rows = range(typed_rows.count(data, "roster"))
    listed = {person for person, _ in typed_rows.people(data)}
    places = _places_to_tick(entry)
    for person, entity in representatives(_recipient_codes(entry), day):
        if label_of(person) not in listed:
            typed_rows.add_person(data, label_of(person), label_of(entity), places)
    typed_rows.drop_blank(data, rows)


def _paste(entry, data, argument):
    add_pasted_rows(data, _recipient_codes(entry), _places_to_tick(entry))


def _add_previous(entry, data, key):
    entry.previous.add_people(data, key, _places_to_tick(entry))


def _drop_previous(entry, data, argument):
    remove_people(data)


def clear_carried(entry, data, argument):
    for name in entry.carried_over.fields() if entry.carried_over else ():
        data[name] = ""


def _recipient_codes(entry):
    return [entity.code for entity in entry.recipients]


def _places_to_tick(entry):
    """Places of the sessions with a day, or of all while none has; new rows are ticked there."""
    shown = entry.sessions.shown
    return [row.place for row in shown if not row.is_blank()] or [row.place for row in shown]


ACTIONS = {
    "add_session": _add_session,
    "drop_session": _drop_session,
    "repeat": _repeat,
    "add_people": _add_people,
    "drop_person": _drop_person,
    "person": _set_person,
    "entity": _set_entity,
    "states": _toggle_states,
    "add_recipient": _add_recipient,
    "drop_recipient": _drop_recipient,
    "add_representatives": _add_representatives,
    "paste": _paste,
    "previous": _add_previous,
    "drop_previous": _drop_previous,
    "clear_carried": clear_carried,
}
