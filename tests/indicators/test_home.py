from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories import MembershipFactory, ProjectFactory, UserFactory

URL = reverse("indicators:home")


def test_home_leads_to_the_project(client, auditor):
    client.force_login(auditor)
    assertRedirects(client.get(URL), "/p/sputnik-ii/")


def test_home_leads_to_the_newest_of_several_projects(client, staff):
    newer = ProjectFactory(slug="nowszy")
    MembershipFactory(user=staff, project=newer)
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/nowszy/")


def test_home_passes_by_a_membership_that_ended(client, staff):
    MembershipFactory(user=staff, project=ProjectFactory(slug="nowszy"), is_active=False)
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/sputnik-ii/")


def test_home_leads_an_administrator_to_the_team(client, administrator, project):
    client.force_login(administrator)
    assertRedirects(client.get(URL), "/p/sputnik-ii/settings/team/")


def test_home_tells_a_stranger_to_projects_whom_to_ask(client, db):
    user = UserFactory(email="nowa@example.pl")
    client.force_login(user)
    assertContains(client.get(URL), "doda Twój adres nowa@example.pl do zespołu")
