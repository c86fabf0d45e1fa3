"""A trial control from the draw to the protocol, as the coordinator does it."""

import pytest
from django.urls import reverse

from indicators.models import ControlledDocument, TrialControl
from tests.browser.layout import sideways, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_a_control_is_drawn_looked_through_and_finished(demo, signed_in, width, scheme):
    with signed_in("coordinator", width=width, scheme=scheme) as watched:
        page = watched.page

        def go(button):
            with page.expect_event("load"):
                page.get_by_role("button", name=button).click()
            assert (violations(page), sideways(page)) == ([], [])

        watched.open(reverse("indicators:control_create", args=["sputnik-ii"]))
        page.fill("#id_size", "1")
        go("Wylosuj")
        control = TrialControl.objects.get(finished_at=None)
        first = control.records.first()
        others = ControlledDocument.objects.filter(record__control=control).exclude(record=first)
        others.update(verdict="found")
        with page.expect_event("load"):
            page.get_by_role("link", name=first.label).click()
        for one in page.get_by_label("brak", exact=True).all():
            one.check()
        page.locator("[name=documents-0-note]").fill("nie ma w segregatorze")
        go("Zapisz i przejdź dalej")
        assert "nie ma w segregatorze" in page.locator("main").inner_text()
        go("Zakończ kontrolę")
        assert "zakończona" in page.locator("main").inner_text()
        watched.open(reverse("indicators:control_list", args=["sputnik-ii"]))
        assert (violations(page), sideways(page)) == ([], [])
        assert watched.troubles == []
