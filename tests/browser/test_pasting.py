"""Walk of a training: forty people on three days from a spreadsheet, misspelt and unknown."""

import pytest
from playwright.sync_api import expect

from entities.models import Person
from support.models import Attendance
from tests.browser.layout import sideways, violations
from tests.browser.test_attendance import NAMES, paste, training, url

pytestmark = pytest.mark.browser
TITLES = ("mgr", "dr inż.", "pani", "")


@pytest.fixture
def service(demo):
    return training()


def rows():
    """The people of the training with titles; two misspelt, one entity not as in the register."""
    found = []
    for place, name in enumerate(NAMES):
        entity = "Kolo nr 3" if place == 3 else f"Z{place % 8}"
        written = {5: f"{name[:-3]}{name[-2:]}", 12: f"{name[:1]}{name[2:]}"}.get(place, name)
        found.append(f"{TITLES[place % 4]} Anna {written}\t{entity}".strip())
    return "\n".join(found)


@pytest.mark.parametrize("width", [360, 1366])
def test_a_list_of_forty_is_mended_in_place(signed_in, service, width):
    people = Person.objects.count()
    with signed_in("staff", width=width) as watched:
        page = watched.page
        watched.open(url(service))
        with page.expect_navigation(url="**/paste/"):
            paste(page, rows())
        page.get_by_label("Tylko do poprawy").check()
        lines = page.locator("tbody > tr:visible")
        expect(lines).to_have_count(3)
        # At the end of the page, where the bar of buttons covers nothing.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert (violations(page), sideways(page), watched.troubles) == ([], [], [])
        for place in (5, 12):
            lines.filter(has_text=str(place + 1)).get_by_label(f"(Z{place:03d})").first.check()
        page.get_by_label("Inny podmiot z rejestru").fill("Z3")
        page.keyboard.press("Tab")
        with page.expect_navigation(url=f"**{service.get_absolute_url()}"):
            page.click("text=Zapisz właściwe wiersze")
        assert Attendance.objects.filter(session__service=service).count() == 120
        assert Person.objects.count() == people
        assert watched.troubles == []
