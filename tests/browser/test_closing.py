"""Closing a report in Chromium: how far it is shows itself, and so does the closed report."""

import pytest
from playwright.sync_api import expect

from indicators.models import Report
from owes.celery import app
from owes.jobs import run
from owes.models import Job, User
from tests.browser.conftest import ROLES
from tests.browser.layout import sideways, violations
from tests.factories import sputnik

pytestmark = pytest.mark.browser


@pytest.fixture
def report(demo, monkeypatch):
    """A draft, whose closing waits for a worker."""
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    return Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=sputnik().starts_on,
        ends_on=sputnik().ends_on,
        created_by=User.objects.get(email=ROLES["coordinator"]),
    )


@pytest.mark.parametrize("width", [1280, 360])
def test_closing_shows_how_far_it_is_and_then_the_closed_report(report, signed_in, width):
    with signed_in("coordinator", width=width) as watched:
        page = watched.page
        watched.open(report.get_absolute_url())
        with page.expect_event("load"):
            page.get_by_role("button", name="Zamknij sprawozdanie").click()
        assert page.evaluate("document.activeElement.id") == "bledy"
        assert page.get_attribute("#id_reason", "aria-invalid") == "true"
        assert (violations(page), sideways(page)) == ([], [])
        page.fill("#id_reason", "papiery w segregatorze")
        with page.expect_event("load"):
            page.get_by_role("button", name="Zamknij sprawozdanie").click()
        expect(page.locator("#praca")).to_contain_text("czeka w kolejce")
        assert (violations(page), sideways(page)) == ([], [])
        job = Job.objects.get(kind="report_closing")
        Job.objects.filter(pk=job.pk).update(state="running", progress=2, total=4)
        expect(page.locator("#praca")).to_contain_text("2 z 4 kroków")
        Job.objects.filter(pk=job.pk).update(state="queued")
        run(job.pk)
        expect(page.locator("main")).to_contain_text("Zamknięto: Raport częściowy nr 4.")
        expect(page.locator("#plik")).to_contain_text("Tworzę PDF.")
        assert (violations(page), sideways(page)) == ([], [])
        Report.objects.filter(pk=report.pk).update(file="reports/1.pdf", sha256="ab" * 32)
        expect(page.locator("#plik")).to_contain_text("ab" * 32)
        assert (violations(page), sideways(page)) == ([], [])
        assert watched.troubles == []


def test_a_refusal_of_the_worker_shows_itself_with_what_was_typed(report, signed_in):
    report.kind = "final"
    report.save()
    with signed_in("coordinator") as watched:
        page = watched.page
        watched.open(report.get_absolute_url())
        page.fill("#id_reason", "papiery w segregatorze")
        with page.expect_event("load"):
            page.get_by_role("button", name="Zamknij sprawozdanie").click()
        run(Job.objects.get(kind="report_closing").pk)
        expect(page.locator("#bledy")).to_contain_text("Uzupełnij teksty sprawozdania końcowego")
        assert page.input_value("#id_reason") == "papiery w segregatorze"
        assert page.evaluate("document.activeElement.id") == "bledy"
        assert violations(page) == []
        assert watched.troubles == []
