import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes.jobs import perform, take
from owes.models import Job

PARAMS = {"start": "2023-01-01", "end": "2023-12-31", "format": "pdf", "kind": "final"}


@pytest.fixture
def job(db):
    return Job.objects.create(
        kind="indicator_report", key="a", params={"project": "sputnik-ii"} | PARAMS
    )


def url(job, name="report_job"):
    return reverse(f"indicators:{name}", args=["sputnik-ii", job.pk])


def test_report_job_asks_again_until_the_file_is_made(client, staff, job):
    client.force_login(staff)
    assertContains(client.get(url(job)), "czeka w kolejce")
    assertNotContains(client.get(url(job)), "nie odpowiada")
    Job.objects.update(created_at=job.created_at - 2 * Job.PATIENCE)
    assertContains(client.get(url(job)), "Program, który robi to w tle, nie odpowiada.")
    Job.objects.update(state="running", progress=3, total=9)
    response = client.get(url(job), headers={"HX-Request": "true"})
    assertContains(response, "3 z 9\xa0kroków")
    assertContains(response, 'hx-trigger="load')
    assertNotContains(response, "<html")
    job.file.save("r.pdf", ContentFile(b"%PDF-1"))
    Job.objects.update(state="done", file_name="raport.pdf", finished_at=job.created_at)
    response = client.get(url(job))
    assertContains(response, "Pobierz pdf")
    assertNotContains(response, 'hx-trigger="load')


def test_report_job_says_why_it_failed(client, staff, job):
    Job.objects.update(state="failed", error="Brak bibliotek systemowych do PDF")
    client.force_login(staff)
    assertContains(client.get(url(job)), "Brak bibliotek systemowych do PDF")


def test_report_file_is_downloaded_under_its_name(client, auditor, job):
    job.file.save("r.pdf", ContentFile(b"%PDF-1"))
    Job.objects.update(state="done", file_name="raport.pdf")
    client.force_login(auditor)
    response = client.get(url(job, "report_file"))
    assert b"".join(response.streaming_content) == b"%PDF-1"
    assert response["Content-Disposition"] == 'attachment; filename="raport.pdf"'


def test_report_job_of_another_project_is_not_found(client, staff, job):
    Job.objects.update(params={"project": "inny"} | PARAMS)
    client.force_login(staff)
    assert client.get(url(job)).status_code == 404
    assert client.get(url(job, "report_file")).status_code == 404


@pytest.mark.pdf
def test_report_is_made_by_the_worker_in_its_own_process(job):
    """The child reads the database by its address, so only its refusal can be seen here."""

    Job.objects.update(params={"project": "nieznany"} | PARAMS)
    row = take(job.pk)
    perform(row)
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.error != ""
