"""Data control of a large project: ordered on the page, done by a worker, its counts kept."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.checks import running
from indicators.checks.findings import findings, keep_run
from indicators.checks.views import FINDINGS
from indicators.models import CheckRun
from owes.formatting import plural
from owes.jobs import run
from owes.models import Job
from tests.factories import UserFactory, sputnik
from tests.indicators.checks.test_checks import serviced

pytestmark = pytest.mark.usefixtures("db")
PAGE = reverse("indicators:check_list", args=["sputnik-ii"])
RUN = reverse("indicators:check_run", args=["sputnik-ii"])
PROGRESS = reverse("indicators:check_progress", args=["sputnik-ii"])
SUNDAY = date(2023, 3, 12)


@pytest.fixture
def large(monkeypatch):
    """A project of three services, where two are the most that are checked at once."""
    monkeypatch.setattr(running, "MOST_AT_ONCE", 2)
    return [serviced(SUNDAY, code=f"U/{number}") for number in range(3)]


def counts(response):
    return {line.check.code: line.count for line in response.context["listing"].lines()}


def test_check_run_of_a_small_project_answers_at_once(client, staff, monkeypatch):
    monkeypatch.setattr(running, "MOST_AT_ONCE", 2)
    for number in range(2):
        serviced(SUNDAY, code=f"U/{number}")
    client.force_login(staff)
    response = client.post(RUN)
    assertRedirects(response, PAGE)
    total = len(findings(sputnik()))
    assert [str(each) for each in get_messages(response.wsgi_request)] == [
        f"Sprawdzono: {plural(total, FINDINGS)}."
    ]
    assert (CheckRun.objects.get().total, Job.objects.count()) == (total, 0)


def test_check_run_of_a_large_project_is_ordered_once_and_kept(client, staff, large):
    client.force_login(staff)
    for _ in range(2):
        assertRedirects(client.post(RUN), PAGE)
    job = Job.objects.get()
    assert (job.kind, job.owner, CheckRun.objects.count()) == ("check_run", staff, 0)
    page = client.get(PAGE)
    assertContains(page, "Sprawdzam dane…")
    assertContains(page, "jeszcze nie sprawdzono")
    assert counts(page) == {}
    run(job.pk)
    now = counts_of_now()
    page = client.get(PAGE)
    assertNotContains(page, "Sprawdzam dane…")
    assert (counts(page), page.context["listing"].total) == (now, sum(now.values()))
    assertContains(page, "liczby są z ostatniego sprawdzenia")
    client.post(RUN)
    assert Job.objects.count() == 2


def counts_of_now():
    found = {}
    for finding in findings(sputnik()):
        found[finding.check.code] = found.get(finding.check.code, 0) + 1
    return found


def test_check_run_tells_how_many_rules_are_done(client, staff, large):
    told = []
    running.run(sputnik(), lambda done, total: told.append((done, total)))
    assert told == [(number, len(told)) for number in range(len(told))]
    assert len(told) > 30
    client.force_login(staff)
    client.post(RUN)
    Job.objects.update(state="running", progress=7, total=len(told))
    response = client.get(PROGRESS, headers={"HX-Request": "true"})
    assertContains(response, f"7 z {len(told)}")


def test_check_progress_leads_back_when_it_is_over(client, staff, large):
    client.force_login(staff)
    assertRedirects(client.get(PROGRESS), PAGE)
    client.post(RUN)
    run(Job.objects.get().pk)
    response = client.get(PROGRESS, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == PAGE


def test_check_list_tells_why_a_run_failed(client, staff, large):
    client.force_login(staff)
    client.post(RUN)
    Job.objects.update(state="failed", error="Brak miejsca.", finished_at=timezone.now())
    assertContains(client.get(PAGE), "Brak miejsca.")
    assertContains(client.get(PAGE), "Spróbuj ponownie")


def test_the_chosen_rule_of_a_large_project_is_counted_now(client, staff, large):
    keep_run(sputnik(), findings(sputnik()), timezone.now())
    before = counts_of_now()
    serviced(SUNDAY, code="U/9")
    client.force_login(staff)
    assert counts(client.get(PAGE)) == before
    page = client.get(f"{PAGE}?check=V06")
    assert counts(page) == before | {"V06": 4}
    assert [row.offender.code for row in page.context["records"].page.object_list.data] == [
        f"U/{number}" for number in (0, 1, 2, 9)
    ]
    assert set(counts(client.get(f"{PAGE}?show=R"))) < set(before)


def test_the_page_of_a_large_project_runs_no_rule(client, staff, large):
    keep_run(sputnik(), findings(sputnik()), timezone.now())
    client.force_login(staff)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) < 15


def test_the_file_of_all_rules_of_a_large_project_is_made_by_a_worker(client, staff, large):
    client.force_login(staff)
    response = client.get(f"{PAGE}?format=csv")
    job = Job.objects.get()
    assertRedirects(response, reverse("owes:list_file", args=[job.pk]))
    run(job.pk)
    job.refresh_from_db()
    text = job.file.read().decode("utf-8-sig")
    assert len(text.splitlines()) == len(findings(sputnik())) + 1
    one = client.get(f"{PAGE}?format=csv&check=V06").content.decode("utf-8-sig")
    assert len(one.splitlines()) == 4


def test_check_run_is_closed_to_others(client, large):
    client.force_login(UserFactory())
    assert (client.post(RUN).status_code, client.get(PROGRESS).status_code) == (404, 404)
