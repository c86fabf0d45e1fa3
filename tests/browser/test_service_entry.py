"""Forty people of a training entered with the keyboard alone, every key counted."""

import pytest
from django.urls import reverse

from entities.models import Representation
from support.models import Attendance, Service
from tests.browser.test_pages import violations
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.browser
CREATE = reverse("support:service_create", args=["sputnik-ii"])
MOST = 300
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
    for entity in entities:
        keys.type(entity.code)
        with watched.page.expect_navigation():
            keys.press("Enter")
    return keys


def saved(watched, keys):
    with watched.page.expect_navigation(url="**/services/*/"):
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
        with watched.page.expect_navigation():
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
            keys.type(name[:3].lower())
            keys.press("Enter")
        assert saved(watched, keys) == WANTED
        assert keys.count <= MOST, keys.count
