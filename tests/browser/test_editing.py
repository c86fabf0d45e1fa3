"""Typing that survives a closed page and a lost connection, and two editors of one entity."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Entity
from tests.browser.test_pages import sideways, violations

pytestmark = pytest.mark.browser
CREATE = reverse("entities:entity_create")
STATE = ".form-bar [role=status]"
SAVE = "form[data-draft] .btn-primary"


def stored(page):
    return page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_typing_survives_the_end_of_the_page(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.fill("#id_name", "Koło w Próbie")
        expect(page.locator(STATE)).to_contain_text("Szkic formularza zapisany")
        assert "Koło" not in stored(page)
        # The end of the page comes before the pause after which typing is kept.
        page.fill("#id_name", "Koło w Próbie nad Wisłą")
        page.goto("about:blank")
        watched.open(CREATE)
        expect(page.locator("#id_name")).to_have_value("Koło w Próbie nad Wisłą")
        expect(page.get_by_text("Przywrócono niezapisany wpis z")).to_be_visible()
        assert (violations(page), watched.troubles) == ([], [])
        page.click("text=Odrzuć")
        expect(page.locator("#id_name")).to_have_value("")


def test_typing_waits_for_a_lost_connection(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.context.set_offline(True)
        page.fill("#id_name", "Koło")
        expect(page.locator(STATE)).to_have_text("Brak połączenia, zapisuję ponownie…")
        page.select_option("#id_legal_form", "kgw")
        page.click(SAVE)
        expect(page.locator("#id_name")).to_have_value("Koło")
        page.context.set_offline(False)
        expect(page.locator(STATE)).to_contain_text("Szkic formularza zapisany")
        page.click(SAVE)
        expect(page.get_by_text("Zapisano podmiot")).to_be_visible()
        assert Entity.objects.filter(name="Koło").count() == 1
        watched.open(CREATE)
        expect(page.locator("#id_name")).to_have_value("")


def test_double_click_saves_once(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.fill("#id_name", "Koło Dwa Kliknięcia")
        page.select_option("#id_legal_form", "kgw")
        page.dblclick(SAVE)
        expect(page.locator("h1")).to_have_text("Koło Dwa Kliknięcia")
        assert Entity.objects.filter(name="Koło Dwa Kliknięcia").count() == 1


def test_two_browsers_edit_one_entity_and_nothing_is_lost_silently(signed_in):
    with signed_in("coordinator") as first, signed_in("staff") as second:
        entity = Entity.objects.order_by("pk").first()
        path = reverse("entities:entity_edit", args=[entity.pk])
        for watched in (first, second):
            watched.open(path)
        first.page.fill("#id_phone", "24 111 22 33")
        first.page.fill("#id_locality", "Bielsk")
        first.page.click(SAVE)
        expect(first.page.get_by_text("Zapisano podmiot")).to_be_visible()
        second.page.fill("#id_phone", "24 999 88 77")
        second.page.click(SAVE)
        table = second.page.get_by_role("table", name="Wersje, które się różnią")
        row = table.get_by_role("row").filter(has_text="Telefon")
        expect(row).to_contain_text("24 111 22 33")
        expect(row).to_contain_text("24 999 88 77")
        expect(row).to_contain_text("Kinga Łącka")
        expect(second.page.locator("#wersje")).to_be_focused()
        expect(second.page.locator("#id_phone")).to_have_value("24 999 88 77")
        expect(second.page.locator("#id_locality")).to_have_value("Bielsk")
        assert violations(second.page) == []
        second.page.set_viewport_size({"width": 360, "height": 800})
        assert (sideways(second.page), second.troubles) == ([], [])
        second.page.click(SAVE)
        expect(second.page.get_by_text("Zapisano podmiot")).to_be_visible()
    entity.refresh_from_db()
    assert (entity.phone, entity.locality) == ("24 999 88 77", "Bielsk")
