"""Over forty bad inputs: a sentence beside the field or an empty list, all typed kept, no 500.

The client of the tests raises whatever would be a 500.
"""

import pytest
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains

from entities.models import Entity, Person
from support.models import Evidence, Import, StaffMember, StaffTraining
from tests.entities.register_pages import entity_form, person_form
from tests.factories import PersonFactory, ServiceFactory, StaffMemberFactory
from tests.support.files import sent

pytestmark = pytest.mark.usefixtures("db")
RECORDS = (Entity, Person, StaffMember, StaffTraining, Evidence, Import)
LONG = "ą" * 5000


def counts():
    return [model.objects.count() for model in RECORDS]


def training(**changes):
    fields = {"topic": "RODO", "starts_on": "09.03.2023", "hours": "2"}
    return {"staff_member": StaffMemberFactory().pk, "organiser": "", "ends_on": ""} | (
        fields | {"certificate_number": ""} | changes
    )


FORMS = {
    "person": ("entities:person_create", [], person_form),
    "entity": ("entities:entity_create", [], entity_form),
    "member": ("support:staff_member_create", ["sputnik-ii"], dict),
    "training": ("support:staff_training_create", ["sputnik-ii"], training),
}


@pytest.mark.parametrize(
    ("form", "field", "typed"),
    [
        # Texts
        ("person", "first_name", "\u200b\u200d"),
        ("person", "last_name", "\u202e"),
        ("person", "last_name", "a\x00b"),
        ("person", "last_name", LONG),
        ("person", "email", "anna@@example.org"),
        ("person", "email", "anna@example.org\r\nBcc: x@example.org"),
        ("entity", "name", "\ufeff \u2060"),
        ("entity", "name", LONG),
        ("entity", "legal_form", "<script>"),
        ("member", "name", "\u0000"),
        ("training", "topic", LONG),
        # Numbers
        ("person", "birth_year", "١٩٨٠"),
        ("person", "birth_year", "-1980"),
        ("person", "birth_year", "99999999999999999999"),
        ("entity", "nip", "٧٧٦٢٩٠٩٩٥٩"),
        ("entity", "nip", "7762909950"),
        ("entity", "krs", "12"),
        ("entity", "regon", "0" * 15),
        ("training", "hours", "1e3"),
        ("training", "hours", "NaN"),
        ("training", "hours", "-0,5"),
        ("training", "hours", "24,01"),
        ("training", "staff_member", "999999999999999999999"),
        # Days
        ("person", "birth_date", "30.02.1980"),
        ("person", "birth_date", "01.01.0001"),
        ("person", "birth_date", "31.12.9999"),
        ("training", "starts_on", "29.02.2023"),
        ("training", "ends_on", "08.03.2023"),
    ],
)
def test_a_bad_field_is_told_of_and_all_that_was_typed_is_kept(client, staff, form, field, typed):
    name, arguments, make = FORMS[form]
    payload = make(**{field: typed})
    client.force_login(staff)
    before = counts()
    page = client.post(reverse(name, args=arguments), payload)
    assert (page.status_code, counts()) == (200, before)
    shown = page.context["form"]
    assert field in shown.errors or "__all__" in shown.errors
    assert shown[field].value() in (typed, typed.strip())
    assertContains(page, escape(next(iter(shown.errors.values()))[0]))


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("/people/?q=a%00b", 200),
        ("/people/?page=99999999999999999999", 200),
        ("/people/?sort=-password", 200),
        ("/people/?sex=%F0%9F%98%80&page=-1", 200),
        ("/people/99999999999999999999/", 404),
        ("/entities/?columns=" + "x" * 4000, 200),
        ("/p/sputnik-ii/?on=0001-01-01", 200),
        ("/p/sputnik-ii/indicators/pes/?on=2024-02-30", 200),
        ("/p/sputnik-ii/services/?from_day=31.02.2024&year=1e9", 200),
        ("/p/sputnik-ii%00/services/", 400),
    ],
)
def test_a_bad_address_is_answered(client, staff, page, status):
    PersonFactory()
    client.force_login(staff)
    assert client.get(page).status_code == status


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pusty.xlsx", b""),
        ("skoroszyt.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("zdjecie.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("uciety.xlsx", b"PK\x03\x04" + bytes(50)),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_and_not_kept(client, coordinator, name, content):
    client.force_login(coordinator)
    address = reverse("support:import_list", args=["sputnik-ii"])
    page = client.post(address, {"register": "people", "file": sent(name, content)})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("strona.pdf", b"<html><script>alert(1)</script></html>"),
        ("rysunek.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("../../etc/passwd", b"root:x:0:0"),
        ("x" * 300 + ".pdf", b"%PDF-1.4"),
    ],
)
def test_a_file_that_is_no_document_is_refused_and_not_kept(client, staff, name, content):
    record = ServiceFactory()
    client.force_login(staff)
    address = reverse("support:record_evidence", args=["sputnik-ii", "service", record.pk])
    files = {"kind": "karta podpisana", "files": [sent(name, content)]}
    page = client.post(address, files)
    assert page.status_code == 200
    assert not Evidence.objects.exists()
