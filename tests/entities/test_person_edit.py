from django.urls import reverse

from entities.models import Representation
from tests.entities.register_pages import as_it_stands, person_form, rows
from tests.factories import EntityFactory, PersonFactory, jst


def test_person_edit_changes_the_person_and_ends_a_representation(client, staff):
    person = PersonFactory(last_name="Dawna")
    row = Representation.objects.create(person=person, entity=EntityFactory(code="P1"))
    client.force_login(staff)
    data = person_form(last_name="Nowa") | rows(
        "representations", {"id": row.pk, "entity": "P1", "until": "31.12.2023"}
    )
    data["representations-INITIAL_FORMS"] = 1
    client.post(reverse("entities:person_edit", args=[person.pk]), data)
    person.refresh_from_db()
    row.refresh_from_db()
    assert (person.last_name, person.sort_key[:8]) == ("Nowa", "n0o0w0a0")
    assert f"{row.until}" == "2023-12-31"


def test_person_edit_is_refused_to_an_auditor(client, auditor):
    person = PersonFactory(last_name="Dawna")
    client.force_login(auditor)
    url = reverse("entities:person_edit", args=[person.pk])
    assert client.post(url, person_form(last_name="Nowa")).status_code == 403
    person.refresh_from_db()
    assert person.last_name == "Dawna"


def test_person_edit_sent_as_it_stands_changes_nothing(client, staff):
    person = PersonFactory(birth_date="1970-03-09", gmina=jst("140402"), email="bez małpy")
    row = person.representations.create(entity=EntityFactory(), since="2023-03-09")
    url = reverse("entities:person_edit", args=[person.pk])
    client.force_login(staff)
    response = client.post(url, as_it_stands(client.get(url)))
    assert response.url == person.get_absolute_url()
    assert [person.history.count(), row.history.count()] == [1, 1]


def test_person_edit_takes_a_representation_away(client, staff):
    person = PersonFactory()
    person.representations.create(entity=EntityFactory())
    url = reverse("entities:person_edit", args=[person.pk])
    client.force_login(staff)
    client.post(url, as_it_stands(client.get(url)) | {"representations-0-DELETE": "on"})
    assert person.representations.count() == 0


def test_person_edit_refuses_a_newly_typed_wrong_address(client, staff):
    person = PersonFactory(email="bez małpy")
    url = reverse("entities:person_edit", args=[person.pk])
    client.force_login(staff)
    errors = client.post(url, person_form(email="też bez")).context["form"].errors
    assert list(errors) == ["email"]
