import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from owes.models import User
from support.frame import entity_actions, menu, person_actions, project
from support.models import Project
from tests.factories import (
    EntityFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    UserFactory,
)

RECORDS = ["Usługi", "Kalendarz", "Współpraca z JST", "Wdrożenia", "Szkolenia kadry", "Dowody"]
PAPERS = ["Zaświadczenia", "Godziny", "Druki"]
REGISTERS = ["Podmioty", "Osoby", "Samorządy"]


def request_of(user, path="/p/sputnik-ii/partnerships/"):
    """Each reads its user anew."""
    request = RequestFactory().get(path)
    request.user, request.resolver_match = User.objects.get(pk=user.pk), resolve(path)
    return request


def labels(user, project):
    return [entry.label for entry in menu(request_of(user), project)]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("staff", [*REGISTERS, "Usługi", "Moje", "Skany", *RECORDS[1:], *PAPERS]),
        (
            "coordinator",
            [
                *REGISTERS,
                "Wszystkie projekty",
                "Dane osobowe",
                "Koniec przechowywania",
                "Usługi",
                "Moje",
                "Do zatwierdzenia",
                "Skany",
                *RECORDS[1:],
                *PAPERS,
            ]
            + ["Import", "Ustawienia projektu"],
        ),
        ("auditor", RECORDS),
        (
            "administrator",
            [
                "Wszystkie projekty",
                "Ośrodek",
                "Kopie zapasowe",
                "Stan programu",
                "Wglądy w dane",
                "Dane osobowe",
                "Koniec przechowywania",
                "Zespół",
                "Słowniki",
            ],
        ),
    ],
)
def test_menu_holds_what_the_role_may_open(request, project, role, expected):
    assert labels(request.getfixturevalue(role), project) == expected


def test_menu_of_a_user_without_a_project_is_empty(db):
    user = UserFactory()
    assert (project(request_of(user)), labels(user, None)) == (None, [])


@pytest.mark.parametrize(("role", "count"), [("coordinator", [2]), ("staff", [])])
def test_menu_counts_what_waits_for_those_who_approve(request, project, role, count):
    ServiceFactory.create_batch(2, state="submitted")
    ServiceFactory(state="submitted", project=ProjectFactory())
    ServiceFactory(state="draft")
    entries = menu(request_of(request.getfixturevalue(role)), project)
    assert [entry.count for entry in entries if entry.label == "Do zatwierdzenia"] == count


def test_menu_makes_two_queries(project, coordinator, django_assert_num_queries):
    request = request_of(coordinator)
    # Projects with the roles in them; services to mend and to approve, and scans, counted at once.
    with django_assert_num_queries(2):
        menu(request, project)


def test_menu_switches_to_each_other_project(project, coordinator):
    mine = MembershipFactory(user=coordinator, project=ProjectFactory(name="Kuźnia")).project
    ProjectFactory(name="Cudzy")
    switch = [
        (entry.label, entry.url)
        for entry in menu(request_of(coordinator), project)
        if entry.group == "Projekty"
    ]
    assert switch == [("Kuźnia", f"/p/{mine.slug}/"), ("Wszystkie projekty", "/projects/")]


def test_menu_switches_an_administrator_to_the_team(project, administrator):
    newer = ProjectFactory(name="Kuźnia")
    entries = menu(request_of(administrator), project)
    assert [entry.url for entry in entries if entry.label == "Kuźnia"] == [
        f"/p/{newer.slug}/settings/team/"
    ]


def test_project_is_that_of_the_address_else_the_one_opened_last_else_the_newest(coordinator):
    newer = MembershipFactory(user=coordinator, project=ProjectFactory()).project
    ProjectFactory(starts_on="2026-01-01")
    assert project(request_of(coordinator, "/accounts/login/")) == newer
    assert project(request_of(coordinator)).slug == "sputnik-ii"
    assert project(request_of(coordinator, "/accounts/login/")).slug == "sputnik-ii"
    assert project(request_of(coordinator, f"/p/{newer.slug}/partnerships/")) == newer
    assert project(request_of(coordinator, "/accounts/login/")) == newer


def test_a_project_in_the_archive_is_not_begun_in(coordinator):
    newer = MembershipFactory(user=coordinator, project=ProjectFactory()).project
    assert project(request_of(coordinator)).slug == "sputnik-ii"
    Project.objects.filter(slug="sputnik-ii").update(archived_on="2026-01-01")
    assert project(request_of(coordinator, "/accounts/login/")) == newer


def test_opening_a_project_is_written_once(coordinator, django_assert_num_queries):
    MembershipFactory(user=coordinator, project=ProjectFactory())
    first, second = request_of(coordinator), request_of(coordinator)
    with django_assert_num_queries(2):
        project(first)
    with django_assert_num_queries(1):
        project(second)


@pytest.mark.parametrize("view", ["service_create", "visit_create", "service_list"])
def test_a_page_of_a_visit_belongs_to_the_services(client, staff, view):
    client.force_login(staff)
    page = client.get(reverse(f"support:{view}", args=["sputnik-ii"]))
    assert page.context["current_url"] == "/p/sputnik-ii/services/"


def steps(actions, user, project, row):
    return [(action.label, action.url, action.is_main) for action in actions(user, row, project)]


@pytest.mark.parametrize("role", ["staff", "coordinator"])
def test_a_service_and_an_adoption_begin_at_the_card(request, project, role):
    user = request.getfixturevalue(role)
    entity, person = EntityFactory(code="P 7"), PersonFactory(code="O1")
    assert steps(entity_actions, user, project, entity) == [
        ("Dodaj usługę", "/p/sputnik-ii/visits/add/?entity=P+7", True),
        ("Dodaj wdrożenie", "/p/sputnik-ii/adoptions/add/?entity=P+7", False),
    ]
    assert steps(person_actions, user, project, person) == [
        ("Dodaj usługę", "/p/sputnik-ii/visits/add/?person=O1", True),
        ("Zapisz deklarację", f"/p/sputnik-ii/people/{person.pk}/declaration/", False),
    ]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_nothing_begins_at_the_card_for_those_who_only_look(request, project, role):
    user = request.getfixturevalue(role)
    assert steps(entity_actions, user, project, EntityFactory()) == []
    assert steps(person_actions, user, project, PersonFactory()) == []


def test_nothing_begins_at_the_card_outside_ones_projects(staff):
    assert steps(entity_actions, staff, None, EntityFactory()) == []
    assert steps(entity_actions, staff, ProjectFactory(), EntityFactory()) == []
