"""The most frequent record of all, a visit, entered with the keyboard alone, every key counted."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from entities.models import Representation
from support.models import Attendance, Project, Service
from tests.browser.conftest import give_password
from tests.browser.layout import violations
from tests.browser.test_service_entry import Keys
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.browser
MOST = 12
SAVED = re.compile(r"/services/\d+/$")


@contextmanager
def opened(chromium, live_server, has_script, view):
    """A page of the staff, with or without script."""
    context = chromium.new_context(java_script_enabled=has_script, locale="pl-PL")
    page = context.new_page()
    give_password(page, live_server.url, "staff")
    page.goto(live_server.url + reverse(view, args=["sputnik-ii"]))
    yield page
    context.close()


class Strokes(Keys):
    """Counts the keys only: what is typed has to be typed anyway."""

    def type(self, text):
        self.page.keyboard.type(text)


@pytest.fixture
def known(demo):
    """An entity with its representative, in a project that still goes on."""
    Project.objects.update(ends_on=timezone.localdate() + timedelta(days=30))
    person = PersonFactory(code="Z001", first_name="Anna", last_name="Bałoka")
    entity = EntityFactory(code="Z1", name="Koło Wątrobianek")
    Representation.objects.create(person=person, entity=entity)
    return person, entity


def test_a_visit_of_yesterday_is_entered_from_the_home_page_with_twelve_keys(signed_in, known):
    person, entity = known
    with signed_in("staff") as watched:
        page = watched.page
        watched.open("/")
        assert page.url.endswith("/mine/")
        keys = Strokes(page)
        # Past the menu, to the first button of the page.
        keys.press("Tab", "Enter", "Tab")
        with page.expect_navigation(url="**/visits/add/"):
            keys.press("Enter")
        keys.type("wczoraj")
        keys.press("Tab")
        keys.type("2 h")
        keys.press("Tab")
        keys.type("watrob")
        page.wait_for_selector('#picker-options[data-text="watrob"]')
        keys.press("ArrowDown", "Enter")
        page.wait_for_selector(".companion")
        keys.press("Tab")
        keys.type("Statut koła")
        keys.press("Tab", "Space")
        assert violations(page) == []
        with page.expect_navigation(url=SAVED):
            keys.press("Enter")
        assert watched.troubles == []
    service = Service.objects.get(topic="Statut koła")
    session = service.sessions.get()
    assert session.day == timezone.localdate() - timedelta(days=1)
    assert session.minutes == 120
    attendance = Attendance.objects.get(session=session)
    assert (attendance.person, attendance.entity, attendance.state) == (person, entity, "present")
    assert keys.count <= MOST, keys.count


@pytest.mark.parametrize("has_script", [True, False])
def test_people_are_added_by_name_one_after_another(chromium, known, live_server, has_script):
    with opened(chromium, live_server, has_script, "support:visit_create") as page:
        page.fill("#id_recipient", "Z1")
        if has_script:
            page.wait_for_selector("#picker-options [data-exact]")
            page.press("#id_recipient", "Enter")
            page.wait_for_selector(".companion")
        for place, name in enumerate(["Halina Nowa (nowa)", "Maria Inna (nowa)"]):
            page.fill(f"#id_others_{place}", name)
            page.click("text=Dopisz osobę")
            expect(page.locator(f"#id_others_{place + 1}")).to_be_focused()
            expect(page.locator(f"#id_others_{place}")).to_have_value(name)
        expect(page.locator("[name=others]")).to_have_count(3)


def test_enter_in_the_full_form_saves_there(signed_in, demo):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(reverse("support:service_create", args=["sputnik-ii"]))
        page.select_option("#id_type", label="szkolenie")
        page.fill("#id_topic", "Rachunkowość koła")
        with page.expect_navigation(url=SAVED):
            page.press("#id_topic", "Enter")
        assert watched.troubles == []
    assert Service.objects.filter(topic="Rachunkowość koła", state="draft").exists()


def test_an_effect_that_was_checked_is_taken_back_by_the_next_word(signed_in, known):
    with signed_in("staff") as watched:
        page, checked = watched.page, watched.page.locator("#skutek")
        watched.open(reverse("support:visit_create", args=["sputnik-ii"]))
        for field, text in {"day": "wczoraj", "hours": "2 h", "topic": "Statut"}.items():
            page.fill(f"#id_{field}", text)
        page.fill("#id_recipient", "Z1")
        page.wait_for_selector("#picker-options [data-exact]")
        page.press("#id_recipient", "Enter")
        page.wait_for_selector(".companion")
        page.click("text=Sprawdź skutek")
        expect(checked).to_contain_text("Sprawdzenie")
        page.fill("#id_topic", "Statut koła")
        expect(checked).to_contain_text("Formularz zmienił się po sprawdzeniu.")
        expect(checked.locator("table, h3")).to_have_count(0)
        expect(page.locator("#po-zapisie")).to_be_empty()
        assert watched.troubles == []
