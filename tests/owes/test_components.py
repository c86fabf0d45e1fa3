from django.urls import reverse

URL = reverse("owes:components")


def test_components_shows_every_state_in_words(client, staff):
    client.force_login(staff)
    page = client.get(URL).content.decode()
    for words in ("szkic", "złożona", "zwrócona", "zatwierdzona", "anulowana", "zagrożony"):
        assert f"</svg>{words}</span>" in page
    assert "4\u00a0h 15\u00a0min" in page.replace("h\u00a015", "h 15")
