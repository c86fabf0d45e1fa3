import csv
import io

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import AdoptionFactory, EntityFactory, ServiceFactory

URL = reverse("support:adoption_list", args=["sputnik-ii"])


def codes(response):
    return [row.record.code for row in response.context["table"].rows]


def test_adoption_list_asks_no_service_of_a_kind_that_needs_none(client, staff):
    AdoptionFactory(kind="digital")
    AdoptionFactory(kind="potential")
    client.force_login(staff)
    assertContains(client.get(URL), "bez usługi</span>", count=1)


def test_adoption_list_says_which_have_no_service(client, staff):
    service = ServiceFactory(code="U/0001")
    AdoptionFactory(code="W001", services=[service])
    AdoptionFactory(code="W002")
    client.force_login(staff)
    page = client.get(URL).content.decode()
    link = f'<a class="code" href="/p/sputnik-ii/services/{service.pk}/">U/0001</a>'
    assert [page.count(link), page.count("<span>bez usługi</span>")] == [1, 1]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "LAKA"}, ["W002"]),
        ({"q": "w001"}, ["W001"]),
        ({"kind": "eco"}, ["W002"]),
        ({"linked": "no"}, ["W001"]),
        ({"linked": "yes"}, ["W002"]),
        ({"year": "2024"}, ["W002"]),
        ({"kind": "nonsense"}, ["W002", "W001"]),
    ],
)
def test_adoption_list_filters_by_the_address(client, staff, asked, expected):
    AdoptionFactory(code="W001")
    AdoptionFactory(
        code="W002",
        entity=EntityFactory(name="Koło „Łąka”"),
        kind="eco",
        day="2024-03-01",
        services=[ServiceFactory()],
    )
    client.force_login(staff)
    assert codes(client.get(URL, asked)) == expected


def test_adoption_list_as_a_file_holds_exactly_the_rows_asked_for(client, staff):
    entity = EntityFactory(name="Koło")
    AdoptionFactory(code="W001", entity=entity, services=[ServiceFactory(code="U/1")])
    AdoptionFactory(code="W002", kind="eco")
    client.force_login(staff)
    file = client.get(URL, {"kind": "digital", "format": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file), delimiter=";")) == [
        ["Podmiot", "Nr", "Rodzaj", "Data", "Usługi", "Opis", "Dowody"],
        ["Koło", "W001", "cyfrowe", "09.05.2023", "U/1", "", "0"],
    ]


def test_adoption_list_lets_an_auditor_read_and_not_change(client, auditor):
    AdoptionFactory(code="W001")
    client.force_login(auditor)
    response = client.get(URL)
    page = response.content.decode()
    assert codes(response) == ["W001"]
    assert [text in page for text in ("/edit/", "/add/")] == [False, False]


def test_adoption_list_is_not_for_administrators(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403


def test_adoption_list_makes_the_same_queries_for_any_number_of_rows(client, staff, query_count):
    client.force_login(staff)
    counts = []
    for more in (3, 17):
        for _ in range(more):
            AdoptionFactory(services=ServiceFactory.create_batch(2))
        counts.append(query_count(URL))
    assert counts[0] == counts[1]
