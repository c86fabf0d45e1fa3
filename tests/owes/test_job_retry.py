import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from owes import jobs
from owes.models import Job
from tests.factories import UserFactory


@pytest.fixture
def failed(coordinator):
    return Job.objects.create(
        kind="indicator_report",
        key="indicator_report:raz",
        state=Job.State.FAILED,
        error="Brak bibliotek do PDF.",
        attempt=3,
        owner=coordinator,
        params={"project": "sputnik-ii", "start": "2024-01-01", "end": "2024-12-31"},
    )


def page_of(job):
    return reverse("indicators:report_job", args=["sputnik-ii", job.pk])


def retry(client, job, back):
    return client.post(reverse("owes:job_retry", args=[job.pk]), {"back": back})


def test_failed_work_is_ordered_again_by_the_one_who_ordered_it(
    client, coordinator, failed, monkeypatch, django_capture_on_commit_callbacks
):
    published = []
    monkeypatch.setattr(jobs, "publish", published.append)
    client.force_login(coordinator)
    assertContains(client.get(page_of(failed)), "Spróbuj ponownie")
    with django_capture_on_commit_callbacks(execute=True):
        assertRedirects(retry(client, failed, page_of(failed)), page_of(failed))
    failed.refresh_from_db()
    assert (failed.state, failed.attempt, failed.error) == (Job.State.QUEUED, 0, "")
    assert (published, Job.objects.count()) == ([failed.pk], 1)
    assert retry(client, failed, page_of(failed)).status_code == 404  # it waits already


def test_work_of_another_is_not_ordered_again(client, staff, failed):
    client.force_login(staff)
    assert retry(client, failed, "/").status_code == 404
    failed.owner = UserFactory()
    failed.save()
    assertNotContains(client.get(page_of(failed)), "Spróbuj ponownie")
    failed.refresh_from_db()
    assert failed.state == Job.State.FAILED


@pytest.mark.parametrize("back", ["https://zly.example/", "//zly.example", "", "javascript:x"])
def test_it_leads_to_no_other_site(client, coordinator, failed, back):
    client.force_login(coordinator)
    assert retry(client, failed, back).url == "/"


def test_work_that_changes_records_is_not_ordered_again_here(client, coordinator, failed):
    failed.kind = "report_closing"
    failed.save()
    client.force_login(coordinator)
    assert retry(client, failed, "/").status_code == 404
