import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from owes.models import Job

URL = reverse("support:paper_list", args=["sputnik-ii"])
ORDER = {
    "batch": "services",
    "start": "1.03.2024",
    "end": "31.03.2024",
    "state": "approved",
    "token": "6f1f0c1e-94a6-4f38-bb6c-0d8b9c5a1f10",
}


@pytest.mark.parametrize(
    ("role", "status"),
    [("staff", 200), ("coordinator", 200), ("auditor", 403), ("administrator", 403)],
)
def test_papers_are_for_those_who_work_in_the_project(client, request, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status


def test_page_leads_to_blank_papers_and_to_those_of_meetings(client, staff):
    client.force_login(staff)
    response = client.get(URL)
    for name in ("empty_card", "empty_list", "meeting_paper_list"):
        assertContains(response, reverse(f"support:{name}", args=["sputnik-ii"]))


def test_register_is_ordered_once(client, staff):
    client.force_login(staff)
    for _ in range(2):
        response = client.post(URL, ORDER)
    job = Job.objects.get()
    assert response.url == reverse("support:paper_job", args=["sputnik-ii", job.pk])
    assert job.params == {
        "project": "sputnik-ii",
        "batch": "services",
        "start": "2024-03-01",
        "end": "2024-03-31",
        "filters": {"state": "approved"},
        "format": "pdf",
    }
    assertContains(client.get(URL), "rejestr usług")


def test_state_is_asked_of_services_only(client, staff):
    client.force_login(staff)
    client.post(URL, ORDER | {"batch": "entities"})
    assert Job.objects.get().params["filters"] == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"start": "31.03.2024", "end": "1.03.2024"}, "Koniec jest wcześniejszy niż początek."),
        ({"start": "1.01.2020", "end": "2.01.2020"}, "To poza okresem projektu: 05.04.2022"),
        ({"start": "32.13.2024"}, "Od: "),
        ({"batch": "x"}, "Rejestr: "),
        ({"token": "x"}, "token"),
    ],
)
def test_mistakes_are_told_and_nothing_is_ordered(client, staff, given, sentence):
    client.force_login(staff)
    assertContains(client.post(URL, ORDER | given), sentence)
    assert not Job.objects.exists()
