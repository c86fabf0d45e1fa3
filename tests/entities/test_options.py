"""Options of the fields that take rows of the registers, asked for while one types."""

import pytest
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


def test_seat_options_answer_only_what_can_be_a_seat(client, staff):
    client.force_login(staff)
    assert options(client, "seat_options", "seat", "gostynin") == 2
    assert options(client, "local_government_options", "local_government", "gostynin") == 3


@pytest.mark.parametrize("name", ["entity_options", "seat_options", "local_government_options"])
def test_options_are_not_for_an_auditor(client, auditor, name):
    client.force_login(auditor)
    assert client.get(reverse(f"entities:{name}")).status_code == 403
