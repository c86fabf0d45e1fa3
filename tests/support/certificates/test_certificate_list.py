import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from support.models import Certificate
from tests.factories import EntityFactory, PersonFactory
from tests.support.certificates.test_certificates import drafts_of, training

URL = reverse("support:certificate_list", args=["sputnik-ii"])


@pytest.fixture
def issued(staff):
    """One certificate of 2023, cancelled, and one of 2024."""
    first = training(people=[PersonFactory(last_name="Łąka")], topic="Pisanie", code="U/7")
    second = training(people=[PersonFactory(last_name="Bór")], topic="Śpiewanie")
    rows = Certificate.issue(drafts_of(first, staff))
    rows += Certificate.issue(drafts_of(second, staff, issued_on=date(2024, 1, 2)))
    rows[0].cancel(staff, "literówka")
    return rows


def numbers(response):
    return [row.record.number for row in response.context["table"].rows]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["Z/1/2024", "Z/1/2023"]),
        ({"q": "LAKA"}, ["Z/1/2023"]),
        ({"q": "z/1/2024"}, ["Z/1/2024"]),
        ({"q": "spiewanie"}, ["Z/1/2024"]),
        ({"year": "2023"}, ["Z/1/2023"]),
        ({"year": "nonsense"}, ["Z/1/2024", "Z/1/2023"]),
        ({"state": "cancelled"}, ["Z/1/2023"]),
        ({"state": "valid"}, ["Z/1/2024"]),
        ({"service": "U/7"}, ["Z/1/2023"]),
        ({"service": "\0"}, []),
        ({"sort": "holder"}, ["Z/1/2024", "Z/1/2023"]),
    ],
)
def test_certificate_list_filters_by_the_address(client, staff, issued, asked, expected):
    client.force_login(staff)
    assert numbers(client.get(URL, asked)) == expected


def test_certificate_list_orders_numbers_as_numbers(client, staff):
    service = training(people=PersonFactory.create_batch(11))
    Certificate.issue(drafts_of(service, staff))
    client.force_login(staff)
    shown = numbers(client.get(URL, {"sort": "number"}))
    assert shown == [f"Z/{number}/2023" for number in range(1, 12)]


def test_certificate_list_keeps_what_is_cancelled_in_sight(client, staff, issued):
    client.force_login(staff)
    page = client.get(URL).content.decode()
    assert [page.count(word) for word in ("Łucja Łąka</span>", "anulowane</span>")] == [1, 1]


def test_certificate_list_as_a_file_holds_exactly_the_rows_asked_for(client, staff):
    person = PersonFactory(last_name="Łąka")
    service = training(people=[], code="U/7", topic="Pisanie")
    entity = EntityFactory(name="Koło")
    for session in service.sessions.all():
        session.attendances.create(person=person, entity=entity)
    Certificate.issue(drafts_of(service, staff))
    client.force_login(staff)
    file = client.get(URL, {"format": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file), delimiter=";")) == [
        [
            "Osoba",
            "Numer",
            "Podmiot",
            "Temat",
            "Usługa",
            "Koniec",
            "Obecność (min)",
            "Data wydania",
            "Stan",
        ],
        [
            "Łucja Łąka",
            "Z/1/2023",
            "Koło",
            "Pisanie",
            "U/7",
            "16.03.2023",
            "240",
            "17.03.2023",
            "wydane",
        ],
    ]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_certificate_list_carries_names_so_it_is_not_for_all(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403


def test_certificate_list_asks_as_often_for_any_number(client, staff, query_count):
    client.force_login(staff)
    counts = []
    for people in (1, 24):
        Certificate.issue(drafts_of(training(people=PersonFactory.create_batch(people)), staff))
        counts.append(query_count(URL))
    assert counts[0] == counts[1]
