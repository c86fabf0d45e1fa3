from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from support.models import Adoption
from tests.factories import EntityFactory, ProjectFactory, ServiceFactory, SessionFactory

URL = reverse("support:adoption_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "entity": "",
        "kind": "digital",
        "day": "2023-05-09",
        "description": "Własna strona",
        "services": [],
    } | changes


def test_adoption_create_saves_with_a_code_and_its_services(client, staff, project):
    entity, service = EntityFactory(), ServiceFactory()
    client.force_login(staff)
    client.post(URL, payload(entity=entity.code, services=[service.code]))
    adoption = Adoption.objects.get()
    assert (adoption.code, adoption.project, adoption.entity) == ("NW0001", project, entity)
    assert list(adoption.services.all()) == [service]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "01.01.2025"}, "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."),
        ({"day": "wiosna"}, "Podaj datę w postaci 05.04.2022."),
        ({"kind": ""}, "Uzupełnij to pole."),
        ({"entity": ""}, "Uzupełnij to pole."),
    ],
)
def test_adoption_create_refuses_at_the_field(client, staff, changes, sentence):
    client.force_login(staff)
    data = payload(entity=EntityFactory().code) | changes
    form = client.post(URL, data).context["form"]
    assert form.errors == {next(iter(changes)): [sentence]}
    assert form["description"].value() == "Własna strona"
    assert not Adoption.objects.exists()


def test_adoption_create_refuses_a_day_before_the_services_that_led_to_it(client, staff):
    first, later = ServiceFactory(), ServiceFactory()
    SessionFactory(service=first, day=date(2023, 5, 9))
    SessionFactory(service=later, day=date(2023, 6, 9))
    client.force_login(staff)
    data = payload(entity=EntityFactory().code, services=[later.code, first.code])
    form = client.post(URL, data | {"day": "08.05.2023"}).context["form"]
    assert form.errors == {"day": ["Pierwsza z tych usług była 09.05.2023, po wdrożeniu."]}
    client.post(URL, data | {"day": "09.05.2023"})
    assert Adoption.objects.get().day == date(2023, 5, 9)


def test_adoption_create_refuses_a_day_to_come(client, staff):
    client.force_login(staff)
    data = payload(entity=EntityFactory().code, day="30.12.2024")
    with time_machine.travel(datetime(2024, 12, 29, 12, tzinfo=UTC)):
        form = client.post(URL, data).context["form"]
    assert form.errors == {"day": ["Ten dzień jeszcze nie nadszedł."]}


def test_adoption_create_refuses_a_service_of_another_project(client, staff):
    other = ServiceFactory(project=ProjectFactory())
    client.force_login(staff)
    data = payload(entity=EntityFactory().code, services=[other.code])
    form = client.post(URL, data).context["form"]
    assert list(form.errors) == ["services"]
    assert not Adoption.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_adoption_create_is_for_those_who_work_in_the_project(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]


def test_adoption_create_begins_with_the_entity_a_link_names(client, staff):
    EntityFactory(code="P021", name="Koło Łąka")
    client.force_login(staff)
    form = client.get(URL, {"entity": "P021"}).context["form"]
    assert form["entity"].value() == "Koło Łąka (P021)"
