"""Typing that survives a closed page and a lost connection, and two editors of one entity."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Entity
from owes.models import FormDraft
from tests.browser.conftest import give_password
from tests.browser.layout import sideways, violations

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
        expect(page.locator("#id_name")).to_have_value("")
        assert violations(page) == []
        page.click("text=Wróć do niego")
        expect(page.locator("#id_name")).to_have_value("Koło w Próbie nad Wisłą")
        expect(page.get_by_text("Przywrócono niezapisany wpis z")).to_be_visible()
        assert (violations(page), watched.troubles) == ([], [])
        page.fill("#id_name", "Koło w Próbie nad Wisłą i dalej")
        page.click("#szkic button")
        expect(page.locator("#id_name")).to_have_value("")
        expect(page.get_by_text("Wróć do niego")).to_have_count(0)
        page.click("text=Cofnij")
        expect(page.locator("#id_name")).to_have_value("Koło w Próbie nad Wisłą")


def test_two_windows_two_texts_both_come_back(signed_in):
    with signed_in("staff") as watched:
        path = reverse("support:service_create", args=["sputnik-ii"])
        texts = ["Okno pierwsze", "Okno drugie"]
        tabs = [watched.page.context.new_page() for _ in texts]
        for tab in tabs:
            tab.goto(watched.address + path)
        for tab, text in zip(tabs, texts, strict=True):
            expect(tab.locator("#id_topic")).not_to_have_value(texts[0])
            tab.fill("#id_topic", text)
        # Closed before the pause after which typing is kept.
        for tab in tabs:
            tab.close(run_before_unload=True)
        page = watched.page
        # What a tab sends as it closes may come after what the next one asks.
        while FormDraft.objects.count() < len(texts):
            page.wait_for_timeout(20)
        for text in texts:
            watched.open(path)
            page.locator(".draft", has_text=text).get_by_text("Wróć do niego").click()
            expect(page.locator("#id_topic")).to_have_value(text)
        watched.open(reverse("support:mine", args=["sputnik-ii"]))
        for text in texts:
            expect(page.locator(".draft", has_text=text)).to_have_count(1)
        assert (violations(page), watched.troubles) == ([], [])


def test_reloading_gives_back_what_was_typed_here_and_nothing_of_another_window(signed_in):
    with signed_in("staff") as watched:
        page, other = watched.page, watched.page.context.new_page()
        watched.open(CREATE)
        other.goto(watched.address + CREATE)
        page.fill("#id_name", "Tutaj")
        other.fill("#id_name", "Obok")
        expect(other.locator(STATE)).to_contain_text("Szkic formularza zapisany")
        page.reload()
        expect(page.locator("#id_name")).to_have_value("Tutaj")
        page.fill("#id_name", "Tutaj dalej")
        page.reload()
        expect(page.locator("#id_name")).to_have_value("Tutaj dalej")


@pytest.mark.parametrize("has_script", [True, False])
def test_back_and_save_makes_no_second_record_unseen(chromium, demo, live_server, has_script):
    context = chromium.new_context(java_script_enabled=has_script, locale="pl-PL")
    page = context.new_page()
    give_password(page, live_server.url, "staff")
    page.goto(live_server.url + CREATE)
    page.fill("#id_name", "Koło Cofnięte")
    page.select_option("#id_legal_form", "kgw")
    page.click(SAVE)
    expect(page.locator("h1")).to_have_text("Koło Cofnięte")
    page.go_back()
    if has_script:
        expect(page.get_by_text("Ten formularz był już zapisany")).to_be_visible()
        page.click("text=Popraw zapisany")
        expect(page.locator("#id_name")).to_have_value("Koło Cofnięte")
    else:
        page.fill("#id_name", "Koło Cofnięte")
        page.select_option("#id_legal_form", "kgw")
        page.click(SAVE)
        expect(page.get_by_text("ten formularz był już zapisany")).to_be_visible()
        page.click("text=Popraw zapisany")
        expect(page.locator("#id_name")).to_have_value("Koło Cofnięte")
    page.fill("#id_name", "Koło Poprawione")
    page.click(SAVE)
    expect(page.locator("h1")).to_have_text("Koło Poprawione")
    names = Entity.objects.filter(name__startswith="Koło Co").count()
    assert (names, Entity.objects.filter(name="Koło Poprawione").count()) == (0, 1)
    context.close()


def test_a_page_kept_by_the_browser_asks_when_it_is_saved_again(signed_in):
    """Another window with the text of a form that is saved meanwhile in this one."""
    with signed_in("staff") as watched:
        page, other = watched.page, watched.page.context.new_page()
        other.goto(watched.address + CREATE)
        other.fill("#id_name", "Koło Raz")
        other.select_option("#id_legal_form", "kgw")
        expect(other.locator(STATE)).to_contain_text("Szkic formularza zapisany")
        watched.open(CREATE)
        page.click("text=Wróć do niego")
        page.click(SAVE)
        expect(page.locator("h1")).to_have_text("Koło Raz")
        other.fill("#id_name", "Koło Dwa")
        other.click(SAVE)
        expect(other.get_by_text("ten formularz był już zapisany")).to_be_visible()
        assert not Entity.objects.filter(name="Koło Dwa").exists()
        expect(other.locator("#id_name")).to_have_value("Koło Dwa")
        other.click(SAVE)
        expect(other.locator("h1")).to_have_text("Koło Dwa")


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


def test_what_is_not_submitted_without_a_line_is_said_until_it_is(signed_in):
    path = reverse("support:visit_create", args=["sputnik-ii"])
    with signed_in("staff") as watched:
        page = watched.page
        alarm = page.locator(".form-bar [role=alert]")
        watched.open(path)
        expect(alarm).to_be_hidden()
        page.context.set_offline(True)
        page.fill("#id_topic", "Bez sieci")
        page.click('button[value="submit"]')
        expect(alarm).to_have_text(
            "Nie złożono: brak połączenia. Wpisane dane są w tym oknie; "
            "złóż ponownie, gdy połączenie wróci."
        )
        page.context.set_offline(False)
        expect(page.locator(STATE)).to_contain_text("Szkic formularza zapisany")
        expect(alarm).to_have_text(
            "Nie złożono: nie było połączenia. Wpisane dane są zachowane; złóż ponownie."
        )
        page.click('button[value="submit"]')
        expect(page.get_by_text("Usługi nie złożono.")).to_be_visible()
        expect(alarm).to_be_hidden()


def test_leaving_a_form_puts_away_what_was_typed_and_nothing_else(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.click("text=Wróć bez zapisu")
        page.wait_for_url("**/entities/")
        expect(page.get_by_text("Odrzucono wpis")).to_have_count(0)
        watched.open(CREATE)
        page.fill("#id_name", "Koło w Próbie")
        page.click("text=Wróć bez zapisu")
        page.wait_for_url("**/entities/")
        page.click("text=Przywróć")
        expect(page.get_by_text("Wróć do niego")).to_have_count(0)
        page.click("text=Cofnij")
        expect(page.locator("#id_name")).to_have_value("Koło w Próbie")
        assert (violations(page), watched.troubles) == ([], [])


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
