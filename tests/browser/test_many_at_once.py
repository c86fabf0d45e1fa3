"""Many services at once: the coordinator's queue, one's own drafts, cards signed on one day."""

from contextlib import suppress

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from support.models import Service
from tests.browser.layout import sideways, violations

pytestmark = pytest.mark.browser


def page_of(name):
    return reverse(f"support:{name}", args=["sputnik-ii"])


def test_all_of_the_queue_are_chosen_and_their_effect_shows_at_once(signed_in):
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(page_of("queue"))
        page.click("text=Zaznacz wszystkie")
        expect(page.locator("#skutek-kolejki")).to_contain_text("po zatwierdzeniu")
        boxes = page.locator('input[name="service"]')
        assert boxes.count() == page.locator('input[name="service"]:checked').count() > 1
        page.click("text=Odznacz wszystkie")
        expect(page.locator('input[name="service"]:checked')).to_have_count(0)
        expect(page.locator("#skutek-kolejki")).to_contain_text("zaznacz usługi")
        assert (violations(page), watched.troubles) == ([], [])


def test_the_effect_is_never_that_of_another_choice(signed_in):
    with signed_in("coordinator") as watched:
        page, asked = watched.page, []
        watched.open(page_of("queue"))
        boxes, effect = page.locator('input[name="service"]'), page.locator("#skutek-kolejki")
        page.route("**/queue/**", lambda route: asked.append(route))

        def answer(words):
            asked.pop().fulfill(body=words)

        def wait_for_questions(count):
            while len(asked) < count:
                page.wait_for_timeout(20)
            assert len(asked) == count

        def tick(place, but=0):
            boxes.nth(place).check()
            wait_for_questions(1 + but)
            expect(effect).to_have_text("liczę skutek zaznaczonych…")

        tick(0)
        answer("skutek pierwszej")
        expect(effect).to_have_text("skutek pierwszej")
        tick(1)
        tick(2, but=1)
        answer("skutek trzech")
        expect(effect).to_have_text("skutek trzech")
        with suppress(Error):
            answer("skutek dwóch")
        page.click("text=Sprawdź skutek")
        wait_for_questions(1)
        answer("skutek na żądanie")
        expect(effect).to_have_text("skutek na żądanie")
        page.unroute("**/queue/**")
        for place in range(3):
            boxes.nth(place).uncheck()
        expect(effect).to_have_text("zaznacz usługi, a zobaczysz skutek")


def test_an_effect_that_cannot_be_counted_is_told(signed_in):
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(page_of("queue"))
        page.route("**/queue/**", lambda route: route.abort())
        page.locator('input[name="service"]').first.check()
        expect(page.locator("#skutek-kolejki")).to_contain_text("nie udało się policzyć skutku")


def test_cards_of_a_month_are_signed_on_one_day(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(page_of("mine"))
        month = page.locator("[data-checks]").last
        month.get_by_text("Zaznacz wszystkie").click()
        keys = [box.get_attribute("value") for box in month.locator("input:checked").all()]
        page.fill("#id_day", "5.1.2026")
        page.locator(".btn", has_text="Zapisz dni podpisania").click()
        expect(page.locator(".callout.is-ok")).to_contain_text("Zapisano")
        days = Service.objects.filter(pk__in=keys).values_list("signed_on", flat=True)
        assert keys
        assert {f"{day:%d.%m.%Y}" for day in days} == {"05.01.2026"}
        assert (violations(page), watched.troubles) == ([], [])
        for width in (360, 768):
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways(page) == []


def test_own_drafts_are_chosen_on_the_list(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(f"{page_of('service_list')}?mine=1")
        page.click("text=Zaznacz wszystkie")
        chosen = page.locator('input[name="service"]:checked').count()
        assert violations(page) == []
        page.set_viewport_size({"width": 768, "height": 800})
        assert sideways(page) == []
        with page.expect_event("load"):
            page.click("text=Złóż zaznaczone do zatwierdzenia")
        told = page.locator(".callout")
        expect(told.first).to_be_visible()
        assert 0 < told.count() <= chosen + 1
        assert watched.troubles == []
