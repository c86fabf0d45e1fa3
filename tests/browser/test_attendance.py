"""Attendance marked on a phone: how fast, without a network, by two people, from a spreadsheet."""

from datetime import date
from time import monotonic

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Representation
from owes.models import User
from support.models import Attendance
from tests.browser.conftest import ROLES
from tests.browser.layout import sideways, violations
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, SessionFactory

pytestmark = pytest.mark.browser
PHONE = 360
SAVING = "#saving"
NAMES = [
    f"{first}{second}ka" for first in "BCDGHKMN" for second in ("ało", "ero", "iło", "obo", "uro")
]


def training(people=40, days=3, entities=8, **fields):
    """A draft of the staff of the demonstration; its recipients have the people."""
    fields = {"created_by": User.objects.get(email=ROLES["staff"]), "topic": "Obsługa"} | fields
    service = ServiceFactory(**fields)
    for day in range(days):
        SessionFactory(service=service, day=date(2024, 5, 8 + day))
    for number in range(entities):
        entity = EntityFactory(code=f"Z{number}", name=f"Koło {number}")
        service.recipient_links.create(entity=entity)
        for place in range(number, people, entities):
            name = NAMES[place % len(NAMES)] + "x" * (place // len(NAMES))
            person = PersonFactory(code=f"Z{place:03d}", first_name="Anna", last_name=name)
            Representation.objects.create(person=person, entity=entity)
    return service


@pytest.fixture
def service(demo):
    return training()


def url(service, name="service_attendance"):
    return reverse(f"support:{name}", args=["sputnik-ii", service.pk])


def block(page, name):
    return page.locator("li[data-line]", has_text=name)


def states(service):
    rows = Attendance.objects.filter(session__service=service)
    return {(row.person.last_name, row.day.day): row.state for row in rows}


def test_forty_people_on_three_days_are_marked_on_a_phone_within_a_minute(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        page = watched.page
        watched.open(service.get_absolute_url())
        began, taps = monotonic(), 0

        def tap(target):
            nonlocal taps
            target.click()
            taps += 1

        tap(page.get_by_role("link", name="Obecność", exact=True))
        for day in range(3):
            tap(page.locator("button[data-all]").nth(day))
        away = [(NAMES[0], 0), (NAMES[7], 1), (NAMES[20], 2), (NAMES[39], 0), (NAMES[39], 1)]
        for name, day in away:
            tap(block(page, name).locator(".toggle").nth(day))
        expect(page.locator(SAVING)).to_contain_text("Zapisano o")
        seconds = monotonic() - began
        assert (taps, seconds < 60) == (9, True), seconds
        wanted = {(name, 8 + day) for name in NAMES for day in range(3)}
        wanted -= {(name, 8 + day) for name, day in away}
        assert states(service) == dict.fromkeys(wanted, "present")
        expect(page.locator("[data-present]")).to_have_text("115")
        assert (violations(page), sideways(page), watched.troubles) == ([], [], [])
        with page.expect_navigation(url=f"**{service.get_absolute_url()}"):
            page.click("text=Gotowe")
        assert len(states(service)) == 115


def test_a_whole_day_is_taken_back_as_it_was(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        page = watched.page
        watched.open(url(service))
        block(page, NAMES[3]).locator(".toggle").first.click()
        day = page.locator("button[data-all]").first
        day.click()
        expect(day).to_contain_text("Cofnij")
        expect(day).to_contain_text("40 z 40")
        day.click()
        expect(day).to_contain_text("1 z 40")
        expect(page.locator(SAVING)).to_contain_text("Zapisano o")
        assert states(service) == {(NAMES[3], 8): "present"}


def sent(page, held):
    for _ in range(250):
        if held:
            return held.pop()
        page.wait_for_timeout(20)
    pytest.fail("The page sent nothing.")


def test_a_mark_taken_back_while_it_is_being_saved_is_taken_back(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        page, held = watched.page, []
        page.route("**/attendances/mark/", lambda route: held.append(route))
        watched.open(url(service))
        mark = block(page, NAMES[3]).locator(".toggle").first
        mark.click()
        saving = sent(page, held)
        mark.click()
        expect(page.locator(SAVING)).to_have_text("Zapisuję…")
        saving.continue_()
        sent(page, held).continue_()
        expect(page.locator(SAVING)).to_contain_text("Zapisano o")
        assert states(service) == {}


def test_marks_wait_for_the_network_in_the_page(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        page = watched.page
        watched.open(url(service))
        page.context.set_offline(True)
        line = block(page, NAMES[3])
        line.locator(".toggle").first.click()
        expect(page.locator(SAVING)).to_have_text("1 zmiana czeka na sieć")
        expect(line.locator("[data-waits]")).to_have_text("1 zmiana czeka na sieć")
        line.locator(".toggle").last.click()
        expect(page.locator(SAVING)).to_have_text("2 zmiany czekają na sieć")
        assert states(service) == {}
        page.context.set_offline(False)
        expect(page.locator(SAVING)).to_contain_text("Zapisano o")
        expect(line.locator("[data-waits]")).to_be_hidden()
        assert states(service) == {(NAMES[3], 8): "present", (NAMES[3], 10): "present"}


def test_two_at_once_keep_each_others_marks(signed_in, service):
    with signed_in("staff") as first, signed_in("coordinator") as second:
        for watched in (first, second):
            watched.open(url(service))
        block(second.page, NAMES[1]).locator(".toggle").first.click()
        block(second.page, NAMES[2]).locator(".toggle").first.click()
        expect(second.page.locator(SAVING)).to_contain_text("Zapisano o")
        block(first.page, NAMES[3]).locator(".toggle").first.click()
        told = block(first.page, NAMES[1]).locator("[data-told]")
        expect(told).to_contain_text("śr. 08.05: ")
        expect(told).to_contain_text("obecność")
        expect(block(first.page, NAMES[1]).locator("input").first).to_be_checked()
        assert states(service) == {(name, 8): "present" for name in NAMES[1:4]}
        assert violations(first.page) == []


def test_a_sign_in_that_expired_loses_no_mark(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        page = watched.page
        watched.open(url(service))
        cookies = page.context.cookies()
        page.context.clear_cookies()
        block(page, NAMES[3]).locator(".toggle").first.click()
        expect(page.locator(SAVING)).to_contain_text("Sesja wygasła.")
        page.context.add_cookies(cookies)
        expect(page.locator(SAVING)).to_contain_text("Zapisano o", timeout=15000)
        assert states(service) == {(NAMES[3], 8): "present"}


def test_a_service_submitted_meanwhile_is_told(signed_in, service):
    with signed_in("staff", width=PHONE) as watched:
        watched.open(url(service))
        type(service).objects.filter(pk=service.pk).update(state="submitted")
        block(watched.page, NAMES[3]).locator(".toggle").first.click()
        expect(watched.page.locator(SAVING)).to_contain_text("nie można już zmieniać")
        assert states(service) == {}


ROWS = "\n".join(f"{name} Anna\tZ{place % 8}" for place, name in enumerate(NAMES))


def paste(page, text):
    """Ctrl+V of the text, copied elsewhere, where the cursor is."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_rows_of_a_spreadsheet_open_the_paste(signed_in, service):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(url(service))
        with page.expect_navigation(url="**/paste/"):
            paste(page, ROWS)
        expect(page.locator("#id_rows")).to_have_value(ROWS)
        with page.expect_navigation(url=f"**{service.get_absolute_url()}"):
            page.click("text=Zapisz właściwe wiersze")
        assert len(states(service)) == 120
        watched.open(url(service, "service_edit"))
        page.locator("#id_roster-0-person").focus()
        paste(page, "Ewa Nowa\tZ1\tK\nJan Nowy\tZ2\tM")
        expect(page.locator("#id_paste")).to_have_value("Ewa Nowa\tZ1\tK\nJan Nowy\tZ2\tM")
        expect(page.locator("[value=paste]")).to_be_focused()
        assert watched.troubles == []


@pytest.mark.parametrize("width", [PHONE, 768, 1366])
def test_the_fullest_and_the_poorest_page_stand(signed_in, demo, width):
    full = training(people=45, days=12, entities=9, topic="Najdłuższy temat " * 9)
    with signed_in("staff", width=width) as watched:
        page = watched.page
        for address in (url(full), f"{url(full)}?states=1", url(full, "attendance_create")):
            watched.open(address)
            assert (violations(page), sideways(page)) == ([], []), address
        poor = ServiceFactory(created_by=full.created_by)
        watched.open(url(poor))
        assert (violations(page), sideways(page)) == ([], [])
        SessionFactory(service=poor)
        watched.open(url(poor))
        assert (violations(page), sideways(page), watched.troubles) == ([], [], [])


@pytest.mark.parametrize(("days", "is_line"), [(1, True), (3, True), (4, False)])
def test_a_person_of_up_to_three_days_takes_one_line_of_a_phone(signed_in, demo, days, is_line):
    service = training(people=2, days=days, entities=1)
    with signed_in("staff", width=PHONE) as watched:
        watched.open(url(service))
        person = block(watched.page, NAMES[0])
        name = person.locator("legend").bounding_box()
        mark = person.locator(".toggle").first.bounding_box()
        assert (mark["x"] > name["x"] + name["width"]) is is_line
        assert (person.bounding_box()["height"] < 90) is is_line
        assert min(mark["width"], mark["height"]) >= 44
        assert (violations(watched.page), sideways(watched.page)) == ([], [])
