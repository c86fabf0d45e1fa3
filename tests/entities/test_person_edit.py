from django.urls import reverse

from entities.models import Representation
from tests.entities.register_pages import person_form, rows
from tests.factories import EntityFactory, PersonFactory


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
