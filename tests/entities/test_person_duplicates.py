import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import Kind, NotDuplicate
from tests.factories import EntityFactory, PersonFactory

URL = reverse("entities:person_duplicates")


@pytest.fixture
def pair(client, staff):
    client.force_login(staff)
    return [PersonFactory(code=code, first_name="Ewa", last_name="Bór") for code in ("O1", "O2")]


def test_person_duplicates_shows_pairs_and_remembers_what_is_said(client, pair):
    page = client.get(URL)
    pairs = page.context["pairs"]
    assert [(twins.first.code, twins.second.code) for twins in pairs] == [("O1", "O2")]
    dismiss = reverse("entities:person_duplicate_dismiss")
    assertRedirects(client.post(dismiss, {"key": [row.pk for row in pair]}), URL)
    page = client.get(URL)
    assert (page.context["pairs"], len(page.context["dismissed"])) == ([], 1)
    recall = reverse("entities:person_duplicate_recall", args=[NotDuplicate.objects.get().pk])
    assertRedirects(client.post(recall), URL)
    assert not NotDuplicate.objects.exists()


def test_a_pair_of_the_other_register_is_not_recalled_here(client, pair, staff):
    entities = EntityFactory.create_batch(2)
    dismissed = NotDuplicate.say(Kind.ENTITY, *(row.pk for row in entities), by=staff)
    recall = reverse("entities:person_duplicate_recall", args=[dismissed.pk])
    assert client.post(recall).status_code == 404


def test_a_pair_with_a_merged_record_is_left_out(client, pair, staff):
    NotDuplicate.say(Kind.PERSON, pair[0].pk, pair[1].pk, by=staff)
    pair[1].delete()
    page = client.get(URL)
    assert page.context["dismissed"] == []


def test_person_duplicates_is_empty_in_words(client, staff):
    client.force_login(staff)
    assertContains(client.get(URL), "Nie widać duplikatów")


def test_person_duplicates_makes_the_same_queries_for_any_number(client, pair, staff):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        return len(asked)

    NotDuplicate.say(Kind.PERSON, pair[0].pk, PersonFactory().pk, by=staff)
    few = queries()
    entity = EntityFactory()
    for person in PersonFactory.create_batch(30, first_name="Ewa", last_name="Bór"):
        person.representations.create(entity=entity)
        NotDuplicate.say(Kind.PERSON, person.pk, pair[0].pk, by=staff)
    # One more for the entities of those who represent any.
    assert queries() == few + 1
