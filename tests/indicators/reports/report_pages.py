"""A closed report and the addresses of its pages."""

from datetime import date

from django.urls import reverse

from indicators.closing import closing
from indicators.models import Report
from owes.jobs import run
from owes.models import Job
from tests.factories import EntityFactory, PersonFactory, sputnik
from tests.indicators.given import DAY, supported


def url(name, *keys):
    return reverse(f"indicators:{name}", args=["sputnik-ii", *keys])


def draft_of(user, **fields):
    partial = {"kind": "partial", "starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
    return Report.objects.create(project=sputnik(), created_by=user, **partial | fields)


def closed_by(user):
    supported(DAY, person=PersonFactory(code="O-1"), entity=EntityFactory(code="P-1"))
    return closed_of(draft_of(user), user)


def close_by_job(client, report, **typed):
    """Presses "Zamknij sprawozdanie", lets a worker do it, and shows where that leads."""
    ordered = client.post(url("report_close", report.pk), typed)
    assert ordered.url == url("report_closing", report.pk)
    run(Job.objects.get(kind="report_closing", params__report=report.pk).pk)
    return client.get(ordered.url, follow=True)


def closed_of(report, user):
    return closing.close(report, user, "próba")
