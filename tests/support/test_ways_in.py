"""Whom one row means, asked at every way into the register: the answers are the same.

A form asks about the same person as about a likely one: it would make another.
"""

import pytest
from django.urls import reverse

from entities.matching import ASK, NEW, SAME
from entities.models import Representation
from entities.written_names import WrittenName, split_name
from support.roster.newcomers import Newcomer
from support.services.pasted_entries import rows_to_type
from support.services.pasting import Paste
from support.workbook import contract
from support.workbook.identity import identify
from support.workbook.layout import table_in
from support.workbook.reader import read_book
from tests.entities.register_pages import person_form
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, SessionFactory
from tests.support.services.test_service_create import URL, entity, payload, person, signed_in  # noqa: F401

EMAIL = "paulina@example.org"
# Name, e-mail, answer. She represents another entity than the one of the service.
ROWS = [
    ("Paulina Fijałkowska", EMAIL, SAME),
    ("Fijałkowska Paulina", EMAIL, SAME),
    ("FIJAŁKOWSKA Paulina", EMAIL.upper(), SAME),
    ("mgr Paulina Fijałkowska", EMAIL, SAME),
    ("Paulina Fijałkowska (Gość)", EMAIL, SAME),
    ("Paulina Fijałkowska - prezes", EMAIL, SAME),
    ("Paulina Fijałkowska", "", ASK),
    ("Paulina Fijałkowska", "inna@example.org", ASK),
    ("Paulina Fijalkowska", EMAIL, ASK),
    ("Paulina Fiałkowska", "", ASK),
    ("Paulina Fijałkowska-Daleka", "", ASK),
    ("Paulina Ewa Fijałkowska", "", ASK),
    ("Paulina Daleka", EMAIL, ASK),
    ("Lidia Daleka", "", NEW),
    ("Lidia Daleka", EMAIL, NEW),
    ("Wilhelmina Nieznana", "w@example.org", NEW),
]


@pytest.fixture
def paulina(db):
    paulina = PersonFactory(
        code="O7", first_name="Paulina", last_name="Fijałkowska", sex="K", email=EMAIL
    )
    Representation.objects.create(person=paulina, entity=EntityFactory(name="KGW Dalekie"))
    return paulina


def by_form(client, name, email):
    first_name, last_name = split_name(" ".join(WrittenName.read(name).words))
    fields = {"first_name": first_name, "last_name": last_name, "sex": "K", "email": email}
    page = client.post(reverse("entities:person_create"), person_form(**fields))
    return NEW if page.status_code == 302 else ASK


def by_roster(client, payload, name, email):  # noqa: F811
    [row] = rows_to_type(f"{name}\tP021\tK\t\t{email}", ["P021"])
    if not Newcomer.read(row.person):
        return SAME
    page = client.post(URL, payload(roster__0__person=row.person, act="submit"))
    if page.status_code == 302:
        return NEW
    [error] = page.context["entry"].roster.forms[0].errors["person"]
    assert error.startswith("Podobna osoba jest już w rejestrze")
    return ASK


def by_paste(name, email):
    service = ServiceFactory()
    service.recipient_links.create(entity=EntityFactory(code="P900"))
    session = SessionFactory(service=service)
    line = f"{name}\tP900\tK\t\t{email}"
    paste = Paste(line, service, [session], adds_recipients=True, by_first_name=False)
    [row] = paste.rows
    assert row.errors == []
    return SAME if row.person else ASK if row.twins else NEW


def by_import(project, name, email):
    rows = [["Imię i nazwisko", "Płeć", "E-mail"], [name, "K", email]]
    table = table_in(rows, contract.PEOPLE)
    cells = dict(zip(*table.rows, strict=True))
    given = [[cells.get(header, "") for header in contract.PEOPLE.headers]]
    tables = {"Osoby": [contract.PEOPLE.headers, *given]}
    missing = frozenset({"code", "birth_date", "phone", "gmina", "signed_on"})
    book = read_book(tables, contract.PEOPLE, project, missing)
    identify(book, {})
    assert book.errors == []
    return ASK if book.doubts else SAME if book[contract.PEOPLE][0].code else NEW


@pytest.mark.usefixtures("paulina")
@pytest.mark.parametrize(("name", "email", "answer"), ROWS)
def test_each_way_into_the_register_gives_the_same_answer(
    signed_in,  # noqa: F811
    payload,  # noqa: F811
    project,
    name,
    email,
    answer,
):
    assert by_import(project, name, email) == answer
    assert by_paste(name, email) == answer
    if answer != NEW:  # the next one would save her
        assert by_form(signed_in, name, email) == ASK
    assert by_roster(signed_in, payload, name, email) == answer


@pytest.mark.usefixtures("paulina")
def test_the_form_saves_somebody_new(signed_in):  # noqa: F811
    assert by_form(signed_in, "Wilhelmina Nieznana", "") == NEW
