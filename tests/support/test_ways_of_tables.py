"""The tables of pairs, of people and of entities, asked at the ways that take many rows.

What a name means is decided by one matching; here each way gives the answer of its table.
"""

import pytest
from django.db import transaction

from entities.matching import ASK, NEW, SAME
from entities.models import LegalForm
from support.models import StaffMember
from support.roster.newcomers import Newcomer
from support.services.pasted_entries import rows_to_type
from support.services.pasting import Paste
from support.workbook import contract
from support.workbook.columns import matched, with_constants
from support.workbook.flat_contract import PRESENCES
from support.workbook.flat_reading import read_flat
from support.workbook.identity import identify
from support.workbook.layout import table_in
from support.workbook.reader import read_book
from tests.entities.test_matching_entities import LACK, NAMES, PLACE, TOLD
from tests.entities.test_matching_people import (
    ASKED_WRITTEN,
    NEW_WRITTEN,
    SAME_WRITTEN,
    osp,
)
from tests.factories import EntityFactory, ServiceFactory, SessionFactory, jst

__all__ = ["osp"]
pytestmark = pytest.mark.usefixtures("db")
SAID = [(text, SAME, code) for code, texts in SAME_WRITTEN.items() for text in texts]
SAID += [(text, ASK, code) for code, texts in ASKED_WRITTEN.items() for text in texts]
SAID += [(text, NEW, None) for text in NEW_WRITTEN]


def answers(said):
    """`{name: (answer, code)}` of the table, of names that a way takes."""
    return {text: (answer, code) for text, answer, code in SAID if text in said}


def by_paste(names, osp):
    service = ServiceFactory()
    service.recipient_links.create(entity=osp)
    lines = "\n".join(f"{name}\tP1" for name in names)
    sessions = [SessionFactory(service=service)]
    paste = Paste(lines, service, sessions, adds_recipients=True, by_first_name=False)
    found = {}
    for name, row in zip(names, paste.rows, strict=True):
        codes = [row.person.code] if row.person else [twin.code for twin in row.twins]
        answer = SAME if row.person else ASK if codes else NEW
        found[name] = answer, codes[0] if codes else None
    return found


def by_roster(names):
    """Whether somebody of the register is named, by name."""
    found = {}
    for name in names:
        [row] = rows_to_type(f"{name}\tP1", ["P1"])
        found[name] = NEW if Newcomer.read(row.person) else SAME
    return found


def by_flat_sheet(names, project):
    """Each name in a sheet of its own: alike names of one sheet are one person."""
    found = {}
    for name in names:
        rows = [["Imię i nazwisko", "Podmiot", "Płeć"], [name, "P1", ""]]
        table = table_in(rows, PRESENCES)
        columns = {header: header for header in ("Imię", "Nazwisko", "Podmiot")}
        columns |= {
            "Data": "=05.04.2022",
            "Godziny": "=9-12",
            "Rodzaj usługi": "=szkolenie",
            "Temat": "=Dotacje",
            "Doradca": "=Ewa",
        }
        filled = with_constants(matched(table.rows, PRESENCES, columns), PRESENCES, columns)
        book = read_flat(filled, PRESENCES, project)
        book.maiden_names = table.maiden_names
        identify(book, {})
        assert book.errors == []
        [person] = book[contract.PEOPLE]
        codes = [twin.row.code for doubt in book.doubts for twin in doubt.twins]
        answer = SAME if person.code else ASK if codes else NEW
        found[name] = answer, person.code or (codes[0] if codes else None)
    return found


@pytest.fixture
def names(osp):
    """Without those whose bracket is a code, which only lists of people take for one."""
    return [text for text, *_ in SAID if "(O1)" not in text and "(o1)" not in text]


def test_the_table_of_people_holds_for_pasted_rows(osp, names):
    assert by_paste(names, osp) == answers(names)


def test_the_table_of_people_holds_for_a_roster(osp, names):
    told = {name: SAME if answer == SAME else NEW for name, (answer, _) in answers(names).items()}
    assert by_roster(names) == told


def test_the_table_of_people_holds_for_a_flat_sheet(osp, names, project):
    StaffMember.objects.create(name="Ewa")
    assert by_flat_sheet(names, project) == answers(names)


class Tried(Exception):
    """Takes back the entity that one pair is about."""


def by_register(known, typed, project):
    """What a list of entities says of the row, beside one known entity."""
    cells = {"name": typed["name"], "legal_form": LegalForm(typed["legal_form"]).label}
    told = ("nip", "regon", "krs", "phone", "email")
    cells |= {name: typed[name] for name in told if name in typed}
    if typed.get("seat"):
        cells["seat"] = jst(typed["seat"]).teryt_codes.first().code
    row = [cells.get(column.field, "") for column in contract.ENTITIES.columns]
    seat = known.get("seat", LACK)
    try:
        with transaction.atomic():
            EntityFactory(code="P1", **known | {"seat": seat and jst(seat)})
            tables = {"Podmioty": [contract.ENTITIES.headers, row]}
            book = read_book(tables, contract.ENTITIES, project)
            identify(book, {})
            assert book.errors == []
            [read] = book[contract.ENTITIES]
            found = SAME if read.code else ASK if book.doubts else NEW
            raise Tried
    except Tried:
        return found


def test_the_table_of_entities_holds_for_a_list_of_them(project):
    pairs = [
        (known, {"name": name, "legal_form": known["legal_form"], **place}, SAME if place else ASK)
        for known, name in NAMES
        for place in (PLACE, {})
    ]
    pairs += [pair for pair in TOLD if "legal_form" in pair[1]]
    assert len(pairs) > 60
    wrong = [pair for pair in pairs if by_register(*pair[:2], project) != pair[2]]
    assert wrong == []
