"""The lists offered while one types, and how what was typed is read."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from entities.lookups import LocalGovernmentLookup, PowiatLookup
from support.models import Recipient
from tests.factories import EntityFactory, ProjectFactory, ServiceFactory

ENTITIES = reverse("support:record_entities", args=["sputnik-ii"])
SERVICES = reverse("support:record_services", args=["sputnik-ii"])


@pytest.mark.django_db
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
        found = LocalGovernmentLookup([text]).one(text).code
    except ValidationError:
        found = None
    assert found == code


@pytest.mark.django_db
def test_local_government_of_two_is_asked_for():
    with pytest.raises(ValidationError, match="więcej niż jeden samorząd"):
        LocalGovernmentLookup(["Gostynin"]).one("Gostynin")


@pytest.mark.django_db
def test_area_takes_no_gmina():
    for text in ["141907", "Łąck", "1419072"]:
        with pytest.raises(ValidationError):
            PowiatLookup([text]).one(text)


def test_record_entities_offer_what_is_near_with_its_code(client, staff):
    EntityFactory(code="P001", name="Koło „Łąka”")
    EntityFactory(code="P002", name="Inne")
    client.force_login(staff)
    for name in ("entity", "entities"):
        response = client.get(ENTITIES, {name: "laka\x00"})
        assert response.content.decode() == '<option value="Koło „Łąka” (P001)"></option>\n'


def test_record_services_offer_those_of_the_entity_first(client, staff):
    entity = EntityFactory(code="P001")
    for code in ("U/1", "U/2", "U/3"):
        ServiceFactory(code=code, topic="Temat")
    ServiceFactory(code="U/4", topic="Temat", state="cancelled")
    ServiceFactory(code="U/5", topic="Temat", project=ProjectFactory())
    Recipient.objects.create(service=ServiceFactory(code="U/6", topic="Inny"), entity=entity)
    Recipient.objects.create(service=entity.services.model.objects.get(code="U/2"), entity=entity)
    client.force_login(staff)
    response = client.get(SERVICES, {"services": "temat", "entity": "P001"})
    assert response.content.decode().split('"')[1::2] == [
        "U/2 Temat (U/2)",
        "U/3 Temat (U/3)",
        "U/1 Temat (U/1)",
    ]


@pytest.mark.parametrize("url", [ENTITIES, SERVICES])
@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_record_options_are_for_those_who_write_records(client, request, role, url):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url).status_code == 403
