"""Days and hours as a person types them in a browser, and the browser's own calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TRAINING = reverse("support:staff_training_create", args=["sputnik-ii"])
VISIT = reverse("support:visit_create", args=["sputnik-ii"])
SERVICE = reverse("support:service_create", args=["sputnik-ii"])


def said(page, field, words):
    page.wait_for_function(
        "([id, words]) => document.getElementById(id).textContent === words",
        arg=[f"id_{field}_words", words],
    )


def test_what_is_typed_is_said_in_words_beside_its_field(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(TRAINING)
        page.fill("#id_starts_on", "5.4.22")
        said(page, "starts_on", "wtorek, 5 kwietnia 2022")
        page.fill("#id_hours", "1:30")
        said(page, "hours", "1 h 30 min")
        page.fill("#id_ends_on", "1/2/22")
        page.press("#id_ends_on", "Tab")
        said(
            page,
            "ends_on",
            "„1/2/22” to 1 lutego czy 2 stycznia? Wpisz 01.02.2022 albo 02.01.2022.",
        )
        assert "id_ends_on_words" in page.get_attribute("#id_ends_on", "aria-describedby")
        page.fill("#id_ends_on", "")
        said(page, "ends_on", "")
        assert watched.troubles == []


def test_a_row_of_a_session_says_its_day_and_its_time(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(SERVICE)
        page.fill("#id_sessions-0-day", "6 maja 2024")
        page.fill("#id_sessions-0-start", "9")
        page.fill("#id_sessions-0-end", "1:30")
        row = page.locator(".sessions tbody tr").first
        row.get_by_text("09:00–10:30; 1\u00a0h\u00a030\u00a0min").wait_for()
        row.get_by_text("poniedziałek, 6 maja 2024").wait_for()
        page.click('button[value="add_session"]')
        page.fill("#id_sessions-1-day", "7.5.24")
        page.get_by_text("wtorek, 7 maja 2024").wait_for()
        heads = page.locator(".roster th[data-place]").all_inner_texts()
        assert heads == ["06.05", "07.05"]
        assert watched.troubles == []


def test_a_word_becomes_the_day_it_means_when_it_is_left(signed_in):
    yesterday = timezone.localdate() - timedelta(days=1)
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(VISIT)
        page.fill("#id_day", "wczoraj")
        page.press("#id_day", "Tab")
        expect(page.locator("#id_day")).to_have_value(f"{yesterday:%d.%m.%Y}")
        assert watched.troubles == []


def test_a_day_outside_the_project_is_told_until_it_is_mended(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        told = page.locator(".visit-term", has_text="poza okresem projektu 05.04.2022–31.12.2024")
        watched.open(VISIT)
        page.fill("#id_day", "1.4.2022")
        page.press("#id_day", "Tab")
        expect(told).to_be_visible()
        page.fill("#id_hours", "2 h")
        page.click('button[value="submit"]')
        expect(page.locator("#id_day_error")).to_contain_text("poza okresem projektu")
        expect(told).to_have_count(0)
        page.fill("#id_day", "6.4.2022")
        expect(page.locator("#id_day_error")).to_have_count(0)
        assert "is-invalid" not in page.get_attribute("#id_day", "class")
        page.press("#id_day", "Tab")
        expect(told).to_have_count(0)
        watched.open(SERVICE)
        page.fill("#id_sessions-0-day", "1.4.2022")
        words = page.locator(".sessions .term-words").first
        expect(words).to_contain_text("poza okresem projektu 05.04.2022–31.12.2024")
        page.fill("#id_sessions-0-day", "6.4.2022")
        expect(words).to_have_text("środa, 6 kwietnia 2022")
        assert watched.troubles == []


@pytest.mark.parametrize("by", ["button", "key"])
def test_the_calendar_of_the_browser_opens_beside_a_day(signed_in, by):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(TRAINING)
        page.evaluate(
            """() => {
              const show = HTMLInputElement.prototype.showPicker;
              window.opened = [];
              HTMLInputElement.prototype.showPicker = function () {
                window.opened.push(this.value);
                return show.call(this);
              };
            }"""
        )
        page.fill("#id_starts_on", "5.4.22")
        said(page, "starts_on", "wtorek, 5 kwietnia 2022")
        if by == "button":
            page.get_by_role("button", name="Wybierz z kalendarza").first.click()
        else:
            page.press("#id_starts_on", "Alt+ArrowDown")
        assert page.evaluate("opened") == ["2022-04-05"]
        page.evaluate(
            """() => {
              const calendar = document.querySelector("#id_starts_on ~ .day-calendar");
              calendar.value = "2022-05-06";
              calendar.dispatchEvent(new Event("change", { bubbles: true }));
            }"""
        )
        assert page.input_value("#id_starts_on") == "06.05.2022"
        said(page, "starts_on", "piątek, 6 maja 2022")
        assert watched.troubles == []
