"""The lists offered while one types, and how what was typed is read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains

from entities.lookups import LocalGovernmentLookup, PowiatLookup
from entities.models import LocalGovernment
from support.models import Recipient, Service
from tests.factories import (
    EntityFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    sputnik,
)
from tests.markup import tight
from tests.pickers import exact, offered

ENTITIES = reverse("support:record_entities", args=["sputnik-ii"])
SERVICES = reverse("support:record_services", args=["sputnik-ii"])
GOVERNMENTS = reverse("support:record_local_governments", args=["sputnik-ii"])


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Gostynin (miejska) (140401)", "140401"),
        ("Gostynin (wiejska)", "140402"),
        ("gostynin (WIEJSKA)", "140402"),
        ("140402", "140402"),
        ("1419022", "141902"),
        ("1419023", "141902"),
        ("1462011", "1462"),
        ("lack", None),
        ("Łąck", "141907"),
        ("powiat płocki", "1419"),
        ("Płock", "1462"),
    ],
)
def test_local_government_is_read_as_people_write_it(text, code):
    try:
        picked = LocalGovernmentLookup([text]).one(text).code
    except ValidationError:
        picked = None
    assert picked == code


@pytest.mark.usefixtures("db")
def test_local_government_of_two_is_asked_for():
    with pytest.raises(ValidationError, match="więcej niż jeden samorząd"):
        LocalGovernmentLookup(["Gostynin"]).one("Gostynin")


@pytest.mark.usefixtures("db")
def test_area_takes_no_gmina():
    for text in ["141907", "Łąck", "1419072"]:
        with pytest.raises(ValidationError):
            PowiatLookup([text]).one(text)


def test_record_entities_offer_what_is_near_with_its_code(client, staff):
    EntityFactory(code="P001", name="Koło „Łąka”")
    EntityFactory(code="P002", name="Inne")
    client.force_login(staff)
    assert offered(client, ENTITIES, "laka\x00") == ["Koło „Łąka” (P001)"]


def test_record_entities_tell_two_alike_apart_and_mark_the_match(client, staff):
    seat = LocalGovernment.objects.get(code="140401")
    EntityFactory(code="P001", name="Koło „Łąka”", legal_form="kgw", seat=seat, nip="7740001454")
    client.force_login(staff)
    page = client.get(ENTITIES, {"q": "laka 774-000-14-54"})
    assert "<span>Koło „<mark>Łąka</mark>”<span" in tight(page)
    line = "koło gospodyń wiejskich · Gostynin (miejska) · NIP <mark>7740001454</mark>"
    assertContains(page, line, html=False)


def test_record_entities_served_lately_come_first_among_equals(client, staff):
    for code in ("P001", "P002"):
        EntityFactory(code=code, name=f"Koło {code}")
    service = ServiceFactory(created_by=staff)
    Recipient.objects.create(service=service, entity=EntityFactory(code="P003", name="Koło Z"))
    client.force_login(staff)
    assert [text[-5:-1] for text in offered(client, ENTITIES, "koło")] == ["P003", "P001", "P002"]
    # Only among equals: a whole word comes before the beginning of one.
    EntityFactory(code="P004", name="Ko")
    assert offered(client, ENTITIES, "ko")[0] == "Ko (P004)"


def test_record_services_offer_those_of_the_entity_first(client, staff):
    entity = EntityFactory(code="P001", name="Koło „Łąka”")
    for code in ("U/1", "U/2", "U/3"):
        ServiceFactory(code=code, topic="Temat")
    ServiceFactory(code="U/4", topic="Temat", state="cancelled")
    ServiceFactory(code="U/5", topic="Temat", project=ProjectFactory())
    Recipient.objects.create(service=ServiceFactory(code="U/6", topic="Inny"), entity=entity)
    second = Service.objects.get(code="U/2")
    Recipient.objects.create(service=second, entity=entity)
    SessionFactory(service=second, day=date(2023, 5, 9))
    client.force_login(staff)
    given = {"entity": "P001"}
    wanted = ["Temat (U/2)", "Temat (U/3)", "Temat (U/1)"]
    assert offered(client, SERVICES, "temat", **given) == wanted
    # A topic repeats: the option says the day, the kind and for whom it was.
    page = client.get(SERVICES, {"q": "temat", **given})
    line = f'<span class="quiet">09.05.2023 · {second.type} · Koło „Łąka”</span>'
    assertContains(page, line, html=False)


def test_record_services_are_found_by_their_entity(client, staff):
    Recipient.objects.create(
        service=ServiceFactory(code="U/6", topic="Inny"), entity=EntityFactory(name="Koło „Łąka”")
    )
    client.force_login(staff)
    assert offered(client, SERVICES, "laka") == ["Inny (U/6)"]
    assert exact(client, SERVICES, "u/6") == "Inny (U/6)"


def test_record_local_governments_of_the_area_come_first(client, staff):
    client.force_login(staff)
    sputnik().area.set(LocalGovernment.objects.filter(code="1419"))
    assert offered(client, GOVERNMENTS, "brudz")[0] == "Brudzeń Duży (wiejska) (141903)"
    assert offered(client, GOVERNMENTS, "powiat plocki") == ["powiat płocki (1419)"]
    assert offered(client, GOVERNMENTS, "gostynin wiejska") == ["Gostynin (wiejska) (140402)"]


@pytest.mark.parametrize("url", [ENTITIES, SERVICES, GOVERNMENTS])
@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_record_options_are_for_those_who_write_records(client, request, role, url):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url).status_code == 403
