import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from indicators.models import Report
from owes.models import Job
from tests.factories import sputnik

URL = reverse("indicators:report_list", args=["sputnik-ii"])


def form(**fields):
    return {
        "start": "01.01.2024",
        "end": "31.12.2024",
        "kind": "final",
        "format": "pdf",
        "token": str(uuid.uuid4()),
    } | fields


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_report_list_orders_a_report_and_leads_to_its_progress(client, request, role):
    user = request.getfixturevalue(role)
    client.force_login(user)
    response = client.post(URL, form())
    job = Job.objects.get()
    assert response.url == reverse("indicators:report_job", args=["sputnik-ii", job.pk])
    assert (job.owner, job.params) == (
        user,
        {
            "project": "sputnik-ii",
            "start": "2024-01-01",
            "end": "2024-12-31",
            "kind": "final",
            "format": "pdf",
        },
    )


def test_report_list_takes_a_double_click_for_one_report(client, staff):
    client.force_login(staff)
    answers = form()
    client.post(URL, answers)
    client.post(URL, answers)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"end": "31.12.2023"}, {"end": ["Koniec okresu jest wcześniejszy niż początek."]}),
        ({"start": "30.02.2024"}, {"start": ["Nie ma takiego dnia: 30.02.2024."]}),
        (
            {"start": "01.01.2020", "end": "31.12.2020"},
            {"start": ["Okres leży poza projektem (05.04.2022–31.12.2024)."]},
        ),
    ],
)
def test_report_list_explains_wrong_dates_and_keeps_them(client, staff, fields, errors):
    client.force_login(staff)
    response = client.post(URL, form(**fields))
    assert response.context["form"].errors == errors
    for name, typed in fields.items():
        assert response.context["form"][name].value() == typed
    assert not Job.objects.exists()


def test_report_list_shows_the_files_of_its_project(client, staff):
    Job.objects.create(
        kind="indicator_report",
        key="a",
        params={
            "project": "sputnik-ii",
            "start": "2023-01-01",
            "end": "2023-12-31",
            "format": "pdf",
        },
    )
    Job.objects.create(kind="indicator_report", key="b", params={"project": "inny"})
    client.force_login(staff)
    response = client.get(URL)
    assert [job.key for job in response.context["jobs"]] == ["a"]
    assertContains(response, "01.01.2023–31.12.2023")


def test_report_list_counts_what_was_changed_in_a_closed_report_since(client, staff):
    days = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31), "created_by": staff}
    closed = {"state": "closed", "closed_at": timezone.now(), "closed_by": staff}
    changed = Report.objects.create(
        project=sputnik(), kind="partial", number="1", **days, **closed
    )
    Report.objects.create(project=sputnik(), kind="partial", number="2", **days, **closed)
    for reason in ("Pomyłka w dokumencie", "Druga pomyłka"):
        changed.changes.create(reason=reason)
    client.force_login(staff)
    response = client.get(URL)
    counts = {report.number: report.change_count for report in response.context["reports"]}
    assert counts == {"1": 2, "2": 0}
    assertContains(response, "2\u00a0zmiany po zamknięciu", count=1)


def test_report_list_is_not_for_an_administrator(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403
