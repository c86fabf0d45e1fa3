import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import supported


@pytest.fixture
def person(db):
    person = PersonFactory(last_name="Ukryta", code="O77", phone="600", email="u@example.org")
    supported(person=person)
    return person


def test_person_detail_shows_contact_to_those_who_may_see_it(client, staff, person):
    client.force_login(staff)
    response = client.get(person.get_absolute_url())
    assertContains(response, "Łucja Ukryta")
    assertContains(response, "u@example.org")


def test_person_detail_shows_an_auditor_code_and_sex_only(client, auditor, person):
    client.force_login(auditor)
    response = client.get(person.get_absolute_url())
    assertContains(response, "O77 (K)")
    for hidden in ("Ukryta", "Łucja", "u@example.org", "Historia zmian", "Popraw dane"):
        assertNotContains(response, hidden)


def test_person_detail_of_one_who_took_no_part_is_refused_to_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(PersonFactory().get_absolute_url()).status_code == 403


def test_person_detail_names_to_an_auditor_the_entity_and_gives_no_link(client, auditor, person):
    entity = EntityFactory(name="Koło Łąka")
    person.representations.create(entity=entity)
    client.force_login(auditor)
    response = client.get(person.get_absolute_url())
    assertContains(response, "Koło Łąka")
    assertNotContains(response, f'"{entity.get_absolute_url()}"')


def test_person_detail_makes_the_same_queries_for_any_number_of_rows(
    client, staff, person, query_count
):
    client.force_login(staff)
    counts = []
    for more in (3, 27):
        for entity in EntityFactory.create_batch(more):
            person.representations.create(entity=entity)
        counts.append(query_count(person.get_absolute_url()))
    assert counts[0] == counts[1]
