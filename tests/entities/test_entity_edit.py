import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from entities.models import Entity
from tests.entities.register_pages import entity_form
from tests.factories import EntityFactory

pytestmark = pytest.mark.django_db


def url(entity):
    return reverse("entities:entity_edit", args=[entity.pk])


def test_entity_edit_changes_the_entity_and_writes_who_did_it(client, staff):
    entity = EntityFactory(name="Dawna")
    client.force_login(staff)
    response = client.post(url(entity), entity_form(name="Nowa"))
    assertRedirects(response, entity.get_absolute_url())
    entity.refresh_from_db()
    assert (entity.name, entity.search_text.split(" | ")[0]) == ("Nowa", "nowa")
    assert entity.history.latest().history_user == staff


def test_entity_edit_shows_numbers_and_the_seat_as_people_write_them(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    form = client.get(url(entity)).context["form"]
    assert form["seat"].value() == "Mała Wieś (wiejska) (141908)"


def test_entity_edit_does_not_let_an_entity_be_its_own_parent(client, staff):
    entity = EntityFactory(code="P1")
    client.force_login(staff)
    errors = client.post(url(entity), entity_form(parent="P1")).context["form"].errors
    assert errors == {"parent": ["Podmiot nie może wskazywać na samego siebie."]}


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_entity_edit_is_refused_to_those_who_do_not_work_on_registers(client, request, role):
    entity = EntityFactory(name="Dawna")
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(entity), entity_form(name="Nowa")).status_code == 403
    assert Entity.objects.get().name == "Dawna"
