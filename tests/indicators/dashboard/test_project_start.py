from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from tests.factories import EntityFactory, ServiceFactory

URL = reverse("indicators:project_start", args=["sputnik-ii"])


def test_project_start_guides_through_setting_up_and_first_records(client, coordinator, project):
    project.area.clear()
    EntityFactory()
    client.force_login(coordinator)
    page = client.get(URL)
    assert [(step.title, step.is_done) for step in page.context["steps"]] == [
        ("Umowa", True),
        ("Obszar", False),
        ("Wskaźniki i cele", True),
        ("Harmonogram i dowody", True),
        ("Zespół", True),
        ("Podmioty i osoby", True),
        ("Pierwsza usługa", False),
    ]
    assert page.context["current"].url == "/p/sputnik-ii/setup/area/"
    assertContains(page, reverse("support:import_list", args=["sputnik-ii"]))
    assertContains(page, reverse("support:visit_create", args=["sputnik-ii"]))
    assertNotContains(page, "po terminie")


def test_project_start_leaves_records_to_those_who_enter_them(client, administrator, project):
    client.force_login(administrator)
    page = client.get(URL)
    assertContains(page, "wpisze kadra")
    assertNotContains(page, reverse("support:visit_create", args=["sputnik-ii"]))


def test_project_start_gives_way_to_the_dashboard(client, coordinator, staff, project):
    client.force_login(staff)
    assertRedirects(client.get(URL), "/p/sputnik-ii/")
    ServiceFactory()
    client.force_login(coordinator)
    assertRedirects(client.get(URL), "/p/sputnik-ii/")
