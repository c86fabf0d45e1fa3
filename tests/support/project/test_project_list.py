import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import MembershipFactory, ProjectFactory, ServiceFactory, UserFactory, sputnik
from tests.markup import tight

URL = reverse("support:project_list")


def shown(page):
    return [
        (project.name, url, undone and undone[0].title)
        for project, url, undone in page.context["rows"]
    ]


@time_machine.travel("2025-06-01 12:00Z")
def test_project_list_holds_the_users_own_and_where_to_go_on(client, coordinator):
    ServiceFactory()
    new = ProjectFactory(name="Kuźnia")
    MembershipFactory(user=coordinator, project=new, role="coordinator")
    ProjectFactory(name="Cudzy")
    client.force_login(coordinator)
    page = client.get(URL)
    assert shown(page) == [
        ("Kuźnia", f"/p/{new.slug}/", "Obszar"),
        ("SPUTNIK II", "/p/sputnik-ii/", None),
    ]
    assertContains(page, f'href="/p/{new.slug}/setup/area/"')
    assert "zakończony" in tight(page)
    assertContains(page, reverse("support:project_create"))


def test_project_list_of_an_administrator_holds_all_those_of_the_archive_last(
    client, administrator
):
    ServiceFactory()
    ProjectFactory(name="Stary", archived_on="2026-01-01", starts_on="2026-01-01")
    client.force_login(administrator)
    assert [name for name, _, _ in shown(client.get(URL))] == ["SPUTNIK II", "Stary"]
    assert shown(client.get(URL))[0][1] == "/p/sputnik-ii/settings/team/"


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        ("2022-04-04 12:00Z", "zacznie się 05.04.2022"),
        ("2022-04-05 12:00Z", "w toku"),
        ("2024-12-31 12:00Z", "w toku"),
        ("2025-01-01 12:00Z", "zakończony"),
    ],
)
def test_phase_of_a_project_by_the_day(db, now, phase):
    with time_machine.travel(now):
        assert sputnik().phase == phase


def test_project_list_tells_who_adds_one_where_none_is(client, staff):
    client.force_login(UserFactory())
    assertContains(client.get(URL), "poproś koordynatora projektu albo administratora")
