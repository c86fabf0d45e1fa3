import csv
import io

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from python_calamine import CalamineWorkbook

from entities.models import LocalGovernment, SocialEnterpriseStatus
from tests.factories import EntityFactory

URL = reverse("entities:entity_list")


@pytest.fixture
def client(client, staff):
    client.force_login(staff)
    return client


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def test_entity_list_is_in_polish_order(client):
    for name in ("Żuraw", "Łąka", "Lipa", "żaba", "Ala"):
        EntityFactory(name=name)
    assert names(client.get(URL)) == ["Ala", "Lipa", "Łąka", "żaba", "Żuraw"]


@pytest.mark.parametrize("typed", ["lacka", "ŁĄCKA", "„Łącka”", "koło łącka", "776-290-99-59"])
def test_entity_list_search_is_blind_to_case_diacritics_quotes_and_dashes(client, typed):
    EntityFactory(name="Koło „Łącka Zorza”", nip="7762909959")
    EntityFactory(name="Inne")
    assert names(client.get(URL, {"q": typed})) == ["Koło „Łącka Zorza”"]


def test_entity_list_filters_by_form_powiat_and_status(client):
    plock = LocalGovernment.objects.get(code="1462")
    entity = EntityFactory(name="A", legal_form="kgw", seat=plock)
    EntityFactory(name="B")
    SocialEnterpriseStatus.objects.create(entity=entity, basis="owes", valid_from="2023-01-01")
    for query in ({"form_of_law": "kgw"}, {"powiat": plock.pk}, {"ps": "yes"}):
        assert names(client.get(URL, query)) == ["A"]
    assert names(client.get(URL, {"ps": "no"})) == ["B"]


def test_entity_list_filters_and_shows_the_status_on_the_day_asked(client):
    entity = EntityFactory(name="A")
    status = {"basis": "owes", "valid_from": "2022-01-01", "valid_until": "2022-11-11"}
    SocialEnterpriseStatus.objects.create(entity=entity, **status)
    EntityFactory(name="B")
    response = client.get(URL, {"ps": "yes", "on": "11.11.2022"})
    assert names(response) == ["A"]
    assertContains(response, "PS od 01.01.2022")
    assert names(client.get(URL, {"ps": "yes", "on": "12.11.2022"})) == []
    assert names(client.get(URL, {"ps": "no", "on": "12.11.2022"})) == ["A", "B"]
    assertNotContains(client.get(URL, {"on": "12.11.2022"}), "PS od")


def test_entity_list_explains_a_day_that_is_not_there(client):
    EntityFactory(name="A")
    response = client.get(URL, {"on": "31.02.2022"})
    assertContains(response, "Nie ma takiego dnia: 31.02.2022.")
    assert names(response) == ["A"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("pes", ["A", "Warsztat"]), ("units", ["Warsztat"]), ("initiative_groups", ["Grupa"])],
)
def test_entity_list_filters_by_kind(client, kind, expected):
    EntityFactory(name="Grupa", legal_form="initiative_group")
    EntityFactory(name="Warsztat", legal_form="wtz", parent=EntityFactory(name="A"))
    EntityFactory(name="Inny", legal_form="not_pes")
    assert names(client.get(URL, {"kind": kind})) == expected


def test_entity_list_says_who_runs_whom_and_what_became_of_a_group(client):
    group = EntityFactory(name="Grupa", legal_form="initiative_group")
    circle = EntityFactory(name="Koło", founding_group=group)
    EntityFactory(name="Warsztat", parent=circle)
    header, *rows = client.get(URL, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    place = header.split(";").index("Powiązania")
    assert [next(csv.reader([row], delimiter=";"))[place] for row in rows] == [
        "powstały podmiot: Koło",
        "prowadzi: Warsztat; z grupy: Grupa",
        "jednostka podmiotu: Koło",
    ]


def test_entity_list_counts_initiative_groups_of_what_is_shown(client):
    EntityFactory(legal_form="initiative_group")
    EntityFactory()
    assert client.get(URL).context["groups"] == 1


def test_entity_list_xlsx_is_exactly_what_is_shown(client):
    EntityFactory(name="=SUMA(1)", nip="7762909959")
    EntityFactory(name="Inne")
    response = client.get(URL, {"q": "suma", "on": "2022-12-31", "format": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    rows = book.get_sheet_by_name("Podmioty").to_python()
    assert [row[0] for row in rows] == ["Nazwa", "=SUMA(1)"]
    parameters = book.get_sheet_by_name("Parametry").to_python()
    assert parameters[-2:] == [["Nazwa, NIP, KRS, kod", "suma"], ["Status na dzień", "31.12.2022"]]


def test_entity_list_has_the_same_queries_with_more_rows(client, query_count):
    group = EntityFactory(legal_form="initiative_group")
    EntityFactory.create_batch(3, parent=EntityFactory(), founding_group=group)
    few = query_count(URL)
    EntityFactory.create_batch(20, parent=EntityFactory(), founding_group=group)
    assert query_count(URL) == few == 11


def test_entity_list_is_not_for_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403


def test_entity_list_sends_a_stranger_to_sign_in(client):
    client.logout()
    assertRedirects(client.get(URL), f"{reverse('account_login')}?next={URL}")
