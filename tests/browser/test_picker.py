"""The picker in Chromium: what comes first, what each key takes, a roster by keyboard."""

from datetime import date

import pytest
from django.urls import reverse

from entities.models import Entity, Person
from owes.folding import fold
from owes.lookups import label_of
from owes.models import User
from support.models import Attendance, Recipient
from tests.browser.conftest import ROLES, give_password
from tests.browser.layout import violations
from tests.browser.test_service_entry import SAVED, Keys
from tests.factories import SessionFactory

pytestmark = pytest.mark.browser
CREATE = reverse("support:service_create", args=["sputnik-ii"])
ADOPT = reverse("support:adoption_create", args=["sputnik-ii"])
MOST = 300


def listed(page, field, text):
    """Types the text and answers the options shown, once they are those of the text."""
    page.locator(field).fill("")
    page.locator(field).focus()
    page.keyboard.type(text)
    return shown(page, text)


def shown(page, text):
    page.wait_for_function(
        "text => document.getElementById('picker-options').dataset.text === text", arg=text
    )
    page.wait_for_selector("#picker:popover-open")
    options = page.locator("#picker-options [role=option]").all()
    return [option.get_attribute("data-value") for option in options]


PIEC = "Spółdzielnia Socjalna „Pięć Wiatrów” (P014)"
FIRST = [
    ("#id_recipient", "piec w", PIEC),
    ("#id_recipient", "7765423039", PIEC),
    ("#id_recipient", "776-542-30-39", PIEC),
    ("#id_roster-0-person", "kesick", "Piotr Kęsicki (O0019)"),  # met lately
    ("#id_roster-0-person", "lasota mar", "Marta Lasota (O0184)"),
    ("#id_roster-0-person", "fijal p", "Paulina Fijałkowska (O0001)"),
]


def test_the_right_record_is_shown_first(signed_in):
    with signed_in("staff") as watched:
        watched.open(CREATE)
        for field, text, first in FIRST:
            assert listed(watched.page, field, text)[0] == first
            assert watched.page.locator("#picker-options mark").count() > 0
        found = listed(watched.page, "#id_roster-0-person", "lasota m")
        assert found.index("Marta Lasota (O0184)") < found.index("Jarosław Lasota (O0192)")
        assert watched.troubles == []


def test_the_list_says_what_its_keys_do(signed_in):
    with signed_in("staff") as watched:
        watched.open(CREATE)
        page, words = watched.page, watched.page.locator("#picker p")
        assert len(listed(page, "#id_recipient", "piec wia")) == 1
        told = "↓ wybiera, Enter wstawia wybrane, Esc zamyka"
        assert words.inner_text().endswith(told)
        page.keyboard.press("Enter")
        assert page.input_value("#id_recipient") == "piec wia"
        assert words.inner_text().endswith(told)
        listed(page, "#id_roster-0-person", "O0001")
        exact = "Paulina Fijałkowska (O0001)"
        assert words.inner_text().endswith(f"Enter wstawia: {exact}. ↓ wybiera, Esc zamyka")
        page.keyboard.press("Enter")
        assert page.input_value("#id_roster-0-person") == exact


def test_no_keys_are_named_to_a_finger(chromium, demo, live_server):
    context = chromium.new_context(is_mobile=True, has_touch=True, locale="pl-PL")
    page = context.new_page()
    give_password(page, live_server.url, "staff")
    page.goto(live_server.url + CREATE)
    listed(page, "#id_recipient", "piec w")
    assert not {"↓", "Enter", "Esc"} & set(page.locator("#picker p").inner_text().split())
    context.close()


def test_enter_takes_only_what_is_highlighted_or_exact(signed_in):
    with signed_in("staff") as watched:
        watched.open(CREATE)
        page, field = watched.page, watched.page.locator("#id_roster-0-person")
        listed(page, "#id_roster-0-person", "lasota m")
        page.keyboard.press("Enter")
        # Nothing is taken, the text stays with its candidates, and so does the cursor.
        assert field.input_value() == "lasota m"
        words = page.locator("#picker p").inner_text()
        assert words.startswith("Nic nie wybrano.")
        assert page.evaluate("document.activeElement.id") == "id_roster-0-person"
        assert violations(page) == []
        found = shown(page, "lasota m")
        for _ in range(found.index("Marta Lasota (O0184)") + 1):
            page.keyboard.press("ArrowDown")
        marked = page.locator("#picker-options [aria-selected=true]")
        assert field.get_attribute("aria-activedescendant") == marked.get_attribute("id")
        assert violations(page) == []
        page.keyboard.press("Enter")
        assert field.input_value() == "Marta Lasota (O0184)"
        assert field.get_attribute("aria-expanded") == "false"
        assert page.locator("#picker-says").inner_text() == "Wybrano: Marta Lasota (O0184)"
        # Enter led to the next row; an exact text is taken without a highlight.
        assert page.evaluate("document.activeElement.id") == "id_roster-1-person"
        listed(page, "#id_roster-1-person", "jarosław lasota")
        page.keyboard.press("Enter")
        second = page.locator("#id_roster-1-person")
        assert second.input_value() == "Jarosław Lasota (O0192)"
        assert watched.troubles == []


