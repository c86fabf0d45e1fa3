"""Certificates of a training given by one click, then printed all at once."""

import pytest
from django.urls import reverse

from owes.models import Job
from support.models import Service
from tests.browser.layout import violations

pytestmark = pytest.mark.browser
TRAINING = "U/0155/2024"


def test_certificates_are_given_by_one_click_and_printed_together(signed_in):
    service = Service.objects.get(code=TRAINING)
    before = service.project.certificates.filter(year=2026).count()
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(service.get_absolute_url())
        page.click("text=Zaświadczenia >> visible=true >> nth=-1")
        page.wait_for_url(
            f"**{reverse('support:certificate_create', args=['sputnik-ii', service.pk])}"
        )
        assert violations(page) == []
        with page.expect_event("load"):
            page.click("text=Wydaj zaznaczonym")
        issued = service.certificates.count()
        assert (before, issued) == (0, 14)
        assert "Wydano 14" in page.inner_text("main")
        assert violations(page) == []
        with page.expect_event("load"):
            page.click("text=Wszystkie w jednym PDF")
        job = Job.objects.get(kind="papers")
        assert len(job.params["certificates"]) == issued
        assert violations(page) == []
        page.wait_for_selector("text=Pobierz pdf")
        assert watched.troubles == []


def test_exception_below_the_threshold_asks_why(signed_in):
    service = Service.objects.get(code=TRAINING)
    with signed_in("coordinator", width=390) as watched:
        page = watched.page
        watched.open(reverse("support:certificate_create", args=["sputnik-ii", service.pk]))
        page.locator("tr", has=page.get_by_label("Poniżej progu")).first.get_by_role(
            "checkbox"
        ).check()
        with page.expect_event("load"):
            page.click("text=Wydaj zaznaczonym")
        assert "Obecność poniżej progu: podaj powód wyjątku." in page.inner_text("main")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_label("Poniżej progu").first.fill("choroba, materiały przerobione w domu")
        with page.expect_event("load"):
            page.click("text=Wydaj zaznaczonym")
        assert service.certificates.exclude(exception_reason="").count() == 1
