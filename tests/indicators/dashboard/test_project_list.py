from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    UserFactory,
    sputnik,
)
from tests.markup import tight

URL = reverse("indicators:project_list")


def shown(page):
    return [
        (line.project.name, line.url, line.step and line.step.title)
        for line in page.context["lines"]
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


def support(project, day, entity, person, state="approved"):
    session = SessionFactory(service=ServiceFactory(project=project, state=state), day=day)
    AttendanceFactory(session=session, entity=entity, person=person)


@pytest.fixture
def running(coordinator):
    project = ProjectFactory(name="Kuźnia")
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    return project


@time_machine.travel("2025-06-01 12:00Z")
def test_project_list_counts_entities_and_people_once_over_projects(client, coordinator, running):
    entity, other = EntityFactory.create_batch(2)
    person = PersonFactory()
    support(sputnik(), date(2023, 3, 9), entity, person)
    support(sputnik(), date(2023, 3, 10), other, person)
    support(running, date(2025, 3, 10), entity, person)
    support(running, date(2024, 12, 31), other, PersonFactory())  # before the project
    support(running, date(2025, 3, 11), other, PersonFactory(), state="submitted")
    client.force_login(coordinator)
    page = client.get(URL)
    counts = {
        line.project.name: (len(line.entities), len(line.people)) for line in page.context["lines"]
    }
    assert counts == {"Kuźnia": (1, 1), "SPUTNIK II": (2, 1)}
    entities, people = page.context["once"]
    assert (entities.total, entities.once, entities.in_several) == (3, 2, 1)
    assert (people.total, people.once, people.in_several) == (2, 1, 1)
    [line] = [line for line in page.context["lines"] if line.project == sputnik()]
    listed = client.get(line.entities_url).context["table"]
    assert {row.record for row in listed.rows} == {entity, other}


@time_machine.travel("2025-06-01 12:00Z")
def test_project_list_says_how_each_goes_what_is_due_and_waits(client, coordinator, running):
    ServiceFactory()
    ServiceFactory.create_batch(2, project=running, state="submitted")
    client.force_login(coordinator)
    lines = {line.project.name: line for line in client.get(URL).context["lines"]}
    assert lines["Kuźnia"].verdict.sentence == "Projekt nie ma jeszcze wartości docelowych."
    assert lines["Kuźnia"].waiting == [
        ("2\xa0usługi do zatwierdzenia", f"/p/{running.slug}/queue/")
    ]
    assert lines["Kuźnia"].deadline.name == "Sprawozdanie częściowe"
    assert str(lines["Kuźnia"].deadline.day) == "2026-01-30"
    assert lines["SPUTNIK II"].verdict.kind == "watch"
    assert (lines["SPUTNIK II"].deadline.words, lines["SPUTNIK II"].waiting) == (
        "po terminie 853\xa0dni",
        [],
    )


def test_project_list_keeps_numbers_from_an_administrator(client, administrator):
    support(sputnik(), date(2023, 3, 9), EntityFactory(), PersonFactory())
    client.force_login(administrator)
    page = client.get(URL)
    [line] = page.context["lines"]
    assert (line.verdict, line.entities, page.context["once"]) == (None, None, None)


def test_project_list_is_made_by_as_many_queries_however_many_records(
    client, coordinator, query_count
):
    client.force_login(coordinator)
    counts = []
    for _ in range(2):
        for _ in range(3):
            support(sputnik(), date(2023, 3, 9), EntityFactory(), PersonFactory())
        counts.append(query_count(URL))
    assert counts[0] == counts[1]
