from django.urls import reverse
from pytest_django.asserts import assertContains

URL = reverse("entities:local_government_list")


def names(response):
    return [str(row.record) for row in response.context["table"].rows]


def test_local_government_list_tells_apart_those_of_one_name(client, staff):
    client.force_login(staff)
    assert names(client.get(URL, {"q": "gostynin"})) == [
        "Gostynin (miejska)",
        "Gostynin (wiejska)",
        "powiat gostyniński",
    ]


def test_local_government_list_searches_without_diacritics_and_filters(client, staff):
    client.force_login(staff)
    mazowieckie = (
        client.get(URL).context["filters"].form.fields["voivodeship"].queryset.get(code="14")
    )
    asked = {"q": "lack", "level": "gmina", "voivodeship": mazowieckie.pk}
    assert names(client.get(URL, asked)) == [
        "Jabłonna Lacka (wiejska)",
        "Kosów Lacki (miejsko-wiejska)",
        "Łąck (wiejska)",
    ]


def test_local_government_list_finds_by_a_code_of_today_and_by_a_former_one(client, staff):
    client.force_login(staff)
    for code in ("1419022", "1419023"):
        assert names(client.get(URL, {"q": code})) == ["Bodzanów (miejsko-wiejska)"]
    assert names(client.get(URL, {"q": "9999999"})) == []


def test_local_government_list_is_not_for_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403


def test_local_government_list_makes_few_queries(client, staff, query_count):
    client.force_login(staff)
    assert query_count(URL, q="gostynin") == query_count(URL)


def test_local_government_list_filters_by_powiat(client, staff):
    client.force_login(staff)
    asked = {"powiat": "1404", "q": "gostynin", "level": "gmina", "format": "csv"}
    assert client.get(URL, asked).content.decode("utf-8-sig").splitlines() == [
        "Nazwa;Kod;Szczebel;Powiat",
        "Gostynin (miejska);140401;gmina;powiat gostyniński",
        "Gostynin (wiejska);140402;gmina;powiat gostyniński",
    ]


def test_local_government_list_tells_powiats_of_one_name_apart(client, staff):
    client.force_login(staff)
    page = client.get(reverse("entities:powiat_options"), {"q": "powiat grodziski"})
    for voivodeship in ("województwo mazowieckie", "województwo wielkopolskie"):
        assertContains(page, f'<span class="quiet">{voivodeship}</span>', html=False)
    # The bare name is asked about, with both to choose from.
    page = client.get(URL, {"powiat": "grodziski"})
    assertContains(page, "Jest więcej niż jeden samorząd o tej nazwie.")
    for text in ("powiat grodziski (1405)", "powiat grodziski (3005)"):
        assertContains(page, f'value="{text}"', html=False)
    picked = client.get(URL, {"powiat": "grodziski", "powiat-pick": "powiat grodziski (3005)"})
    assert picked.context["filters"].form.cleaned_data["powiat"].code == "3005"
