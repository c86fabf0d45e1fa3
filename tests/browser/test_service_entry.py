"""Forty people of a training entered with the keyboard alone, every key counted."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Representation
from support.models import Attendance, Service
from tests.browser.layout import violations
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.browser
CREATE = reverse("support:service_create", args=["sputnik-ii"])
MOST = 300
SAVED = re.compile(r"/services/\d+/$")  # not the form's own address, where its draft is named
NAMES = [
    f"{first}{second}ka" for first in "BCDGHKMN" for second in ("ało", "ero", "iło", "obo", "uro")
]


class Keys:
    """A keyboard that counts: a typed sign is a key stroke, as is Tab, Enter or an arrow."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.count += len(text)

    def tab_to(self, selector):
        """Tab by Tab, each counted, until the field has the focus."""
        for _ in range(60):
            if self.page.evaluate("one => document.activeElement.matches(one)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached")


@pytest.fixture
def register(demo):
    """Eight entities, five people each, known to the register as their representatives."""
    entities = [EntityFactory(code=f"Z{number}", name=f"Koło {number}") for number in range(8)]
    for place, name in enumerate(NAMES):
        person = PersonFactory(code=f"Z{place:03d}", first_name="Anna", last_name=name)
        Representation.objects.create(person=person, entity=entities[place // 5])
    return entities


def begin(watched, entities):
    """A training with a session and its recipients; what follows is the roster."""
    watched.open(CREATE)
    keys = Keys(watched.page)
    keys.type("szk")
    keys.press("Tab")
    keys.type("Rachunkowość")
    keys.tab_to("#id_sessions-0-day")
    for text in ("06.05.2024", "9:00", "12:00"):
        keys.type(text)
        keys.press("Tab")
    keys.tab_to("#id_recipient")
    for number, entity in enumerate(entities, start=1):
        keys.type(entity.code)
        keys.press("Enter")
        watched.page.wait_for_selector(f".picked li:nth-child({number})")
    return keys


def saved(watched, keys):
    with watched.page.expect_navigation(url=SAVED):
        keys.tab_to("[value=draft].btn-secondary")
        keys.press("Enter")
    service = Service.objects.get(topic="Rachunkowość")
    rows = Attendance.objects.filter(session__service=service, state="present")
    return {(row.person.last_name, row.entity.name) for row in rows}


WANTED = {(name, f"Koło {place // 5}") for place, name in enumerate(NAMES)}


def test_forty_people_of_the_recipients_are_entered_with_one_button(signed_in, register):
    with signed_in("staff") as watched:
        keys = begin(watched, register)
        keys.tab_to("[value=add_representatives]")
        with watched.page.expect_event("load"):
            keys.press("Enter")
        assert violations(watched.page) == []
        assert saved(watched, keys) == WANTED
        assert watched.troubles == []
        assert keys.count <= MOST, keys.count


def test_forty_people_are_entered_by_the_beginnings_of_their_names(signed_in, register):
    with signed_in("staff") as watched:
        keys = begin(watched, register)
        keys.tab_to("#id_roster-0-person")
        for name in NAMES:
            text = name[:2].lower()
            keys.type(text)
            watched.page.wait_for_selector(f'#picker-options[data-text="{text}"]')
            keys.press("ArrowDown", "Enter")
        assert saved(watched, keys) == WANTED
        assert keys.count <= MOST, keys.count


FIRST_NAMES = ["Ewa", "Zofia", "Krystyna", "Barbara", "Lidia"]
LAST_NAMES = ["Bór", "Makuch", "Żurawska", "Dębicka", "Sowa", "Pająk", "Wrzos", "Kalinowska"]
FORTY = [f"{first} {last}\tZ0\tK" for first in FIRST_NAMES for last in LAST_NAMES]


def test_forty_new_rows_are_pasted_and_a_bad_one_waits_in_the_grid(signed_in, register):
    rows = "\n".join([*FORTY[:-1], "Lidia Kalinowska\tZ0\tX"])
    with signed_in("staff") as watched:
        keys = begin(watched, [])
        page = watched.page
        page.locator("#uczestnicy details summary").click()
        page.locator("#id_paste").fill(rows)
        with page.expect_event("load"):
            page.locator("[value=paste]").click()
        assert page.locator(".roster tbody tr[data-place]").count() == 40
        assert page.locator(".roster .error-row").count() == 1
        assert "przedstawiciele" in page.locator("#po-zapisie").inner_text()
        assert violations(page) == []
        with page.expect_navigation(url="**/edit/**"):
            page.locator("[value=draft].btn-secondary").click()
        people = Attendance.objects.filter(session__service__topic="Rachunkowość")
        assert people.count() == 39
        waiting = page.locator(".roster .error-row")
        assert "Podaj płeć" in waiting.inner_text()
        assert violations(page) == []
        # The answer is chosen with the keyboard, and the row is right.
        page.locator("#id_roster-39-person").focus()
        keys.tab_to("button[value^='person:']")
        keys.press("Enter")
        assert waiting.count() == 0
        with page.expect_navigation(url=SAVED):
            page.locator("[value=draft].btn-secondary").click()
        assert people.count() == 40
        assert watched.troubles == []


def test_somebody_new_is_added_in_the_row(signed_in, register):
    with signed_in("staff") as watched:
        keys = begin(watched, register[:1])
        keys.tab_to("#id_roster-0-person")
        keys.type("Jan Nowicjusz")
        watched.page.wait_for_selector("#picker-options [data-new]")
        # Somebody new is added on purpose: Enter alone takes nobody.
        keys.press("Enter")
        assert watched.page.locator("#id_roster-0-person").input_value() == "Jan Nowicjusz"
        keys.press("ArrowDown", "Enter")
        wanted = "Jan Nowicjusz (nowa osoba, M)"
        assert watched.page.locator("#id_roster-0-person").input_value() == wanted
        assert watched.page.locator("#id_roster-0-s0").is_checked()
        assert saved(watched, keys) == {("Nowicjusz", "Koło 0")}
        assert watched.troubles == []


def test_of_two_doubts_in_a_row_one_stays_until_it_is_answered(signed_in, register):
    with signed_in("staff") as watched:
        begin(watched, [])
        page = watched.page
        page.locator("#uczestnicy details summary").click()
        page.locator("#id_paste").fill("Celina Baranska\tLatawiec-2")
        with page.expect_event("load"):
            page.locator("[value=paste]").click()
        doubts = page.locator(".roster .error-row")
        doubts.get_by_text("to Celina Barańska").click()
        assert page.locator("#id_roster-1-person").input_value() == "Celina Barańska (O0007)"
        assert doubts.locator("[value^='person:']").count() == 0
        assert "Latawiec-2" in doubts.inner_text()
        doubts.locator("[value^='entity:']").first.click()
        assert doubts.count() == page.locator(".roster .is-invalid").count() == 0
        assert watched.troubles == []


def test_a_session_is_repeated_from_the_keyboard(signed_in, register):
    """Only what the chosen step asks for is shown; Enter adds the sessions and saves nothing."""
    with signed_in("staff", width=360) as watched:
        begin(watched, [])
        page = watched.page
        page.locator(".repeat summary").press("Enter")

        def shown():
            boxes = ("times", "working", "weekdays", "days")
            return [name for name in boxes if page.locator(f".repeat-{name}").is_visible()]

        seen = {}
        for step in ("day", "weekdays", "days"):
            page.select_option("#id_repeat-every", step)
            seen[step] = shown()
        assert seen == {
            "day": ["times", "working"],
            "weekdays": ["times", "working", "weekdays"],
            "days": ["days"],
        }
        assert violations(page) == []
        page.locator("#id_repeat-days").fill("7.5 i 9.5.2024")
        with page.expect_event("load"):
            page.locator("#id_repeat-days").press("Enter")
        assert page.evaluate("document.activeElement.id") == "id_sessions-1-day"
        assert page.locator("#id_sessions-2-day").input_value() == "09.05.2024"
        assert page.locator(".term-words").nth(2).inner_text() == "czwartek, 9 maja 2024"
        assert not Service.objects.filter(topic="Rachunkowość").exists()
        assert watched.troubles == []


def test_people_of_the_previous_training_come_and_go_by_the_keyboard(signed_in, register):
    with signed_in("staff", width=360) as watched:
        begin(watched, [])
        page = watched.page
        page.select_option("#id_adviser", label="Ewa Piórkowska")
        with page.expect_event("load"):
            page.locator("button[value=previous]").press("Enter")
        assert page.evaluate("document.activeElement.id") == "poprzednie"
        there = page.locator(".roster tbody tr[data-place]")
        told, number = page.locator("#poprzednie p").first.inner_text(), there.count()
        assert told.startswith(f"Dopisano {number}\u00a0os")
        assert violations(page) == []
        there.first.locator("button[value^=drop_person]").press("Enter")
        assert there.count() == number - 1
        with page.expect_event("load"):
            page.locator("[value=drop_previous]").press("Enter")
        assert there.count() == 1
        assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
        assert watched.troubles == []


def test_an_answer_chosen_under_a_row_opens_no_list_and_typing_goes_on(signed_in, demo):
    EntityFactory(code="P961", name="Grupa Pod Dachem")
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.get_by_text("Wklej wiersze z arkusza").click()
        page.fill("#id_paste", "Zenobia Nowicka\tGrupa Pod Dachami\tK")
        with page.expect_event("load"):
            page.click("[value=paste]")
        page.get_by_role("button", name="Grupa Pod Dachem").click()
        fields = page.locator(".roster .entity input")
        assert fields.first.input_value() == "Grupa Pod Dachem (P961)"
        # Enter leads to the next row; while a list was asked for, it would wait for that.
        page.keyboard.press("Enter")
        assert fields.last.evaluate("one => one === document.activeElement")
        assert fields.count() == 2
        assert watched.troubles == []


def test_the_list_of_errors_counts_down_while_they_are_corrected(signed_in, demo):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.fill("#id_sessions-0-start", "9")
        page.select_option("#id_type", "")
        page.click('button[value="submit"]')
        left = page.locator("#bledy h2")
        expect(left).to_have_text("Usługi nie zapisano. Popraw 4\u00a0miejsca:")
        assert page.locator("#bledy li").count() == 4
        page.fill("#id_topic", "Statut")
        expect(left).to_have_text("Usługi nie zapisano. Popraw 3\u00a0miejsca:")
        page.select_option("#id_type", index=1)
        expect(left).to_have_text("Usługi nie zapisano. Popraw 2\u00a0miejsca:")
        page.fill("#id_sessions-0-day", "8.5.2024")
        expect(left).to_have_text("Usługi nie zapisano. Popraw 1\u00a0miejsce:")
        page.fill("#id_sessions-0-end", "11")
        expect(left).to_have_text("Usługi nie zapisano. Poprawiono, zapisz jeszcze raz.")
        assert (violations(page), watched.troubles) == ([], [])


def test_a_box_opened_to_be_typed_in_has_the_cursor(signed_in, demo):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(CREATE)
        page.click("text=Wklej wiersze z arkusza")
        expect(page.locator("#id_paste")).to_be_focused()
        page.click("text=Wklej wiersze z arkusza")
        expect(page.locator("#id_paste")).not_to_be_visible()
        assert watched.troubles == []


@pytest.mark.parametrize("view", ["visit_create", "service_create"])
def test_the_evidence_needed_follows_the_type(signed_in, demo, view):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(reverse(f"support:{view}", args=["sputnik-ii"]))
        needed = page.get_by_text("potrzebne: karta podpisana albo lista obecności")
        page.select_option("#id_type", label="doradztwo prawne")
        expect(needed).to_be_visible()
        page.select_option("#id_type", "")
        expect(needed).to_be_hidden()
        assert watched.troubles == []
