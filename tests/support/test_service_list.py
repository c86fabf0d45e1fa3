import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from support.models import ServiceType, Theme
from tests.factories import (
    ActivityFactory,
    EntityFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)

URL = reverse("support:service_list", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def services(staff):
    """Three services that differ in everything a filter asks for."""
    first = ServiceFactory(topic="Łąka w statucie", state="approved")
    first.recipient_links.create(entity=EntityFactory(code="P021", name="KGW „Zagon”"))
    first.adviser_links.create(staff_member=StaffMemberFactory(name="Ewa Piórkowska"))
    first.theme_links.create(theme=Theme.objects.get(goal="eco"))
    SessionFactory(service=first, day=date(2022, 6, 1))
    second = ServiceFactory(
        topic="Budżet",
        type=ServiceType.objects.get(name="szkolenie"),
        activity=ActivityFactory(),
        created_by=staff,
    )
    SessionFactory(service=second, day=date(2023, 3, 9))
    SessionFactory(service=second, day=date(2024, 3, 9))
    third = ServiceFactory(topic="Bez terminu", state="cancelled")
    return first, second, third


def topics(response):
    return [row.record.topic for row in response.context["table"].rows]


def test_time_is_of_the_days_asked_for(signed_in, services):
    table = signed_in.get(URL, {"from_day": "1.01.2024"}).context["table"]
    assert [(row.record.topic, row.record.total_minutes) for row in table.rows] == [
        ("Budżet", 120)
    ]
    assert table.total_minutes == 120
    assert signed_in.get(URL, {"q": "Budżet"}).context["table"].total_minutes == 240


def test_service_list_shows_the_latest_first(signed_in, services):
    response = signed_in.get(URL)
    assert topics(response) == ["Bez terminu", "Budżet", "Łąka w statucie"]
    assertContains(response, "Razem 3\u00a0usługi")
    assertContains(response, "6\u00a0h")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "laka"}, ["Łąka w statucie"]),
        ({"q": "zagon"}, ["Łąka w statucie"]),
        ({"q": "piorkowska"}, ["Łąka w statucie"]),
        ({"state": "cancelled"}, ["Bez terminu"]),
        ({"mine": "1"}, ["Budżet"]),
        ({"entity": "P021"}, ["Łąka w statucie"]),
        ({"from_day": "10.03.2023", "to_day": "8.3.2024"}, []),
        ({"from_day": "9.3.2023", "to_day": "09.03.2023"}, ["Budżet"]),
        ({"to_day": "01.06.2022"}, ["Łąka w statucie"]),
        ({"theme": "eco"}, ["Łąka w statucie"]),
        ({"sort": "topic"}, ["Bez terminu", "Budżet", "Łąka w statucie"]),
        ({"sort": "first_day"}, ["Łąka w statucie", "Budżet", "Bez terminu"]),
    ],
)
def test_service_list_filters(signed_in, services, query, found):
    assert topics(signed_in.get(URL, query)) == found


def test_service_list_filters_by_what_is_chosen(signed_in, services):
    first, second, _ = services
    for query, found in (
        ({"type": second.type_id}, [second.topic]),
        ({"activity": second.activity_id}, [second.topic]),
        ({"adviser": first.advisers.get().pk}, [first.topic]),
        ({"theme": first.themes.get().pk}, [first.topic]),
    ):
        assert topics(signed_in.get(URL, query)) == found


def test_service_list_counts_states_of_what_the_other_filters_leave(signed_in, services):
    response = signed_in.get(URL, {"q": "budzet", "state": "cancelled"})
    chips = {words: number for words, _, number, _ in response.context["filter"].chips()}
    assert chips == {
        "Wszystkie": 1,
        "Szkice": 1,
        "Złożone": 0,
        "Zwrócone": 0,
        "Zatwierdzone": 0,
        "Anulowane": 0,
        "Moje": 1,
    }


def test_service_list_says_which_day_it_cannot_read(signed_in, services):
    response = signed_in.get(URL, {"from_day": "rano"})
    assertContains(response, "Podaj datę w postaci 05.04.2022.")


def test_service_list_gives_exactly_what_is_shown(signed_in, services):
    response = signed_in.get(URL, {"format": "csv", "state": "approved"})
    header, row = response.content.decode("utf-8-sig").splitlines()
    assert header == ("Usługa;Numer;Rodzaj;Odbiorcy;Kadra;Pierwszy termin;Czas;Stan")
    first = services[0]
    assert row == (
        f"Łąka w statucie;{first.code};doradztwo ogólne;KGW „Zagon”;Ewa Piórkowska;"
        "01.06.2022;120;zatwierdzona"
    )
    response = signed_in.get(URL, {"format": "xlsx"})
    assert response.content.startswith(b"PK")


def test_service_list_for_the_auditor_has_no_way_to_add(client, auditor, services):
    client.force_login(auditor)
    response = client.get(URL)
    assert topics(response) == ["Bez terminu", "Budżet", "Łąka w statucie"]
    assertNotContains(response, reverse("support:service_create", args=["sputnik-ii"]))


def test_service_list_without_services_says_so(signed_in, project):
    assertContains(signed_in.get(URL), "Nie ma tu usług")


def test_service_list_asks_the_database_the_same_number_of_times(signed_in, services):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(URL).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for _ in range(20):
        service = ServiceFactory()
        service.recipient_links.create(entity=EntityFactory())
        service.adviser_links.create(staff_member=StaffMemberFactory())
        SessionFactory(service=service)
    assert queries() == few


def test_columns_once_chosen_stay_when_other_filters_are_set(signed_in, services):
    page = signed_in.get(URL, {"columns": ["place", "state"]}).content.decode()
    form = re.search(r'<form class="filters".*?</form>', page, re.S)[0]
    kept = re.findall(r'type="hidden" name="columns" value="(\w+)"', form)
    assert kept == ["state", "place"]
