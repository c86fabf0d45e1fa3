from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import ServiceFactory

URL = reverse("indicators:setup_indicators", args=["sputnik-ii"])
ADD = reverse("indicators:target_create", args=["sputnik-ii"])


def test_setup_indicators_shows_targets_and_where_to_add_them(client, coordinator, project):
    project.targets.filter(indicator="eco").delete()
    client.force_login(coordinator)
    page = client.get(URL)
    assertContains(page, "Krok 3 z 5")
    assertContains(page, "<strong>45</strong>", html=True)
    assertContains(page, f"{ADD}?indicator=eco")
    assertNotContains(page, f"{ADD}?indicator=pes")
    assert page.context["following"] == "/p/sputnik-ii/setup/schedule/"


def test_setup_indicators_leads_to_the_catalogue_and_to_the_composer(client, coordinator):
    client.force_login(coordinator)
    page = client.get(URL)
    for name in ("catalogue_create", "indicator_create"):
        assertContains(page, reverse(f"indicators:{name}", args=["sputnik-ii"]))


def test_setup_indicators_leaves_targets_to_the_coordinator(client, administrator, project):
    project.targets.filter(indicator="eco").delete()
    client.force_login(administrator)
    page = client.get(URL)
    assertContains(page, "cel wpisze koordynator")
    assertNotContains(page, ADD)


def test_setup_indicators_is_for_those_who_set_the_project_up(client, staff, administrator):
    client.force_login(staff)
    assert client.get(URL).status_code == 403
    ServiceFactory()
    client.force_login(administrator)
    assert client.get(URL).status_code == 403
