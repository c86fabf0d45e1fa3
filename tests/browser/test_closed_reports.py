"""After a report is closed: the question why, the differences and the funder's package."""

from datetime import date

import pytest
from django.urls import reverse

from indicators.closing import closing
from indicators.models import Package, Report
from owes.models import User
from support.models import Service
from tests.browser.conftest import ROLES
from tests.browser.layout import sideways, violations
from tests.factories import sputnik

pytestmark = pytest.mark.browser


@pytest.fixture
def report(demo):
    coordinator = User.objects.get(email=ROLES["coordinator"])
    draft = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=sputnik().starts_on,
        ends_on=sputnik().ends_on,
        created_by=coordinator,
    )
    return closing.close(draft, coordinator, "próba")


def deciding():
    """A service that decided about somebody in the report."""
    return Service.objects.filter(
        state="approved", sessions__day__range=(date(2022, 4, 5), date(2022, 6, 1))
    ).first()


@pytest.mark.parametrize("width", [1280, 360])
def test_cancelling_what_was_reported_asks_why_on_one_page(report, signed_in, width):
    with signed_in("coordinator", width=width) as watched:
        page = watched.page
        watched.open(deciding().get_absolute_url())
        page.get_by_text("Anuluj usługę", exact=True).first.click()
        page.fill("#id_cancel_reason", "nie odbyła się")
        with page.expect_event("load"):
            page.get_by_role("button", name="Anuluj usługę").click()
        assert page.locator("#powod li > strong").all_inner_texts() == [
            "korekta nr 1 raportu częściowego nr 1 (05.04.2022–31.12.2022)",
            "raport częściowy nr 2 (01.01.2023–31.12.2023)",
            "raport końcowy nr 3 (05.04.2022–31.12.2024)",
            "raport częściowy nr 4 (05.04.2022–31.12.2024)",
        ]
        assert page.evaluate("document.activeElement.id") == "powod"
        assert page.input_value("#powod-zmiany") == "nie odbyła się"
        assert (violations(page), sideways(page)) == ([], [])
        with page.expect_event("load"):
            page.get_by_role("button", name="Zapisz z tym powodem").click()
        assert report.changes.get().reason == "nie odbyła się"
        watched.open(report.get_absolute_url())
        assert (violations(page), sideways(page)) == ([], [])
        assert watched.troubles == []


def test_a_form_asks_why_above_what_was_typed(report, signed_in):
    with signed_in("coordinator") as watched:
        page = watched.page
        entity = deciding().recipients.first()
        watched.open(reverse("entities:entity_edit", args=[entity.pk]))
        page.fill("#id_name", "Fundacja Po Zmianie")
        with page.expect_event("load"):
            page.get_by_role("button", name="Zapisz", exact=True).click()
        assert page.input_value("#id_name") == "Fundacja Po Zmianie"
        assert violations(page) == []
        page.fill("#powod-zmiany", "nowy statut")
        with page.expect_event("load"):
            page.get_by_role("button", name="Zapisz", exact=True).click()
        entity.refresh_from_db()
        assert entity.name == "Fundacja Po Zmianie"
        assert watched.troubles == []


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_packages_are_accessible_and_fit_a_phone(report, signed_in, width):
    package = Package.objects.create(
        report=report,
        purpose="Kontrola projektu, pismo zleceniodawcy nr 12/2026 z 3 listopada",
        by=report.closed_by,
        indicators=["pes"],
        documents=["karta podpisana"],
        sha256="ab" * 32,
        contents=[["raport.pdf", "cd" * 32]],
        people={"1": "O0001"},
    )
    with signed_in("coordinator", width=width) as watched:
        for name, keys in (("list", []), ("create", []), ("detail", [package.pk])):
            watched.open(reverse(f"indicators:package_{name}", args=["sputnik-ii", *keys]))
            assert (violations(watched.page), sideways(watched.page)) == ([], []), name
        assert watched.troubles == []
