from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import (
    AdoptionFactory,
    AttendanceFactory,
    EntityFactory,
    PartnershipFactory,
    ServiceFactory,
    SessionFactory,
)


def url(entity):
    return reverse("support:entity_support", args=[entity.pk])


def served(entity, day, **fields):
    session = SessionFactory(service=ServiceFactory(**fields), day=day)
    return AttendanceFactory(session=session, entity=entity).session.service


def test_entity_support_tells_the_story_by_year(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    service = served(entity, date(2023, 3, 9), state="approved", topic="Statut")
    served(entity, date(2024, 5, 8), state="cancelled", topic="Budżet")
    AdoptionFactory(entity=entity, day=date(2024, 6, 1), services=[service])
    PartnershipFactory(entities=[entity], day=date(2022, 6, 1))
    response = client.get(url(entity))
    years = response.context["timeline"].years
    assert [(year, len(events)) for year, events in years] == [(2024, 2), (2023, 1), (2022, 1)]
    assertContains(response, "zatwierdzone: 1\u00a0usługa, 2\u00a0h, 1\u00a0osoba")
    assertContains(response, f"dzięki usłudze {service.code}")
    assertContains(response, "anulowana")


def test_entity_support_says_that_nobody_came(client, staff):
    service = ServiceFactory()
    SessionFactory(service=service)
    entity = EntityFactory()
    service.recipient_links.create(entity=entity)
    client.force_login(staff)
    assertContains(client.get(url(entity)), "nikt z podmiotu nie był obecny")


def test_entity_support_without_services_says_so(client, staff):
    client.force_login(staff)
    response = client.get(url(EntityFactory()))
    assertContains(response, "Podmiot nie był jeszcze odbiorcą żadnej usługi.")


def test_entity_support_is_for_the_auditor_what_stands_behind_the_numbers(client, auditor):
    client.force_login(auditor)
    stranger, entity = EntityFactory(), EntityFactory()
    served(stranger, date(2023, 3, 9), state="draft")
    seen = served(entity, date(2023, 3, 9), state="approved")
    hidden = served(entity, date(2023, 3, 10), state="returned")
    assert client.get(url(stranger)).status_code == 403
    response = client.get(url(entity))
    assertNotContains(response, "Próbna")
    assertContains(response, seen.topic)
    assertNotContains(response, hidden.topic)


def test_entity_support_asks_the_database_the_same_number_of_times(client, staff):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(entity)).status_code == 200
        return len(captured)

    entity = EntityFactory()
    client.force_login(staff)
    service = served(entity, date(2023, 3, 9))
    AdoptionFactory(entity=entity, services=[service])
    PartnershipFactory(entities=[entity])
    queries()
    few = queries()
    for _ in range(10):
        served(entity, date(2023, 3, 9))
        AdoptionFactory(entity=entity, services=[service])
        PartnershipFactory(entities=[entity])
    assert queries() == few
