import csv
import io

import pytest
from django.urls import reverse

from tests.factories import EntityFactory, PartnershipFactory, jst

URL = reverse("support:partnership_list", args=["sputnik-ii"])


def codes(response):
    return [row.record.code for row in response.context["table"].rows]


def test_partnership_list_shows_the_kind_of_the_local_government(client, staff):
    PartnershipFactory(code="J001", entities=[EntityFactory(name="Koło Łąka")])
    client.force_login(staff)
    page = client.get(URL).content.decode()
    assert [page.count(text) for text in ("Gostynin (miejska)", "Koło Łąka")] == [1, 1]


@pytest.mark.parametrize("words", ["bodzanow", "lacka OSADA", "ZAŻÓŁĆ", "j001"])
def test_partnership_list_search_is_blind_to_diacritics(client, staff, words):
    PartnershipFactory(
        code="J001",
        local_government=jst("141902"),
        description="zazolc",
        entities=[EntityFactory(name="Osada „Łącka”")],
    )
    PartnershipFactory(code="J002")
    client.force_login(staff)
    assert codes(client.get(URL, {"q": words})) == ["J001"]


@pytest.mark.parametrize(
    "asked", [{"kind": "letter"}, {"year": "2024"}, {"q": "nazwa"}, {"powiat": "1462"}]
)
def test_partnership_list_filters_by_the_address(client, staff, asked):
    PartnershipFactory(code="J001")
    PartnershipFactory(
        code="J002",
        local_government=jst("1462"),
        kind="letter",
        day="2024-02-01",
        description="nazwa",
    )
    if "powiat" in asked:
        asked = {"powiat": jst("1462").pk}
    client.force_login(staff)
    assert codes(client.get(URL, asked)) == ["J002"]


def test_partnership_list_sorts_local_governments_in_polish(client, staff):
    for number, code in enumerate(["141914", "141907", "141911"]):  # Staroźreby, Łąck, Słubice
        PartnershipFactory(code=f"J{number}", local_government=jst(code))
    client.force_login(staff)
    assert codes(client.get(URL, {"sort": "local_government"})) == ["J1", "J2", "J0"]


def test_partnership_list_as_a_file_holds_exactly_the_rows_asked_for(client, staff):
    PartnershipFactory(code="J001", kind="letter", entities=[EntityFactory(name="=Koło")])
    PartnershipFactory(code="J002")
    client.force_login(staff)
    file = client.get(URL, {"kind": "letter", "format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file), delimiter=";"))
    assert rows == [
        ["Samorząd", "Nr", "Rodzaj", "Dokument", "Data", "Podmioty", "Opis", "Dowody"],
        ["Gostynin (miejska)", "J001", "list intencyjny", "", "09.03.2023", "'=Koło", "", "0"],
    ]


def test_partnership_list_lets_an_auditor_read_and_not_change(client, auditor):
    PartnershipFactory(code="J001")
    client.force_login(auditor)
    response = client.get(URL)
    page = response.content.decode()
    assert codes(response) == ["J001"]
    assert [text in page for text in ("/edit/", "/add/")] == [False, False]


def test_partnership_list_is_not_for_administrators(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403


def test_partnership_list_makes_the_same_queries_for_any_number_of_rows(
    client, staff, query_count
):
    client.force_login(staff)
    counts = []
    for more in (3, 17):
        for _ in range(more):
            PartnershipFactory(entities=[EntityFactory(), EntityFactory()])
        counts.append(query_count(URL))
    assert counts[0] == counts[1]
