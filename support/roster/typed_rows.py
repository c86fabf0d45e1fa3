"""Adds rows of the two grids of a service to the data that its page sends, or removes them."""

import re

from owes.lookups import typed
from support.roster.forms import RosterRow

FIRST = {"sessions": "day", "roster": "person"}


def count(data, prefix):
    return int(data.get(f"{prefix}-TOTAL_FORMS") or 0)


def add_rows(data, prefix, number):
    """Adds blank rows at the end; returns the place of the first."""
    places = range(count(data, prefix), count(data, prefix) + number)
    for place in places:
        data[f"{prefix}-{place}-{FIRST[prefix]}"] = ""
    data[f"{prefix}-TOTAL_FORMS"] = str(places.stop)
    return places.start


def add_person(data, person, entity, places=(), marker=""):
    """Adds a row of the roster, ticked at the sessions in these places; returns its own place.

    `marker` is one of `RosterRow.MARKERS`.
    """
    row = add_rows(data, "roster", 1)
    data[f"roster-{row}-person"], data[f"roster-{row}-entity"] = person, entity
    for place in places:
        data[f"roster-{row}-s{place}"] = RosterRow.TICKED
    if marker:
        data[f"roster-{row}-{marker}"] = "1"
    return row


def set_cell(data, cell, place, text=""):
    data[f"roster-{place}-{cell}"] = text


def people(data):
    """`(person, entity)` of each row of the roster, as typed."""
    cells = (f"roster-{place}-" for place in range(count(data, "roster")))
    return [(typed(data.get(f"{row}person")), typed(data.get(f"{row}entity"))) for row in cells]


def drop(data, pattern):
    """Removes the fields whose whole names match the pattern."""
    for name in [name for name in data if re.fullmatch(pattern, name)]:
        del data[name]


def drop_session(data, place):
    drop(data, rf"sessions-{place}-.*|roster-[0-9]+-s{place}")


def drop_blank(data, rows):
    """Removes those of the rows that are empty: they would stand before the rows just added."""
    for row in rows:
        if not any(typed(data[name]) for name in data if name.startswith(f"roster-{row}-")):
            drop(data, rf"roster-{row}-.*")


def drop_recipient(data, code):
    data.setlist("recipients", [other for other in data.getlist("recipients") if other != code])


def ensure_row(data):
    """Adds a blank row to a grid that has none."""
    for prefix, first in FIRST.items():
        if not any(re.fullmatch(rf"{prefix}-[0-9]+-{first}", name) for name in data):
            add_rows(data, prefix, 1)
