from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from indicators.catalogue import CATALOGUE
from indicators.reference import add_indicators
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
    jst,
)
from tests.indicators.given import attend, service_of, supported


def url(entity):
    return reverse("indicators:entity_indicators", args=[entity.pk])


def standing(response):
    [in_project] = response.context["standings"]
    return in_project


def counted(response):
    return {line.indicator.code: line.counted_on for line in standing(response).counted}


def others(response):
    return {
        line.indicator.code: [reason.code for reason in line.explained.reasons]
        for line in standing(response).others
    }


def test_entity_indicators_tell_since_when_it_counts_and_what_decided(client, staff):
    entity = supported(date(2023, 3, 9))
    service = entity.services.get()
    AdoptionFactory(entity=entity, kind="digital", day=date(2023, 5, 1), services=[service])
    client.force_login(staff)
    response = client.get(url(entity))
    assert counted(response) == {"pes": date(2023, 3, 9), "digital": date(2023, 5, 1)}
    assert [line.decision.service for line in standing(response).counted] == [service] * 2
    assertContains(response, service.get_absolute_url())


def test_entity_indicators_tell_why_it_does_not_count_elsewhere(client, staff):
    entity = supported(date(2023, 3, 9))
    AdoptionFactory(entity=entity, kind="digital")
    client.force_login(staff)
    response = client.get(url(entity))
    assert others(response) == {
        "ps": ["counted_as_pes"],
        "digital": ["no_linked_service"],
        "eco": ["no_adoption"],
    }
    assertContains(response, "W dniu pierwszego wsparcia, 09.03.2023, nie miał statusu PS.")
    assertContains(response, f"/adoptions/add/?entity={entity.code}")


def test_the_indicator_that_lacks_one_condition_is_marked(client, staff):
    entity = supported(date(2023, 3, 9))
    AdoptionFactory(entity=entity, kind="digital")
    client.force_login(staff)
    response = client.get(url(entity))
    near = [line.indicator.code for line in standing(response).others if line.is_near]
    assert near == ["digital"]
    assertContains(response, "brakuje jednego warunku", count=1)


def test_entity_indicators_offer_no_adoption_to_what_is_no_pes(client, staff):
    entity = supported(date(2023, 3, 9), entity=EntityFactory(legal_form="not_pes"))
    client.force_login(staff)
    response = client.get(url(entity))
    assert others(response) == {
        "pes": ["not_pes_form"],
        "ps": ["not_pes_form", "counted_as_pes"],
    }


def test_entity_indicators_tell_of_the_people_who_came_for_it(client, staff):
    entity, other = EntityFactory(), EntityFactory(name="Inny podmiot")
    here = attend(service_of(date(2023, 3, 9), entity=entity), entity)
    before = PersonFactory()
    attend(service_of(date(2023, 3, 1), entity=other), other, before)
    attend(service_of(date(2023, 3, 9), entity=entity), entity, before)
    waiting = attend(service_of(date(2023, 3, 9), entity=entity, state="draft"), entity)
    PersonFactory()
    client.force_login(staff)
    response = client.get(url(entity))
    people = {
        representative.person.pk: representative
        for representative in standing(response).representatives
    }
    assert set(people) == {here.pk, before.pk, waiting.pk}
    assert (people[here.pk].counted_on, people[here.pk].other_entity) == (date(2023, 3, 9), None)
    assert (people[before.pk].counted_on, people[before.pk].other_entity) == (
        date(2023, 3, 1),
        other,
    )
    assert [reason.code for reason in people[waiting.pk].explained.reasons] == ["not_approved"]
    assert [row.person.pk for row in standing(response).counted_people] == [here.pk]


def test_entity_indicators_hide_names_and_remedies_from_an_auditor(client, auditor):
    entity = supported(entity=EntityFactory(), person=PersonFactory(code="O7", last_name="Bąk"))
    client.force_login(auditor)
    response = client.get(url(entity))
    assertContains(response, "O7 (K)")
    assertNotContains(response, "Bąk")
    assertNotContains(response, "Dodaj wdrożenie")
    assertNotContains(response, "/add/")


def test_entity_indicators_are_those_of_the_projects_of_the_user(client, staff):
    project = ProjectFactory(slug="nowszy")
    ProjectFactory(slug="obcy")
    MembershipFactory(user=staff, project=project)
    entity = supported()
    client.force_login(staff)
    in_projects = client.get(url(entity)).context["standings"]
    assert [in_project.project.slug for in_project in in_projects] == ["nowszy", "sputnik-ii"]


def test_entity_indicators_begin_with_the_project_opened_last(client, staff):
    MembershipFactory(user=staff, project=ProjectFactory(slug="nowszy"))
    entity = supported()
    client.force_login(staff)
    client.get(reverse("support:mine", args=["sputnik-ii"]))
    in_projects = client.get(url(entity)).context["standings"]
    assert [in_project.project.slug for in_project in in_projects] == ["sputnik-ii", "nowszy"]


def test_entity_indicators_make_the_same_queries_for_any_number(client, staff, query_count):
    client.force_login(staff)
    entity = EntityFactory()
    counts = []
    for number in (1, 3):
        for _ in range(number):
            supported(entity=entity)
            attend(service_of(date(2023, 3, 9), entity=entity, state="draft"), entity)
        counts.append(query_count(url(entity)))
    assert counts[0] == counts[1]


def test_entity_indicators_are_a_tab_of_the_card(client, staff):
    entity = EntityFactory()
    client.force_login(staff)
    assertContains(client.get(url(entity)), f'href="{url(entity)}" aria-current="page"')


def test_entity_indicators_of_an_unsupported_entity_are_not_for_an_auditor(client, auditor):
    client.force_login(auditor)
    assert client.get(url(EntityFactory())).status_code == 403
    assert client.get(url(supported())).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("staff", 200), ("administrator", 403)])
def test_entity_indicators_are_for_the_team(client, request, project, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(supported())).status_code == status


def test_entity_indicators_offer_a_group_what_its_rule_asks_of_groups(client, staff, project):
    add_indicators(apps, project, [CATALOGUE["groups_with_assumptions"]])
    group = EntityFactory(legal_form="initiative_group", seat=jst("141908"))
    client.force_login(staff)
    supported(date(2023, 3, 9), entity=group)
    response = client.get(url(group))
    assert others(response)["groups_with_assumptions"] == ["no_record_of_kind"]
    assertContains(response, f"/adoptions/add/?entity={group.code}")
    AdoptionFactory(entity=group, kind="assumptions", day=date(2023, 5, 1))
    assert counted(client.get(url(group))) == {"groups_with_assumptions": date(2023, 5, 1)}
