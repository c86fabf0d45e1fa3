import re
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes import drafts
from support.models import Service, ServiceType, Theme
from support.services.tables import ServiceTable
from tests.factories import (
    ActivityFactory,
    EntityFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.support.services.test_service_detail import complete

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
    ("query", "expected"),
    [
        ({"q": "laka"}, ["Łąka w statucie"]),
        ({"q": "zagon"}, ["Łąka w statucie"]),
        ({"q": "piorkowska"}, ["Łąka w statucie"]),
        ({"state": "cancelled"}, ["Bez terminu"]),
        ({"mine": "1"}, ["Budżet"]),
        ({"entity": "P021"}, ["Łąka w statucie"]),
        ({"entity": "KGW Zagon"}, ["Łąka w statucie"]),
        ({"from_day": "10.03.2023", "to_day": "8.3.2024"}, []),
        ({"from_day": "9.3.2023", "to_day": "09.03.2023"}, ["Budżet"]),
        ({"to_day": "01.06.2022"}, ["Łąka w statucie"]),
        ({"theme": "eco"}, ["Łąka w statucie"]),
        ({"sort": "topic"}, ["Bez terminu", "Budżet", "Łąka w statucie"]),
        ({"sort": "first_day"}, ["Łąka w statucie", "Budżet", "Bez terminu"]),
    ],
)
def test_service_list_filters(signed_in, services, query, expected):
    assert topics(signed_in.get(URL, query)) == expected


def test_service_list_asks_which_entity_is_meant(signed_in, services):
    page = signed_in.get(URL, {"entity": "zago"})
    assertContains(page, "„zago” nie wskazuje jednego podmiotu.")
    assertContains(page, 'name="entity-pick"')


def test_service_list_tells_an_auditor_of_no_other_entity(client, auditor, services):
    client.force_login(auditor)
    EntityFactory(code="P099", name="Zupełnie Inny")
    page = client.get(URL, {"entity": "zupelnie"})
    assertContains(page, "Nie ma w rejestrze podmiotu „zupelnie”.")
    assertNotContains(page, "Zupełnie Inny")


def test_service_list_filters_by_what_is_chosen(signed_in, services):
    first, second, _ = services
    for query, expected in (
        ({"type": second.type_id}, [second.topic]),
        ({"activity": second.activity_id}, [second.topic]),
        ({"adviser": first.advisers.get().pk}, [first.topic]),
        ({"theme": first.themes.get().pk}, [first.topic]),
    ):
        assert topics(signed_in.get(URL, query)) == expected


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
    assert header == ("Usługa;Numer;Rodzaj;Odbiorcy;Kadra;Pierwszy termin;Czas (min);Stan")
    first = services[0]
    assert row == (
        f"Łąka w statucie;{first.code};doradztwo ogólne;KGW „Zagon”;Ewa Piórkowska;"
        "01.06.2022;120;zatwierdzona"
    )
    response = signed_in.get(URL, {"format": "xlsx"})
    assert response.content.startswith(b"PK")


def test_service_list_for_the_auditor_has_what_is_approved_and_no_way_to_add(
    client, auditor, services
):
    client.force_login(auditor)
    response = client.get(URL)
    assert topics(response) == ["Łąka w statucie"]
    chips = [words for words, *_ in response.context["filter"].chips()]
    assert chips == ["Wszystkie", "Zatwierdzone"]
    assert topics(client.get(URL, {"state": "draft"})) == []
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


COLUMNS = ["topic", "number", "type", "recipients", "advisers", "first_day", "minutes", "state"]
COLUMNS += ["activity", "mode", "place", "last_day", "session_count", "signed_on", "created_by"]


def test_every_column_sorts_both_ways(signed_in, services):
    """Rows without a value stand last, whichever way."""
    assert sorted(COLUMNS) == sorted(set(ServiceTable.base_columns) - {"chosen"})
    first, second, third = services
    for place, mode in ((second, "phone"), (first, "on_site")):
        place.mode, place.place = mode, mode
        place.signed_on = date(2024, 4, 1 + len(mode))
        place.save()
    second.recipient_links.create(entity=EntityFactory(name="Ąbak"))
    second.adviser_links.create(staff_member=StaffMemberFactory(name="Łucja Żak"))
    ordered = {name: topics(signed_in.get(URL, {"sort": name})) for name in COLUMNS}
    Ł, B, T = (service.topic for service in services)
    assert ordered == {
        "topic": [T, B, Ł],
        "number": [Ł, B, T],
        "type": [T, Ł, B],
        "recipients": [B, Ł, T],
        "advisers": [Ł, B, T],
        "first_day": [Ł, B, T],
        "minutes": [T, Ł, B],
        "state": [B, Ł, T],
        "activity": [B, T, Ł],
        "mode": [T, Ł, B],
        "place": [Ł, B, T],
        "last_day": [Ł, B, T],
        "session_count": [Ł, B, T],
        "signed_on": [B, Ł, T],
        "created_by": [B, T, Ł],
    }
    turned = {name: topics(signed_in.get(URL, {"sort": f"-{name}"})) for name in COLUMNS}
    assert turned["recipients"] == [Ł, B, T]
    assert turned["advisers"] == [B, Ł, T]
    assert turned["state"] == [T, Ł, B]
    assert turned["signed_on"] == [Ł, B, T]


