from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import EntityFactory, PartnershipFactory, jst


def url(code):
    return reverse("entities:local_government_detail", args=[code])


def test_local_government_detail_shows_codes_with_days_and_what_is_seated(client, staff):
    client.force_login(staff)
    EntityFactory(name="Koło Łąka")
    assertContains(client.get(url("141908")), "Koło Łąka")
    response = client.get(url("141902"))
    for text in ("Bodzanów (miejsko-wiejska)", "1419022", "do 31.12.2022", "od 01.01.2023"):
        assertContains(response, text)


def test_local_government_detail_of_a_powiat_lists_its_gminas(client, staff):
    client.force_login(staff)
    assert client.get(url("1419")).context["children"].count() == 15


def test_local_government_detail_shows_an_auditor_those_behind_the_numbers(client, auditor):
    PartnershipFactory()
    client.force_login(auditor)
    assert client.get(url("140401")).status_code == 200
    assert client.get(url("141908")).status_code == 403


def test_local_government_detail_shows_an_auditor_no_register(client, auditor):
    EntityFactory(name="Koło Łąka", seat=jst("140401"))
    PartnershipFactory(local_government=jst("140401"))
    client.force_login(auditor)
    response = client.get(url("140401"))
    assertContains(response, "powiat gostyniński")
    for text in ("Koło Łąka", url("1404"), reverse("entities:local_government_list")):
        assertNotContains(response, f'"{text}"' if "/" in text else text)


def test_local_government_detail_lists_its_units(client, staff):
    unit = EntityFactory(legal_form="local_government_unit", local_government=jst("140401"))
    client.force_login(staff)
    assertContains(client.get(url("140401")), unit.get_absolute_url())


def test_local_government_detail_makes_the_same_queries_for_any_number_of_rows(
    client, staff, query_count
):
    client.force_login(staff)
    counts = []
    for more in (3, 27):
        EntityFactory.create_batch(more, seat=jst("140401"))
        counts.append(query_count(url("1404")))
    assert counts[0] == counts[1]


def test_local_government_detail_knows_no_other_codes(client, staff):
    client.force_login(staff)
    assert client.get(url("999999")).status_code == 404


def test_local_government_detail_of_a_powiat_has_the_entities_of_its_gminas(client, staff):
    entity = EntityFactory(name="Koło Łąka", seat=jst("140402"))
    EntityFactory(seat=jst("141902"))
    client.force_login(staff)
    for code in ("140402", "1404"):
        assert list(client.get(url(code)).context["seated_entities"]) == [entity]
    assert client.get(url("14")).context["seated_entities"].count() == 2
    assertContains(client.get(url("1404")), '<p class="quiet">Gostynin (wiejska)</p>', html=True)
