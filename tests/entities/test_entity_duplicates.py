import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import NotDuplicate
from tests.factories import EntityFactory

URL = reverse("entities:entity_duplicates")
DISMISS = reverse("entities:entity_duplicate_dismiss")


@pytest.fixture
def pair(client, staff):
    client.force_login(staff)
    return [EntityFactory(code=code, name="Fundacja Łąka") for code in ("P1", "P2")]


def shown(client):
    page = client.get(URL)
    return [(pair.first.code, pair.second.code) for pair in page.context["pairs"]]


def test_entity_duplicates_shows_pairs_until_they_are_said_to_be_two(client, pair, staff):
    assert shown(client) == [("P1", "P2")]
    answer = client.post(DISMISS, {"key": [row.pk for row in pair]}, follow=True)
    assertContains(
        answer, "Zapamiętano, że Fundacja Łąka (P1) i Fundacja Łąka (P2) to nie duplikat."
    )
    assert shown(client) == []
    dismissed = NotDuplicate.objects.get()
    assert dismissed.said_by == staff
    recall = reverse("entities:entity_duplicate_recall", args=[dismissed.pk])
    assertRedirects(client.post(recall), URL)
    assert shown(client) == [("P1", "P2")]


@pytest.mark.parametrize("keys", [[], ["x"], ["1", "1"], ["999998", "999999"], ["²"]])
def test_entity_duplicates_dismisses_only_two_records(client, pair, keys):
    answer = client.post(DISMISS, {"key": keys}, follow=True)
    assertContains(answer, "Jednego z tych zapisów już nie ma w rejestrze.")
    assert not NotDuplicate.objects.exists()


def test_entity_duplicates_leads_a_coordinator_to_merging(client, pair, coordinator):
    address = f"{pair[0].get_absolute_url()}merge/?other=P2"
    assert address not in client.get(URL).content.decode()
    client.force_login(coordinator)
    assertContains(client.get(URL), f'href="{address}"')
    assert client.get(address).context["form"].loser == pair[1]


def test_entity_duplicates_is_not_for_the_auditor(client, pair, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403
    assert client.post(DISMISS, {"key": [row.pk for row in pair]}).status_code == 403
