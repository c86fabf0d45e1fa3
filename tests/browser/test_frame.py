"""What every page does by itself in a browser: the menu of a phone, the way past it, errors."""

import pytest
from django.urls import reverse

from tests.browser.layout import sideways, violations
from tests.factories import EntityFactory

pytestmark = pytest.mark.browser
ACCOUNT = reverse("account_change_password")
COMPONENTS = reverse("owes:components")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


def test_menu_opens_on_a_phone_and_holds_the_account(signed_in):
    with signed_in("coordinator", width=360) as watched:
        watched.open(ACCOUNT)
        button, menu = watched.page.locator(".bar-menu"), watched.page.locator("#menu")
        assert (button.get_attribute("aria-expanded"), menu.is_visible()) == ("false", False)
        button.click()
        assert (button.get_attribute("aria-expanded"), menu.is_visible()) == ("true", True)
        assert violations(watched.page) == []
        menu.get_by_role("button", name="Wyloguj").click()
        assert reverse("account_login") in watched.page.url


def test_keyboard_begins_with_the_way_past_the_menu(signed_in):
    with signed_in("staff") as watched:
        watched.open(ACCOUNT)
        watched.page.keyboard.press("Tab")
        assert focused(watched.page) == "Przejdź do treści"
        watched.page.keyboard.press("Enter")
        watched.page.keyboard.press("Tab")
        assert focused(watched.page) == "Hasło"


def test_summary_of_errors_takes_the_focus_and_leads_to_the_field(signed_in):
    with signed_in("staff") as watched:
        watched.open(COMPONENTS)
        assert focused(watched.page) == "bledy"
        watched.page.get_by_role("link", name="NIP: Ostatnia cyfra").click()
        assert focused(watched.page) == "id_nip"


def test_pages_fit_a_screen_enlarged_four_times(signed_in):
    with signed_in("coordinator", width=320, scheme="dark") as watched:
        for path in (COMPONENTS, ACCOUNT, "/p/sputnik-ii/", "/p/sputnik-ii/services/"):
            watched.open(path)
            assert sideways(watched.page) == [], path


def test_slash_searches_from_anywhere_and_arrows_walk_what_is_found(signed_in):
    EntityFactory(name="Koło „Żurawina” w Łącku")
    with signed_in("staff") as watched:
        watched.open("/people/")
        keyboard = watched.page.keyboard
        keyboard.press("/")
        keyboard.type("zurawina lack")
        found = watched.page.locator("#znalezione a")
        found.first.wait_for()
        assert violations(watched.page) == []
        keyboard.press("ArrowDown")
        assert focused(watched.page).startswith("Koło „Żurawina” w Łącku")
        keyboard.press("ArrowUp")
        assert focused(watched.page) == "szukaj"
        keyboard.press("ArrowDown")
        keyboard.press("Enter")
        watched.page.wait_for_url("**/entities/*/")
        assert watched.page.locator("h1").inner_text() == "Koło „Żurawina” w Łącku"


def test_slash_typed_in_a_field_stays_there(signed_in):
    with signed_in("staff") as watched:
        watched.open("/people/")
        watched.page.locator("#id_q").press_sequentially("a/b")
        assert watched.page.locator("#id_q").input_value() == "a/b"