def test_numbers_stand_in_the_year_and_order_they_were_given_in(signed_in):
    for number in ("2/2023", "10/2023", "1/2024"):
        ServiceFactory(number=number, topic=number)
    ServiceFactory(code="N/2023/11", topic="N/2023/11")
    ServiceFactory(code="U/9", topic="U/9")
    assert topics(signed_in.get(URL, {"sort": "number"})) == [
        "U/9",
        "2/2023",
        "10/2023",
        "N/2023/11",
        "1/2024",
    ]


# Many of one's own submitted at once

MANY = reverse("support:service_submit_many", args=["sputnik-ii"])


def messages_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_own_drafts_that_are_ready_are_submitted_and_of_others_is_told_what_they_lack(
    signed_in, staff
):
    ready, unled, undated = complete(staff), complete(staff), complete(staff)
    unled.adviser_links.all().delete()
    undated.sessions.all().delete()
    page = signed_in.get(URL, {"state": "draft", "mine": "1"})
    for service in (ready, unled, undated):
        assertContains(page, f'name="service" value="{service.pk}" form="zlozenie"')
    keys = [service.pk for service in (ready, unled, undated)]
    answer = signed_in.post(f"{MANY}?state=draft&mine=1", {"service": keys})
    assert answer.url == f"{URL}?state=draft&mine=1"
    done, *refused = messages_of(answer)
    assert done == "Złożono do zatwierdzenia 1\u00a0usługę."
    assert refused[0] == (
        f'<a href="{unled.get_absolute_url()}">{unled}</a>: Wskaż osobę z kadry.'
    )
    assert refused[1].startswith(f'<a href="{undated.get_absolute_url()}">{undated}</a>: Dodaj')
    states = {service.pk: service.state for service in Service.objects.all()}
    assert [states[key] for key in keys] == ["submitted", "draft", "draft"]


def test_a_service_with_unsaved_typing_is_not_submitted_with_the_others(signed_in, staff):
    service = complete(staff)
    url = reverse("support:service_edit", args=["sputnik-ii", service.pk])
    drafts.keep(staff.pk, url, QueryDict("topic=Zaczęte"), "one")
    [refused] = messages_of(signed_in.post(MANY, {"service": [service.pk]}))
    assert "W formularzu tej usługi jest niezapisany wpis" in refused
    service.refresh_from_db()
    assert service.state == "draft"


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999"], ["1\x00"]])
def test_a_wrong_choice_submits_nothing_and_says_so(signed_in, chosen):
    assert len(messages_of(signed_in.post(MANY, {"service": chosen}))) == 1


def test_services_of_others_are_neither_offered_nor_submitted(signed_in, coordinator):
    service = complete(coordinator)
    assertNotContains(signed_in.get(URL), 'form="zlozenie"')
    signed_in.post(MANY, {"service": [service.pk]})
    service.refresh_from_db()
    assert service.state == "draft"


def test_boxes_are_no_column_to_choose_and_go_to_no_file(signed_in, staff):
    complete(staff)
    page = signed_in.get(URL, {"columns": ["state"]})
    assertContains(page, 'form="zlozenie"')
    names = [name for name, _, _ in page.context["table"].choices()]
    assert "chosen" not in names
    assert "Zaznacz" not in signed_in.get(URL, {"format": "csv"}).content.decode()


def test_queries_do_not_grow_with_own_drafts(signed_in, staff, query_count):
    complete(staff)
    before = query_count(URL)
    for _ in range(10):
        complete(staff)
    assert query_count(URL) == before == 16


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"state": "draft"},
        {"mine": "1"},
        {"state": "approved", "mine": "1"},
        {"q": "temat", "mine": "1"},
        {"state": "inny"},
    ],
)
def test_count_by_the_chips_is_that_of_the_rows(signed_in, staff, asked):
    complete(staff)
    ServiceFactory(state="approved", created_by=staff)
    ServiceFactory(state="approved", topic="Temat inny")
    ServiceFactory()
    table = signed_in.get(URL, asked).context["table"]
    assert table.count == len(list(table.data.data))
