"""The lists of pickers of the registers, asked for while one types."""

import pytest
from django.urls import reverse

from tests.factories import EntityFactory
from tests.pickers import exact, offered


def url(name):
    return reverse(f"entities:{name}")


def test_entity_options_answer_what_is_typed(client, staff):
    EntityFactory(code="P1", name="Koło Łąka")
    EntityFactory(code="P2", name="Inne")
    client.force_login(staff)
    assert offered(client, url("entity_options"), "laka") == ["Koło Łąka (P1)"]
    assert len(offered(client, url("entity_options"))) == 2


def test_seat_options_answer_only_what_can_be_a_seat(client, staff):
    client.force_login(staff)
    assert len(offered(client, url("seat_options"), "gostynin")) == 2
    assert len(offered(client, url("local_government_options"), "gostynin")) == 3
    assert offered(client, url("powiat_options"), "gostynin") == ["powiat gostyniński (1404)"]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("koło łąka", "Koło „Łąka” (P1)"),
        ("p1", "Koło „Łąka” (P1)"),
        ("774-000-14-54", "Koło „Łąka” (P1)"),
        ("koło", None),
        ("koło inne", None),
    ],
)
def test_the_one_option_the_text_means_is_exact_and_comes_first(client, staff, text, taken):
    EntityFactory(code="P1", name="Koło „Łąka”", nip="7740001454")
    EntityFactory(code="P0", name="Koło Łąka Druga")
    for code in ("P2", "P3"):
        EntityFactory(code=code, name="Koło Inne")
    client.force_login(staff)
    assert exact(client, url("entity_options"), text) == taken
    if taken:
        assert offered(client, url("entity_options"), text)[0] == taken


def test_options_show_a_name_as_text(client, staff):
    EntityFactory(code="P1", name="<b>Łąka & Las</b>")
    client.force_login(staff)
    page = client.get(url("entity_options"), {"q": "laka <b"}).content.decode()
    assert "<b>" not in page
    assert "<mark>Łąka</mark> &amp; Las" in page


@pytest.mark.parametrize(
    "name",
    [
        "entity_options",
        "seat_options",
        "powiat_options",
        "area_options",
        "local_government_options",
    ],
)
def test_options_are_not_for_an_auditor(client, auditor, name):
    client.force_login(auditor)
    assert client.get(reverse(f"entities:{name}")).status_code == 403
