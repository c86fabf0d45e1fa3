"""Rows pasted into the roster of a service form, written as one would type them there."""

from collections import Counter
from dataclasses import dataclass

from entities.lookups import EntityLookup
from owes.folding import fold
from owes.formatting import plural
from owes.lookups import label_of, typed
from support.roster import typed_rows
from support.roster.lists import MOST_ROWS
from support.roster.newcomers import SEXES
from support.services.pasted_rows import rows_of
from support.services.recognition import PeopleOfRows, found_or_none
from support.services.recognized_rows import RecognizedRow


def add_pasted_rows(data, recipients, places):
    """Adds the pasted rows that are not on the roster yet, and their entities to the recipients.

    `recipients` are codes; `places` are those of the sessions at which new rows are ticked. Does
    nothing when the roster would be too long.
    """
    typed_people = typed_rows.people(data)
    counts = Counter(rows_to_type(data.get("paste", ""), recipients))
    new = [row for row in counts if (row.person, row.entity) not in typed_people]
    if len(typed_people) + len(new) > MOST_ROWS:
        return
    data.setlist("pasted-notes", list(_notes(counts, new)))
    for row in new:
        typed_rows.add_person(data, row.person, row.entity, places, "pasted")
        if row.code and row.code not in data.getlist("recipients"):
            data.appendlist("recipients", row.code)
    data["paste"] = ""
    typed_rows.drop_blank(data, range(len(typed_people)))


def _notes(counts, new):
    """A sentence about each pasted row that added no row, or came more than once."""
    for row, count in counts.items():
        if row not in new:
            yield f"{row.person}: jest już na liście."
        elif count > 1:
            equal = plural(count, "taki sam wiersz,takie same wiersze,takich samych wierszy")
            yield f"{row.person}: {equal}, wzięto jeden."


@dataclass(frozen=True)
class TypedRow:
    """A pasted row as typed in the roster; `code` is that of its entity, if it is known."""

    person: str
    entity: str
    code: str = ""


def rows_to_type(text, recipients):
    """`TypedRow` of each pasted row, for a service whose recipients have these codes.

    People of the register are named with their codes, others as newcomers. A text that cannot be
    read stays as it is, and the roster says what is wrong.
    """
    rows = [RecognizedRow(*row) for row in rows_of(text)]
    entities = EntityLookup([row.values.get("entity", "") for row in rows] + recipients[:1])
    people = PeopleOfRows()
    for row in rows:
        people.read_name(row)
        words = typed(row.values.get("entity"))
        if not words and len(recipients) == 1:
            words = recipients[0]
        row.entity = found_or_none(entities, words)
    matches = people.matches(rows, lambda row: [row.entity.pk] if row.entity else [])
    for row, match in zip(rows, matches, strict=True):
        entity = label_of(row.entity) if row.entity else typed(row.values.get("entity"))
        code = row.entity.code if row.entity else ""
        person = label_of(match.row) if match.row else _newcomer_text(row)
        yield TypedRow(person, entity, code)


def _newcomer_text(row):
    """The row as a newcomer, about whom the roster asks whether it is somebody known."""
    if not row.last_name or row.bracket:
        return row.written
    sex = typed(row.values.get("sex"))
    return row.newcomer.written(sex=SEXES.get(fold(sex), sex))
