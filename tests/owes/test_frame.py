"""What every page carries around its content. What apps add to it is tested beside them."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.urls import reverse

from owes import frame as owes_frame
from owes.frame import Action, CardTab, MenuEntry, frame
from owes.models import User
from tests.markup import tight

URL = reverse("account_change_password")
ENTRIES = [
    MenuEntry("Sprawozdania", "report", "/p/x/reports/", "Rozliczenie", 80),
    MenuEntry("Pulpit", "home", "/p/x/", position=10, pages=()),
    MenuEntry(
        "Usługi",
        "service",
        "/p/x/services/",
        "Zapisy",
        20,
        7,
        "do zatwierdzenia",
        pages=("/p/x/services/", "/p/x/visits/"),
    ),
    MenuEntry("Wdrożenia", "chip", "/p/x/adoptions/", "Zapisy", 30),
]
HERE = f"{__name__}."


def no_project(request):
    return None


def entries(request, project):
    return ENTRIES


def tabs(user, row):
    return [CardTab("Dane", f"/{row}/"), CardTab("Wsparcie", f"/{row}/support/")]


def one_tab(user, row):
    return [CardTab("Dane", f"/{row}/")]


def framed(path):
    request = RequestFactory().get(path)
    request.user = User(name="Ewa Próbna")
    with override_settings(FRAME_PROJECT=f"{HERE}no_project", FRAME=[f"{HERE}entries"]):
        return frame(request)


def test_menu_is_grouped_and_ordered_by_position():
    menu = framed("/")["menu"]
    assert [(title, [entry.label for entry in lines]) for title, lines in menu] == [
        ("", ["Pulpit"]),
        ("Zapisy", ["Usługi", "Wdrożenia"]),
        ("Rozliczenie", ["Sprawozdania"]),
    ]


def test_every_group_of_the_menus_has_its_place(client, coordinator):
    client.force_login(coordinator)
    titles = [title for title, _ in client.get(URL).context["menu"]]
    assert titles == [title for title in owes_frame.GROUPS if title in titles]
    assert set(titles) == {"", "Zapisy", "Rejestry", "Rozliczenie", "Projekty", "Ośrodek"}


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/p/x/", "/p/x/"),
        ("/p/x/services/7/edit/", "/p/x/services/"),
        ("/p/x/visits/add/", "/p/x/services/"),
        ("/p/x/adoptions/7/", "/p/x/adoptions/"),
        ("/p/x/calendar/", ""),
        ("/accounts/", ""),
    ],
)
def test_page_belongs_to_the_longest_entry_its_address_begins_with(path, current):
    assert framed(path)["current_url"] == current


def test_stranger_gets_the_name_of_the_centre_and_no_menu(client, db, settings):
    settings.CENTRE = "OWES Próbny"
    page = client.get(reverse("account_login"))
    assert str(page.context["centre"]) == "OWES Próbny"
    assert "menu" not in page.context
    assert "OWES Próbny" in page.content.decode()


def test_stranger_at_an_address_that_is_none_gets_a_page_without_an_account(client, db):
    response = client.get("/nie-ma/")
    assert response.status_code == 404
    assert "Wyloguj" not in response.content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_demo_says_on_every_page_that_it_is_one(client, staff, settings, demo):
    settings.DEMO = demo
    addresses = [URL, reverse("account_login")]
    client.force_login(staff)
    pages = [client.get(addresses[0])]
    client.logout()
    pages.append(client.get(addresses[1]))
    assert [("Dane przykładowe:" in page.content.decode()) for page in pages] == [demo, demo]


def test_page_names_project_account_and_funding(client, staff, project):
    client.force_login(staff)
    page = tight(client.get(URL))
    assert f'<a class="bar-project" href="{project.get_absolute_url()}">{project.name}</a>' in page
    assert f"{staff.name}<span>konto i hasło</span>" in page
    assert project.funding_sentence in page
    assert f"<title>Zmiana hasła · {project.name} · OWES</title>" in page


def test_count_of_an_entry_is_told_in_words_too(client, staff):
    client.force_login(staff)
    with override_settings(FRAME=[f"{HERE}entries"]):
        page = tight(client.get(URL))
    assert (
        'Usługi<span class="count">7<span class="visually-hidden">do zatwierdzenia</span></span>'
    ) in page
    assert 'href="/p/x/adoptions/"' in page


def test_title_of_a_page_with_errors_says_so(client, staff):
    client.force_login(staff)
    page = tight(client.post(URL, {}))
    assert "<title>Błąd: Zmiana hasła" in page
    assert re.search(r'id="bledy".*<a href="#id_oldpassword">Obecne hasło:', page, re.DOTALL)


def card(names, path="/7/"):
    request = RequestFactory().get(path)
    request.user = User()
    with override_settings(CARD_TABS={"entity": names}):
        template = Template("{% card_tabs 'entity' 7 %}")
        return template.render(Context({"request": request}))


def test_tabs_of_a_card_come_from_every_app_and_one_is_current():
    page = card([f"{HERE}tabs", f"{HERE}one_tab"], "/7/support/")
    assert re.findall(r'<a href="([^"]+)"( aria-current="page")?>', page) == [
        ("/7/", ""),
        ("/7/support/", ' aria-current="page"'),
        ("/7/", ""),
    ]


def test_card_of_one_page_has_no_tabs():
    assert card([f"{HERE}one_tab"]).strip() == ""


def a_step(user, row, project):
    return [Action("Dodaj osobę", f"/{row}/people/{project}/")]


def a_main_step(user, row, project):
    return [Action("Dodaj usługę", f"/{row}/services/", is_main=True)]


def test_next_steps_of_a_card_come_from_every_app_and_the_main_one_is_last():
    request = RequestFactory().get("/7/")
    request.user = User()
    names = [f"{HERE}a_main_step", f"{HERE}a_step"]
    with override_settings(CARD_ACTIONS={"entity": names}, FRAME_PROJECT=f"{HERE}no_project"):
        page = Template("{% card_actions 'entity' 7 %}").render(Context({"request": request}))
    assert re.findall(r'<a class="btn btn-(\w+)" href="([^"]+)">', page) == [
        ("secondary", "/7/people/None/"),
        ("primary", "/7/services/"),
    ]
