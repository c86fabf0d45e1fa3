from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import EntityFactory, PartnershipFactory


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
