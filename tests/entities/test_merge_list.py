import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from entities import merging
from entities.models import Entity
from owes.history import explained_by
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("entities:merge_list")


@pytest.fixture
def merge(client, coordinator):
    client.force_login(coordinator)
    first, second = EntityFactory(code="P1"), EntityFactory(code="P2", name="Łąka")
    return merging.merge(first, second, by=coordinator)


def test_merge_list_tells_what_was_merged_and_undoes_it_once(client, merge):
    assertContains(client.get(URL), "Łąka")
    undo = reverse("entities:merge_undo", args=[merge.pk])
    assertContains(client.post(undo, follow=True), "Cofnięto scalenie: P2 do P1.")
    assert Entity.objects.count() == 2
    client.post(undo)
    assert Entity.objects.count() == 2


def test_the_reasons_of_merging_and_of_undoing_are_shown(client, coordinator):
    client.force_login(coordinator)
    with explained_by("ta sama osoba"):
        row = merging.merge(PersonFactory(), PersonFactory(), by=coordinator)
    assertContains(client.get(URL), "ta sama osoba")
    undo = reverse("entities:merge_undo", args=[row.pk])
    client.post(undo, {"editing-reason": "to jednak siostra"})
    assertContains(client.get(URL), "to jednak siostra")


def test_merge_list_names_what_was_changed_since(client, merge):
    entity = Entity.objects.get()
    EntityFactory(parent=entity)
    merge.journal[-1]["pk"] = entity.pk
    merge.journal.insert(
        0,
        {
            "model": "entities.entity",
            "pk": entity.pk,
            "was": {"phone": "1"},
            "became": {"phone": "2"},
        },
    )
    merge.save()
    undo = reverse("entities:merge_undo", args=[merge.pk])
    assertContains(client.post(undo, follow=True), "Nie cofnięto")


def test_merge_list_is_for_the_coordinator(client, merge, staff):
    client.force_login(staff)
    assert client.get(URL).status_code == 403
    assert client.post(reverse("entities:merge_undo", args=[merge.pk])).status_code == 403
