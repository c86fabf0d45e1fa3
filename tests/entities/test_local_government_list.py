from django.urls import reverse

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


def test_local_government_list_is_not_for_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403


def test_local_government_list_makes_few_queries(client, staff, query_count):
    client.force_login(staff)
    assert query_count(URL, q="gostynin") == query_count(URL)
