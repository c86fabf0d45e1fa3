import io
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from entities.models import SocialEnterpriseStatus
from support.models import Theme
from tests.factories import AdoptionFactory, EntityFactory, ProjectFactory, jst
from tests.indicators.given import service_of, supported

URL = reverse("indicators:project_entity_list", args=["sputnik-ii"])


def codes(response):
    return [row.record.code for row in response.context["table"].rows]


def chips(response):
    return {words: number for words, _, number, _ in response.context["filter"].chips()}


def test_project_entity_list_tells_what_each_counts_in_and_what_it_received(client, staff):
    entity = supported(date(2023, 3, 9), date(2023, 4, 9), entity=EntityFactory(code="A"))
    service = entity.services.get()
    AdoptionFactory(entity=entity, kind="eco", day=date(2023, 5, 1), services=[service])
    supported(date(2023, 9, 9), entity=entity, state="draft")
    supported(date(2023, 9, 9), entity=entity, type="informacja i promocja")
    supported(date(2025, 1, 1), entity=entity)
    supported(date(2023, 9, 9), entity=entity, project=ProjectFactory())
    client.force_login(staff)
    response = client.get(URL)
    [row] = response.context["table"].rows
    standing = response.context["table"].standings.of(row.record)
    assert [(indicator.code, day) for indicator, day in standing] == [
        ("pes", date(2023, 3, 9)),
        ("eco", date(2023, 5, 1)),
    ]
    assert (row.record.service_count, row.record.support_minutes) == (1, 240)
    assert row.record.last_supported == date(2023, 4, 9)
    assertContains(response, "ekologiczne <span")


def test_project_entity_list_links_the_services_behind_a_number(client, staff):
    entity = supported(date(2023, 3, 9))
    supported(date(2023, 9, 9), entity=entity, state="draft")
    client.force_login(staff)
    [row] = client.get(URL).context["table"].rows
    cell = row.get_cell("services")
    address = cell.split('href="')[1].split('"')[0].replace("&amp;", "&")
    listed = client.get(address).context["table"]
    assert len(listed.rows) == row.record.service_count == 1


def test_project_entity_list_leads_to_the_reasons_of_one_that_counts_nowhere(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    address = reverse("indicators:entity_indicators", args=[entity.pk])
    assertContains(client.get(URL), f'nie, <a href="{address}">dlaczego')


def test_project_entity_list_narrows(client, staff):
    supported(entity=EntityFactory(code="A", name="Źródło", legal_form="osp"))
    ps = supported(entity=EntityFactory(code="B", name="Most", seat=jst("1462")))
    SocialEnterpriseStatus.objects.create(entity=ps, basis="owes", valid_from=date(2022, 1, 1))
    EntityFactory(code="C", name="Potok", seat=jst("142802"))
    EntityFactory(code="D", name="Sad", seat=None)
    client.force_login(staff)
    for asked, expected in [
        ({"q": "zrodlo"}, ["A"]),
        ({"form": "osp"}, ["A"]),
        ({"powiat": "1462"}, ["B"]),
        ({"powiat": "outside"}, ["C"]),
        ({"powiat": "none"}, ["D"]),
        ({"ps": "yes"}, ["B"]),
        ({"ps": "no"}, ["C", "D", "A"]),
        ({"indicator": "ps"}, ["B"]),
        ({"indicator": "pes"}, ["A"]),
        ({"show": "counted"}, ["B", "A"]),
        ({"show": "near"}, []),
    ]:
        assert codes(client.get(URL, asked)) == expected, asked


def test_project_entity_list_counts_its_quick_filters(client, staff):
    supported(date(2024, 12, 1), entity=EntityFactory(nip="7762909959"))
    supported(date(2023, 3, 9), entity=EntityFactory(nip="7762909959"))
    service_of(date(2023, 3, 9), entity=EntityFactory(nip="7762909959"), state="submitted")
    EntityFactory(legal_form="not_pes")
    EntityFactory(legal_form="initiative_group", seat=None)
    client.force_login(staff)
    response = client.get(URL)
    assert chips(response) == {
        "Wszystkie": 5,
        "Otrzymały wsparcie": 2,
        "Liczą się we wskaźniku": 2,
        "Nie liczą się nigdzie, brakuje jednego warunku": 1,
        "Bez usługi od pół roku": 1,
        "Niepełne dane": 1,
    }
    for show, number in [
        ("supported", 2),
        ("counted", 2),
        ("near", 1),
        ("idle", 1),
        ("incomplete", 1),
    ]:
        shown = client.get(URL, {"show": show})
        assert len(codes(shown)) == number
        assert chips(shown)["Wszystkie"] == 5


def test_project_entity_list_lists_the_recipients_of_a_goal(client, staff):
    entity = supported(entity=EntityFactory(code="A"))
    entity.services.get().theme_links.create(theme=Theme.objects.filter(goal="eco").first())
    supported()
    client.force_login(staff)
    response = client.get(URL, {"goal": "eco"})
    assert codes(response) == ["A"]
    assertContains(response, "odbiorcy celu: ekologia")


def test_project_entity_list_speaks_of_the_day_asked_for(client, staff):
    supported(date(2023, 3, 9))
    client.force_login(staff)
    [row] = client.get(URL, {"on": "8.03.2023"}).context["table"].rows
    assert row.record.service_count == 0
    assert chips(client.get(URL, {"on": "2023-03-08"}))["Liczą się we wskaźniku"] == 0
    assert chips(client.get(URL, {"on": "2023-03-09"}))["Liczą się we wskaźniku"] == 1


def test_project_entity_list_sorts(client, staff):
    supported(date(2023, 3, 9), date(2023, 3, 10), entity=EntityFactory(code="A", name="Most"))
    supported(date(2024, 3, 9), entity=EntityFactory(code="B", name="Łąka"))
    client.force_login(staff)
    for asked, expected in [
        ("name", ["B", "A"]),
        ("-name", ["A", "B"]),
        ("minutes", ["B", "A"]),
        ("-last", ["B", "A"]),
    ]:
        assert codes(client.get(URL, {"sort": asked})) == expected


def test_project_entity_list_is_written_whole(client, staff):
    supported(date(2023, 3, 9), entity=EntityFactory(code="A", name="Most", seat=jst("1462")))
    EntityFactory.create_batch(30)
    client.force_login(staff)
    content = client.get(URL, {"format": "xlsx", "sort": "-minutes"}).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("Podmioty").to_python()
    assert len(rows) == 32
    assert rows[1] == [
        "Most",
        "A",
        "stowarzyszenie",
        "Płock",
        "PES od 09.03.2023",
        1,
        120,
        date(2023, 3, 9),
    ]


def test_project_entity_list_makes_the_same_queries_for_any_number(client, staff, query_count):
    client.force_login(staff)
    counts = []
    for number in (3, 9):
        for _ in range(number):
            supported()
            EntityFactory()
        counts.append(query_count(URL))
    assert counts[0] == counts[1]


def test_project_entity_list_links_an_auditor_to_what_he_may_open(client, auditor):
    counted, idle = supported(), EntityFactory()
    client.force_login(auditor)
    response = client.get(URL)
    assertContains(response, f'href="{counted.get_absolute_url()}"')
    assertNotContains(response, f'href="{idle.get_absolute_url()}"')
    assertNotContains(response, "Dodaj podmiot")


@pytest.mark.parametrize(
    ("role", "status"), [("coordinator", 200), ("auditor", 200), ("administrator", 403)]
)
def test_project_entity_list_is_for_the_team(client, request, project, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status
