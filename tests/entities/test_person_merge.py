from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from entities.models import Person
from support.models import Attendance
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import attend, service_of

pytestmark = pytest.mark.django_db


def test_person_merge_joins_attendances_of_one_session(client, coordinator):
    client.force_login(coordinator)
    entity = EntityFactory()
    service = service_of(date(2023, 3, 9), entity=entity)
    keeper, other = PersonFactory(code="O1"), PersonFactory(code="O2")
    for person in (keeper, other):
        attend(service, entity, person)
    address = reverse("entities:person_merge", args=[keeper.pk])
    page = client.post(address, {"other": "O2", "act": "preview"})
    ((_, effects),) = page.context["effects"]
    assert [(one.code, one.before, one.after) for one in effects.changes] == [
        ("representatives", 2, 1)
    ]
    answer = client.post(address, {"other": "O2", "act": "merge"})
    assertRedirects(answer, keeper.get_absolute_url())
    assert (Person.objects.get(), Attendance.objects.get().person) == (keeper, keeper)
