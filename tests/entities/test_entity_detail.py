import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import EntityActivity, Representation, SocialEnterpriseStatus
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import supported


@pytest.fixture
def entity(db):
    entity = EntityFactory(name="Koło Łąka", nip="7762909959")
    person = PersonFactory(first_name="Łucja", last_name="Ukryta", code="O77")
    Representation.objects.create(person=person, entity=entity, role="skarbnik")
    return supported(entity=entity, person=person)


def test_entity_detail_shows_what_the_register_knows(client, staff, entity):
    group = EntityFactory(name="Grupa Start", legal_form="initiative_group")
    EntityFactory(name="Jednostka Dom", parent=entity)
    entity.founding_group = group
    entity.save()
    EntityActivity.objects.create(entity=entity, kind="paid", since="2023-02-01")
    client.force_login(staff)
    response = client.get(entity.get_absolute_url())
    for text in (
        "776-290-99-59",
        "Łucja Ukryta",
        "skarbnik",
        "Grupa Start",
        "Jednostka Dom",
        "odpłatna działalność pożytku publicznego",
        "od 01.02.2023",
        "Historia zmian",
    ):
        assertContains(response, text)


def test_entity_detail_warns_of_a_voivode_before_the_act(client, staff, entity):
    SocialEnterpriseStatus.objects.create(entity=entity, basis="voivode", valid_from="2022-10-30")
    client.force_login(staff)
    warning = "Wojewoda nadaje status dopiero od 30.10.2022."
    assertNotContains(client.get(entity.get_absolute_url()), warning)
    entity.statuses.update(valid_from="2022-10-29")
    assertContains(client.get(entity.get_absolute_url()), warning)


def test_entity_detail_hides_names_and_changes_from_an_auditor(client, auditor, entity):
    client.force_login(auditor)
    response = client.get(entity.get_absolute_url())
    assertContains(response, "O77 (K)")
    assertNotContains(response, "Ukryta")
    assertNotContains(response, "Popraw dane")


def test_entity_detail_of_a_body_behind_no_number_is_refused_to_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(EntityFactory().get_absolute_url()).status_code == 403


def test_entity_detail_has_the_same_queries_with_more_people(client, staff, entity, query_count):
    client.force_login(staff)
    few = query_count(entity.get_absolute_url())
    for person in PersonFactory.create_batch(20):
        Representation.objects.create(person=person, entity=entity)
    assert query_count(entity.get_absolute_url()) == few


def test_entity_detail_gives_an_auditor_no_contact_and_no_closed_doors(client, auditor, entity):
    entity.phone, entity.email = "600700800", "kolo@example.org"
    entity.parent = EntityFactory(name="Prowadzący")
    entity.save()
    client.force_login(auditor)
    response = client.get(entity.get_absolute_url())
    assertContains(response, "Prowadzący")
    for text in ("600700800", "kolo@", entity.parent.get_absolute_url(), "/people/", "local-gov"):
        assertNotContains(response, text)


def steps(client, url):
    """Words of the buttons that add something, with what they look like."""
    page = client.get(url).content.decode()
    return re.findall(r'class="btn btn-(\w+)" href="[^"]*/add/\?[^"]*">.*?</svg>([^<]+)<', page)


@pytest.mark.parametrize("tab", ["", "support/", "evidence/", "indicators/"])
def test_entity_detail_leads_to_the_next_step_from_each_tab(client, staff, entity, tab):
    client.force_login(staff)
    assert steps(client, entity.get_absolute_url() + tab) == [
        ("secondary", "Dodaj osobę"),
        ("secondary", "Dodaj wdrożenie"),
        ("primary", "Dodaj usługę"),
    ]


def test_entity_detail_leads_a_person_to_the_form_of_this_entity(client, staff):
    entity = EntityFactory(code="P 7", name="Koło Łąka")
    client.force_login(staff)
    page = client.get(entity.get_absolute_url()).content.decode()
    address = re.search(r'href="([^"]+)"[^<]*<svg.*?</svg>Dodaj osobę', page)[1]
    row = client.get(address).context["representations"][0]
    assert row["entity"].value() == "Koło Łąka (P 7)"


def test_entity_detail_offers_an_auditor_no_next_step(client, auditor, entity):
    client.force_login(auditor)
    assert steps(client, entity.get_absolute_url()) == []
