"""A form asks the database as often with one row under its record as with twenty-five."""

import pytest
from django.urls import reverse

from entities.models import Representation
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    PartnershipFactory,
    PersonFactory,
    ServiceFactory,
)

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("db")]


def person_of(rows):
    person = PersonFactory()
    for entity in EntityFactory.create_batch(rows):
        Representation.objects.create(person=person, entity=entity)
    return reverse("entities:person_edit", args=[person.pk])


def entity_with(rows):
    entity = EntityFactory()
    for number in range(rows):
        entity.statuses.create(basis="owes", valid_from=f"2023-01-{number + 1:02}")
        entity.activities.create(kind="paid", since=f"2023-01-{number + 1:02}")
    return reverse("entities:entity_edit", args=[entity.pk])


def adoption_from(rows):
    return AdoptionFactory(services=ServiceFactory.create_batch(rows)).get_absolute_url()


def partnership_on(rows):
    return PartnershipFactory(entities=EntityFactory.create_batch(rows)).get_absolute_url()


@pytest.mark.parametrize("made", [person_of, entity_with, adoption_from, partnership_on])
def test_form_asks_as_often_however_many_rows_it_has(client, coordinator, query_count, made):
    client.force_login(coordinator)
    assert query_count(made(1)) == query_count(made(25))
