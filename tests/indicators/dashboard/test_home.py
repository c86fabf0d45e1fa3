import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories import MembershipFactory, ProjectFactory, ServiceFactory, UserFactory

URL = reverse("indicators:home")


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("staff", "/p/sputnik-ii/mine/"),
        ("coordinator", "/p/sputnik-ii/"),
        ("auditor", "/p/sputnik-ii/reports/"),
    ],
)
def test_home_leads_to_the_work_of_the_role(client, request, role, page):
    client.force_login(request.getfixturevalue(role))
    ServiceFactory(state="draft")
    assertRedirects(client.get(URL), page)


def test_signing_in_leads_home_unless_a_page_was_asked_for(client, staff):
    staff.set_password("Sekret-2024-sekret")
    staff.save()
    form = {"login": staff.email, "password": "Sekret-2024-sekret"}
    signed_in = client.post(reverse("account_login"), form)
    assertRedirects(signed_in, URL, target_status_code=302)
    client.logout()
    asked = reverse("support:service_list", args=["sputnik-ii"])
    assertRedirects(client.post(f"{reverse('account_login')}?next={asked}", form), asked)


def test_home_leads_to_the_newest_of_several_projects(client, staff):
    newer = ProjectFactory(slug="nowszy")
    MembershipFactory(user=staff, project=newer)
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/nowszy/mine/")


def test_home_passes_by_a_membership_that_ended(client, staff):
    MembershipFactory(user=staff, project=ProjectFactory(slug="nowszy"), is_active=False)
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/sputnik-ii/mine/")


def test_home_leads_an_administrator_to_the_team(client, administrator, project):
    client.force_login(administrator)
    ServiceFactory(state="draft")
    assertRedirects(client.get(URL), "/p/sputnik-ii/settings/team/")


def test_home_leads_an_administrator_without_a_service_to_the_first_steps(client, administrator):
    client.force_login(administrator)
    assertRedirects(client.get(URL), "/start/")


def test_home_passes_by_a_project_in_the_archive(client, staff):
    newer = ProjectFactory(slug="nowszy", archived_on="2026-01-01")
    MembershipFactory(user=staff, project=newer)
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/sputnik-ii/mine/")


def test_home_tells_a_stranger_to_projects_whom_to_ask(client, db):
    user = UserFactory(email="nowa@example.pl")
    client.force_login(user)
    assertContains(client.get(URL), "doda Twój adres nowa@example.pl do zespołu")
