import re

from django.conf import settings
from django.urls import reverse

from owes import settings as defaults
from owes.formatting import JOB_STATES
from support.labels import SERVICE_STATES

URL = reverse("owes:components")
HOUSE = settings.BASE_DIR
DRAWN = set(
    re.findall(
        r'<symbol id="([\w-]+)"', (HOUSE / "static/img/icons.svg").read_text(encoding="utf-8")
    )
)


def test_components_shows_every_state_in_words(client, staff):
    client.force_login(staff)
    page = client.get(URL).content.decode()
    for words in ("szkic", "złożona", "zwrócona", "zatwierdzona", "anulowana", "zagrożony"):
        assert f"</svg>{words}</span>" in page


def test_components_shows_a_form_with_its_errors_in_both_places(client, staff):
    client.force_login(staff)
    page = client.get(URL).content.decode()
    assert "Podmiotu nie zapisano. Popraw 2\u00a0miejsca:" in page
    assert '<a href="#id_nip">NIP: Ostatnia cyfra się nie zgadza.' in page
    assert '<div id="id_nip_error" class="invalid-feedback">' in page


def test_components_is_not_served_in_production(client, staff, settings):
    settings.SHOWS_COMPONENTS = defaults.SHOWS_COMPONENTS
    client.force_login(staff)
    assert client.get(URL).status_code == 404


def test_every_icon_a_page_names_is_drawn():
    named = {name for _, name in [*SERVICE_STATES.values(), *JOB_STATES.values()]}
    for path in (HOUSE / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{%\s*icon "([\w-]+)"', text))
        named |= set(re.findall(r'{%\s*badge "\w+" "([\w-]+)"', text))
    for app in ("owes", "entities", "support", "indicators"):
        for path in (HOUSE / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            named |= set(re.findall(r'\b(?:icon\(|badge\("\w+", )"([\w-]+)"', text))
    assert named - DRAWN == set()


def test_every_icon_of_the_menu_is_drawn(client, coordinator):
    client.force_login(coordinator)
    menu = client.get(URL).context["menu"]
    named = {entry.icon for _, entries in menu for entry in entries}
    assert len(named) > 5
    assert named - DRAWN == set()