def test_keys_that_take_nothing_leave_the_text(signed_in):
    with signed_in("staff") as watched:
        watched.open(CREATE)
        page, field = watched.page, watched.page.locator("#id_roster-0-person")
        # Enter before the answer: nobody saw what it would take.
        field.focus()
        page.keyboard.type("lasota m")
        page.keyboard.press("Enter")
        shown(page, "lasota m")
        assert page.locator("#id_roster-0-person").input_value() == "lasota m"
        assert page.locator("#id_roster-0-entity").input_value() == ""
        listed(page, "#id_roster-0-person", "lasota m")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        assert page.locator("#picker:popover-open").count() == 0
        page.keyboard.press("Tab")
        assert field.input_value() == "lasota m"
        listed(page, "#id_roster-0-person", "o0184")
        page.keyboard.press("Tab")
        assert field.input_value() == "Marta Lasota (O0184)"


def test_a_choice_by_mouse_by_code_and_without_the_network(signed_in):
    with signed_in("staff") as watched:
        watched.open(ADOPT)
        page, field = watched.page, watched.page.locator("#id_entity")
        page.evaluate(
            "document.addEventListener('picker:chosen', ({ detail }) => { window.told = detail; })"
        )
        listed(page, "#id_entity", "piec w")
        page.locator("#picker-options [role=option]").first.click()
        assert field.input_value() == PIEC
        told = page.evaluate("({ value: told.value, code: told.code, by: told.by })")
        assert told == {"value": PIEC, "code": "P014", "by": "click"}
        # A code left before the answer is read all the same.
        field.fill("")
        page.keyboard.type("p014")
        page.keyboard.press("Tab")
        page.wait_for_function(
            "wanted => document.getElementById('id_entity').value === wanted", arg=PIEC
        )
        assert page.locator("#picker:popover-open").count() == 0
        # Without the network the text stays for the server.
        page.route("**/options/entities/**", lambda route: route.abort())
        field.fill("piec w")
        page.wait_for_function(
            "() => document.getElementById('picker-says').textContent.startsWith('Brak podpow')"
        )
        assert field.input_value() == "piec w"
        with page.expect_event("load"):
            page.locator("form[data-draft] .form-bar button[type=submit]").first.click()
        # What the server refuses is asked about under the field.
        near = page.get_by_role("group", name="Który podmiot masz na myśli?")
        assert near.get_by_role("radio").count() == 2
        assert field.input_value() == "piec w"
        assert violations(page) == []
        near.get_by_role("radio").first.click()
        assert field.input_value() == PIEC
        assert near.count() == 0


def test_the_list_is_whole_and_over_everything(signed_in):
    """In the top layer: no table cuts it and no bar hides it; a row is 44 px on a phone."""
    with signed_in("staff") as watched:
        for width in (360, 768, 1366):
            watched.page.set_viewport_size({"width": width, "height": 900})
            watched.open(CREATE)
            look_at_the_list(watched.page, width)


def look_at_the_list(page, width):
    page.locator("#id_roster-0-person").scroll_into_view_if_needed()
    listed(page, "#id_roster-0-person", "a")
    box = page.locator("#picker").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    for share in (0.1, 0.9):
        spot = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] * share}
        hit = "({ x, y }) => Boolean(document.elementFromPoint(x, y).closest('#picker'))"
        assert page.evaluate(hit, spot)
    row = page.locator("#picker-options [role=option]").first.bounding_box()
    assert row["height"] >= (44 if width < 768 else 24)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def first_letters(person):
    return fold(f"{person.first_name[:2]} {person.last_name[:2]}")


def test_thirty_six_people_of_the_demo_are_entered_by_keyboard(signed_in):
    """Two letters of each name, then down to the person seen in the list, and Enter."""
    with signed_in("staff") as watched:
        people = list(
            Person.objects.filter(representations__isnull=False).distinct().order_by("code")[:36]
        )
        session = SessionFactory(
            service__created_by=User.objects.get(email=ROLES["staff"]), day=date(2024, 3, 4)
        )
        service = session.service
        for entity in Entity.objects.filter(representations__person__in=people).distinct():
            Recipient.objects.create(service=service, entity=entity)
        watched.open(reverse("support:service_edit", args=["sputnik-ii", service.pk]))
        page, keys = watched.page, Keys(watched.page)
        page.locator("#id_roster-0-person").focus()
        for person in people:
            text = first_letters(person)
            keys.type(text)
            found = shown(page, text)
            for letter in fold(person.last_name[2:]):
                if label_of(person) in found:
                    break
                text += letter
                keys.type(letter)
                found = shown(page, text)
            keys.press(*["ArrowDown"] * (found.index(label_of(person)) + 1), "Enter")
        with page.expect_navigation(url=SAVED):
            page.locator("[value=draft].btn-secondary").click()
        rows = Attendance.objects.filter(session=session, state="present")
        assert {row.person for row in rows} == set(people)
        assert keys.count <= MOST, keys.count
        assert watched.troubles == []
