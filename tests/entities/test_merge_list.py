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


@pytest.mark.parametrize(("decision", "phone"), [("keep", "3"), ("restore", "1")])
def test_merge_undo_asks_about_what_was_changed_since(client, coordinator, decision, phone):
    client.force_login(coordinator)
    first, second = EntityFactory(phone="1", name="Łąka"), EntityFactory(phone="2")
    merge = merging.merge(first, second, ["phone"], by=coordinator)
    Entity.objects.update(phone="3")
    undo = reverse("entities:merge_undo", args=[merge.pk])
    page = client.post(undo)
    assertContains(page, "Jeszcze niczego")
    assertContains(page, "podmiot Łąka")
    [change] = page.context["changes"]
    assert (change.label, change.now, change.before) == ("Telefon", "3", "1")
    assert Entity.objects.get().phone == "3"
    answer = client.post(undo, {change.key: decision}, follow=True)
    assertContains(answer, f"Cofnięto scalenie: {merge}.")
    assert list(Entity.objects.order_by("pk").values_list("phone", flat=True)) == [phone, "2"]


def test_merge_undo_asks_again_after_an_unknown_decision(client, coordinator):
    client.force_login(coordinator)
    first, second = EntityFactory(phone="1"), EntityFactory(phone="2")
    merge = merging.merge(first, second, ["phone"], by=coordinator)
    Entity.objects.update(phone="3")
    undo = reverse("entities:merge_undo", args=[merge.pk])
    [change] = client.post(undo).context["changes"]
    assert client.post(undo, {change.key: "inaczej"}).context["changes"] == [change]
    assert Entity.objects.count() == 1


def test_merge_list_is_for_the_coordinator(client, merge, staff):
    client.force_login(staff)
    assert client.get(URL).status_code == 403
    assert client.post(reverse("entities:merge_undo", args=[merge.pk])).status_code == 403
