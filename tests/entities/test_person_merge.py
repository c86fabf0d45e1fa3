from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import Person
from support.models import Attendance
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import attend, service_of

pytestmark = pytest.mark.usefixtures("db")


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
    assert [(change.code, change.before, change.after) for change in effects.changes] == [
        ("representatives", 2, 1)
    ]
    answer = client.post(address, {"other": "O2", "act": "merge"})
    assertRedirects(answer, keeper.get_absolute_url())
    assert (Person.objects.get(), Attendance.objects.get().person) == (keeper, keeper)


def test_merging_people_who_differ_is_warned_of_and_confirmed(client, coordinator):
    client.force_login(coordinator)
    keeper = PersonFactory(code="O1", first_name="Jan", last_name="Nowak", sex="M")
    PersonFactory(code="O2", first_name="Jadwiga", last_name="Nowak", sex="K")
    PersonFactory(code="O3", first_name="JAN", last_name="Nowakowski", sex="M")
    address = reverse("entities:person_merge", args=[keeper.pk])
    page = client.post(address, {"other": "O2", "act": "preview"})
    assert page.context["doubts"] == [
        "Inna płeć: mężczyzna a kobieta.",
        "Inne imię: Jan a Jadwiga.",
    ]
    assertContains(page, "Czy to na pewno ten sam zapis?")
    refused = client.post(address, {"other": "O2", "act": "merge"})
    assertContains(refused, "Zapisy się różnią. Zaznacz, że to na pewno ten sam.")
    assert Person.objects.count() == 3
    assert client.post(address, {"other": "O3", "act": "preview"}).context["doubts"] == []
    answer = client.post(address, {"other": "O2", "act": "merge", "sure": "1"})
    assertRedirects(answer, keeper.get_absolute_url())
    assert Person.objects.count() == 2
