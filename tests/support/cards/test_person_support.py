from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
)


def url(person):
    return reverse("support:person_support", args=[person.pk])


def attended(person, day=date(2023, 3, 9), **fields):
    service = ServiceFactory(state="approved")
    session = SessionFactory(service=service, day=day)
    return AttendanceFactory(session=session, person=person, **fields)


def test_person_support_counts_a_session_once_also_for_two_entities(client, staff):
    person = PersonFactory()
    row = attended(person, entity=EntityFactory(name="Fundacja Bez"))
    AttendanceFactory(session=row.session, person=person, entity=EntityFactory(name="OSP Bez"))
    AttendanceFactory(
        session=SessionFactory(service=row.session.service, day=date(2023, 3, 10)),
        person=person,
        state="absent",
    )
    client.force_login(staff)
    response = client.get(url(person))
    assertContains(response, "zatwierdzone: 1\u00a0usługa, 2\u00a0h")
    assertContains(response, "Fundacja Bez, OSP Bez")


def test_person_support_tells_the_story_by_year(client, staff):
    person = PersonFactory()
    attended(person, date(2022, 6, 1))
    attended(person, date(2024, 6, 1))
    client.force_login(staff)
    years = client.get(url(person)).context["timeline"].years
    assert [year for year, _ in years] == [2024, 2022]


def test_person_support_names_nobody_to_the_auditor(client, auditor):
    person = PersonFactory(last_name="Kubiak")
    client.force_login(auditor)
    assert client.get(url(person)).status_code == 403
    attended(person)
    response = client.get(url(person))
    assertContains(response, f"{person.code} (K)")
    assertNotContains(response, "Kubiak")


def test_person_support_asks_the_database_the_same_number_of_times(client, staff):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(person)).status_code == 200
        return len(captured)

    person = PersonFactory()
    attended(person)
    client.force_login(staff)
    queries()
    few = queries()
    for _ in range(10):
        attended(person)
    assert queries() == few
