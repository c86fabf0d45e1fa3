"""The page on which two entities become one: choose, see the effect, merge."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import Entity, Merge
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import supported

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def pair(client, coordinator):
    client.force_login(coordinator)
    return (
        EntityFactory(code="P1", name="Koło Łąka", phone="1", email=""),
        EntityFactory(code="P2", name="KGW „Łąka”", phone="2", email="laka@example.org"),
    )


def url(entity):
    return reverse("entities:entity_merge", args=[entity.pk])


@pytest.mark.parametrize("text", ["P2", "KGW Łąka", "KGW „Łąka” (P2)"])
def test_entity_merge_finds_the_other_by_code_or_name(client, pair, text):
    keeper, other = pair
    page = client.get(url(keeper), {"other": text})
    assert page.context["form"].loser == other
    fields = [field.name for field in page.context["form"].choices()]
    assert {"name", "phone", "email"} <= set(fields)


@pytest.mark.parametrize("text", ["P1", "Nie ma takiego", "a\x00"])
def test_entity_merge_refuses_itself_and_nothing(client, pair, text):
    page = client.get(url(pair[0]), {"other": text})
    assert page.status_code == 200
    assert page.context["form"].lookup_error != ""


def test_entity_merge_shows_the_effect_and_saves_nothing(client, pair):
    keeper, other = pair
    for entity in pair:
        supported(date(2023, 3, 9), entity=entity)
    page = client.post(url(keeper), {"other": "P2", "act": "preview"})
    ((project, effects),) = page.context["effects"]
    assert {change.code: (change.before, change.after) for change in effects.changes} == {
        "pes": (2, 1)
    }
    assert Entity.objects.count() == 2
    assert not Merge.objects.exists()


def test_entity_merge_keeps_the_values_chosen_and_the_old_address_leads_on(client, pair):
    keeper, other = pair
    answer = client.post(
        url(keeper),
        {"other": "P2", "name": "", "phone": "loser", "email": "loser", "act": "merge"},
    )
    assertRedirects(answer, keeper.get_absolute_url())
    keeper.refresh_from_db()
    assert (keeper.name, keeper.phone, keeper.email) == ("Koło Łąka", "2", "laka@example.org")
    assertRedirects(client.get(other.get_absolute_url()), keeper.get_absolute_url())


def test_entity_merge_is_for_the_coordinator(client, pair, staff):
    client.force_login(staff)
    assert client.get(url(pair[0])).status_code == 403
    assert client.post(url(pair[0]), {"other": "P2", "act": "merge"}).status_code == 403


def test_entity_merge_is_refused_with_a_sentence_when_it_would_be_wrong(client, pair):
    keeper, group = pair[0], EntityFactory(code="G1", legal_form="initiative_group")
    EntityFactory(founding_group=group)
    page = client.post(url(keeper), {"other": "G1", "act": "merge"})
    assertContains(page, "musi zostać grupą inicjatywną")
    assert Entity.objects.count() == 4


def test_person_is_no_entity(client, pair):
    person = PersonFactory(code="O1")
    page = client.get(url(pair[0]), {"other": person.code})
    assert page.context["form"].loser is None


def test_the_columns_of_an_entity_are_called_as_the_field_calls_them(client, coordinator):
    client.force_login(coordinator)
    keeper = EntityFactory(code="P1", name="KGW", nip="5260250995", krs="0000019193")
    EntityFactory(code="P2", name="KGW", nip="7740001454", regon="012100784")
    page = client.post(url(keeper), {"other": "P2", "act": "preview"})
    labels = [field.label for field in page.context["form"].choices()]
    assert labels == ["NIP", "REGON", "KRS"]
    assert page.context["doubts"] == ["Inny NIP: 5260250995 a 7740001454."]
