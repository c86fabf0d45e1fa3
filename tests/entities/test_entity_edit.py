import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from entities.models import Entity
from tests.entities.register_pages import as_it_stands, entity_form
from tests.factories import EntityFactory

pytestmark = pytest.mark.usefixtures("db")


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
    client.force_login(request.getfixturevalue(role))
    entity = EntityFactory(name="Dawna")
    assert client.post(url(entity), entity_form(name="Nowa")).status_code == 403
    assert Entity.objects.get().name == "Dawna"


def test_entity_edit_sent_as_it_stands_changes_nothing(client, staff):
    entity = EntityFactory(nip="7762909959", parent=EntityFactory(), email="bez małpy")
    status = entity.statuses.create(basis="owes", valid_from="2023-01-01")
    client.force_login(staff)
    response = client.post(url(entity), as_it_stands(client.get(url(entity))))
    assertRedirects(response, entity.get_absolute_url(), fetch_redirect_response=False)
    assert [entity.history.count(), status.history.count()] == [1, 1]
    assert entity.activities.count() == 0


def test_entity_edit_takes_a_row_away_and_adds_one(client, staff):
    entity = EntityFactory()
    entity.statuses.create(basis="owes", valid_from="2022-05-01")
    client.force_login(staff)
    data = as_it_stands(client.get(url(entity))) | {
        "statuses-0-DELETE": "on",
        "statuses-1-basis": "voivode",
        "statuses-1-valid_from": "1.11.2022",
    }
    client.post(url(entity), data)
    assert [(row.basis, str(row.valid_from)) for row in entity.statuses.all()] == [
        ("voivode", "2022-11-01")
    ]
    assert entity.history.count() == 1


def test_entity_edit_refuses_the_same_activity_twice(client, staff):
    entity = EntityFactory()
    activities = [{"kind": "paid", "since": "01.02.2023"}] * 2
    client.force_login(staff)
    response = client.post(url(entity), entity_form(activities=activities))
    assert response.status_code == 200
    assert entity.activities.count() == 0


def test_entity_edit_leaves_rows_of_others_alone(client, staff):
    entity, other = EntityFactory(), EntityFactory()
    entity.statuses.create(basis="owes", valid_from="2023-01-01")
    status = other.statuses.create(basis="owes", valid_from="2023-01-01")
    client.force_login(staff)
    data = as_it_stands(client.get(url(entity)))
    data |= {"statuses-0-id": status.pk, "statuses-0-DELETE": "on"}
    client.post(url(entity), data)
    assert [entity.statuses.count(), other.statuses.count()] == [1, 1]


def test_entity_edit_refuses_a_newly_typed_wrong_address(client, staff):
    entity = EntityFactory(email="bez małpy")
    client.force_login(staff)
    errors = client.post(url(entity), entity_form(email="też bez")).context["form"].errors
    assert list(errors) == ["email"]
