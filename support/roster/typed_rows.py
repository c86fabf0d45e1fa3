"""Rows of the two grids of a service as its page sends them: added to the data, or taken out."""

import re

from owes.lookups import typed
from support.roster.forms import RosterRow

FIRST = {"sessions": "day", "roster": "person"}


def count(data, prefix):
    return int(data.get(f"{prefix}-TOTAL_FORMS") or 0)


def add_rows(data, prefix, number):
    """Blank rows below; answers the place of the first."""
    places = range(count(data, prefix), count(data, prefix) + number)
    for place in places:
        data[f"{prefix}-{place}-{FIRST[prefix]}"] = ""
    data[f"{prefix}-TOTAL_FORMS"] = str(places.stop)
    return places.start


def add_person(data, person, entity, places=(), marker=""):
    """A row of the roster marked at the sessions in these places; answers its own place.

    `marker` says how it came to the list.
    """
    row = add_rows(data, "roster", 1)
    data[f"roster-{row}-person"], data[f"roster-{row}-entity"] = person, entity
    for place in places:
        data[f"roster-{row}-s{place}"] = RosterRow.MARK
    if marker:
        data[f"roster-{row}-{marker}"] = "1"
    return row


def name(data, cell, place, text=""):
    data[f"roster-{place}-{cell}"] = text


def people(data):
    """`(person, entity)` of each row of the roster, as typed."""
    cells = (f"roster-{place}-" for place in range(count(data, "roster")))
    return [(typed(data.get(f"{row}person")), typed(data.get(f"{row}entity"))) for row in cells]


def drop(data, pattern):
    for one in [one for one in data if re.fullmatch(pattern, one)]:
        del data[one]


def drop_session(data, place):
    drop(data, rf"sessions-{place}-.*|roster-[0-9]+-s{place}")


def drop_blank(data, rows):
    """Rows nothing was typed in are in the way of those just added."""
    for row in rows:
        if not any(typed(data[one]) for one in data if one.startswith(f"roster-{row}-")):
            drop(data, rf"roster-{row}-.*")


def drop_recipient(data, code):
    data.setlist("recipients", [one for one in data.getlist("recipients") if one != code])


def keep_a_row(data):
    """Each grid has one to type in."""
    for prefix, first in FIRST.items():
        if not any(re.fullmatch(rf"{prefix}-[0-9]+-{first}", one) for one in data):
            add_rows(data, prefix, 1)
