"""Options of the fields that take rows of the registers, asked for while one types."""

from django.urls import reverse

from tests.factories import EntityFactory


def options(client, name, field, text):
    headers = {"HX-Request": "true", "HX-Trigger-Name": field}
    response = client.get(reverse(f"entities:{name}"), {field: text}, headers=headers)
    return response.content.decode().count("<option")


def test_entity_options_answer_what_is_typed_in_the_field_that_asks(client, staff):
    EntityFactory(name="Koło Łąka")
    EntityFactory(name="Inne")
    client.force_login(staff)
    assert options(client, "entity_options", "parent", "laka") == 1
    assert options(client, "entity_options", "parent", "") == 2


def test_seat_options_answer_local_governments(client, staff):
    client.force_login(staff)
    assert options(client, "seat_options", "seat", "gostynin") == 3


def test_options_are_not_for_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(reverse("entities:entity_options")).status_code == 403
