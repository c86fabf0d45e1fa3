"""Papers in Chromium: the cards of a month in one file, a month's hours handed in and accepted."""

import pytest
from django.urls import reverse

from owes.jobs import run
from owes.models import Job
from support.models import MonthlySheet, Service, StaffMember
from tests.browser.conftest import ROLES
from tests.browser.layout import violations
from tests.browser.test_pages import MARCH
from tests.factories import sputnik

pytestmark = pytest.mark.browser


def test_cards_of_a_month_are_chosen_and_made(signed_in):
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(reverse("support:service_list", args=["sputnik-ii"]))
        with page.expect_event("load"):
            page.click("text=Drukuj karty")
        # An adviser's own meetings come first; here those of the whole team.
        page.get_by_label("Kadra").select_option("")
        page.get_by_label("Miesiąc").select_option("2024-03")
        with page.expect_event("load"):
            page.click("button:has-text('Pokaż')")
        assert "10\u00a0kart zbiorczych" in page.inner_text("main")
        assert violations(page) == []
        page.get_by_label("Plik").select_option("zip")
        with page.expect_event("load"):
            page.click("text=Utwórz plik")
        job = Job.objects.get(kind="papers")
        assert violations(page) == []
        run(job.pk)
        page.wait_for_selector("text=Pobierz zip")
        with page.expect_download() as download:
            page.click("text=Pobierz zip")
        name = download.value.suggested_filename
        assert name == "karty-zbiorcze-2024-03-01-2024-03-31.zip"
        assert violations(page) == []
        assert watched.troubles == []


def test_papers_of_a_service_open_from_its_page(signed_in):
    service = Service.objects.get(code="U/0154/2023")
    with signed_in("staff", width=390) as watched:
        page = watched.page
        watched.open(service.get_absolute_url())
        for words in ("Karta usługi", "Lista obecności 16.03.2023", "lista pusta 16.03.2023"):
            link = page.get_by_role("link", name=words, exact=True)
            answer = page.request.get(watched.address + link.get_attribute("href"))
            assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")


def test_hours_of_a_month_are_handed_in_accepted_and_the_difference_shows(signed_in):
    member = StaffMember.objects.get(user__email=ROLES["staff"])
    sheet = max(
        (MonthlySheet.of(sputnik(), member, month) for month in sputnik().period.months()),
        key=lambda sheet: sheet.sessions().count(),
    )
    with signed_in("staff") as watched:
        page = watched.page
        watched.open(sheet.get_absolute_url())
        with page.expect_event("load"):
            page.click("main >> text=Złóż")
        assert "Złożono zestawienie do zatwierdzenia." in page.inner_text("main")
        assert violations(page) == []
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(sheet.get_absolute_url())
        with page.expect_event("load"):
            page.click("main >> text=Zatwierdź")
        assert "Zatwierdzono zestawienie." in page.inner_text("main")
        sheet.sessions().first().service.cancel(member.user, "pomyłka")
        page.reload()
        assert "Od zatwierdzenia zmieniło się:" in page.inner_text("main")
        assert violations(page) == []
        months = reverse("support:monthly_sheet_list", args=["sputnik-ii"])
        watched.open(f"{months}?state=approved")
        assert "zmieniło się od złożenia" in page.inner_text("main")
        assert violations(page) == []
        assert watched.troubles == []


def test_pages_of_papers_fit_a_phone(signed_in):
    member = StaffMember.objects.get(user__email=ROLES["staff"])
    paths = [
        reverse(f"support:{name}", args=["sputnik-ii"])
        for name in ("paper_list", "meeting_paper_list", "monthly_sheet_list")
    ]
    paths.append(MonthlySheet.of(sputnik(), member, MARCH).get_absolute_url())
    with signed_in("coordinator", width=360) as watched:
        for path in paths:
            watched.open(path)
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert (path, wide) == (path, 360)
