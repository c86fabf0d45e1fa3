import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

URL = reverse("support:paper_list", args=["sputnik-ii"])


@pytest.mark.parametrize(
    ("role", "status"),
    [("staff", 200), ("coordinator", 200), ("auditor", 403), ("administrator", 403)],
)
def test_papers_are_for_those_who_work_in_the_project(client, request, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status


def test_page_leads_to_blank_papers(client, staff):
    client.force_login(staff)
    assertContains(client.get(URL), reverse("support:empty_card", args=["sputnik-ii"]))
