from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from indicators.models import IndicatorRule, Target
from support.models import Membership, Project
from tests.factories import ActivityFactory, ServiceFactory
from tests.indicators.rules import CODES, FIRST, Terms, annex

URL = reverse("support:project_create")
FORM = {
    "name": "Kuźnia",
    "slug": "kuznia-2025",
    "title": "Kuźnia Ekonomii Społecznej",
    "funder": "Gmina Miasto Płock",
    "contract_number": "12/2025",
    "contract_date": "20.12.2024",
    "starts_on": "1.01.2025",
    "ends_on": "31.12.2027",
    "documents_kept_until": "31.12.2032",
    "office_postal_code": "09402",
    "office_locality": "Płock",
}


def kuznia():
    return Project.objects.get(slug="kuznia-2025")


def test_project_create_makes_its_coordinator_of_the_coordinator(client, coordinator):
    client.force_login(coordinator)
    answer = client.post(URL, FORM)
    assertRedirects(answer, "/p/kuznia-2025/setup/area/")
    project = kuznia()
    assert (project.name, project.contract_number) == ("Kuźnia", "12/2025")
    assert (project.contract_date, project.starts_on, project.ends_on) == (
        date(2024, 12, 20),
        date(2025, 1, 1),
        date(2027, 12, 31),
    )
    assert project.office == "09-402 Płock"
    [membership] = project.memberships.all()
    assert (membership.user, membership.role) == (coordinator, Membership.Role.COORDINATOR)
    assert project.history.first().history_user == coordinator


def test_project_create_makes_no_member_of_an_administrator(client, administrator):
    client.force_login(administrator)
    assertRedirects(client.post(URL, FORM), "/p/kuznia-2025/setup/area/")
    assert not kuznia().memberships.exists()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"slug": "sputnik-ii"}, {"slug": ["Projekt o tym skrócie już jest. Podaj inny."]}),
        (
            {"slug": "kuźnia"},
            {"slug": ["Użyj małych liter bez polskich znaków, cyfr i łączników."]},
        ),
        (
            {"ends_on": "31.12.2024"},
            {"ends_on": ["Koniec projektu jest wcześniejszy niż początek."]},
        ),
        (
            {"name": "", "starts_on": ""},
            dict.fromkeys(["name", "starts_on"], ["Uzupełnij to pole."]),
        ),
    ],
)
def test_project_create_refuses_at_the_field(client, coordinator, project, changes, errors):
    client.force_login(coordinator)
    assert client.post(URL, FORM | changes).context["form"].errors == errors
    assert Project.objects.get() == project


def test_project_create_on_the_pattern_of_another_takes_texts_and_dictionaries(
    client, coordinator, project
):
    Project.objects.update(clause="Klauzula ośrodka", office_street="Rynek 1")
    ActivityFactory(name="Doradztwo")
    ServiceFactory()
    client.force_login(coordinator)
    address = f"{URL}?copy=sputnik-ii"
    form = client.get(address).context["form"]
    assert (form["funder"].value(), form["name"].value()) == ("Województwo Mazowieckie", "")
    client.post(address, FORM)
    made = kuznia()
    assert (made.clause, made.funder) == ("Klauzula ośrodka", "Gmina Miasto Płock")
    assert set(made.area.all()) == set(project.area.all())
    assert [activity.name for activity in made.activities.all()] == ["Doradztwo"]
    assert made.evidence_requirements.count() == project.evidence_requirements.count() == 11
    assert (made.services.count(), made.memberships.count()) == (0, 1)


def test_project_create_on_the_pattern_of_another_takes_indicators_rules_and_targets(
    client, coordinator, project
):
    annex(date(2024, 1, 1), least_services=3)
    project.indicators.filter(code="eco").update(retired_on=date(2024, 1, 1))
    Target.objects.create(
        project=project,
        indicator="pes",
        value=50,
        valid_from=date(2024, 1, 1),
        means_of_verification="karty",
    )
    client.force_login(coordinator)
    client.post(f"{URL}?copy=sputnik-ii", FORM)
    made = kuznia()
    codes = [code for code in CODES if code != "eco"]
    assert list(made.indicators.values_list("code", flat=True)) == codes
    rule = IndicatorRule.objects.get(indicator__project=made, indicator__code="pes")
    assert rule.blocks == Terms(least_services=3).blocks("pes")
    assert (rule.valid_from, rule.basis) == (made.starts_on, "umowa")
    targets = made.targets.values_list("indicator", "value", "valid_from")
    assert {code: (value, day) for code, value, day in targets}["pes"] == (50, made.starts_on)
    assert made.targets.get(indicator="pes").means_of_verification == "karty"
    assert {code for code, _, _ in targets} == set(codes)
    assert IndicatorRule.objects.filter(indicator__project=project, valid_from=FIRST).count() == 8


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_project_create_is_for_administrators_and_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]


def test_project_create_copies_no_project_of_others(client, coordinator, staff):
    Membership.objects.filter(user=coordinator).update(role="auditor")
    other = Project.objects.create(
        slug="inny", name="Inny", title="Inny", starts_on="2025-01-01", ends_on="2025-12-31"
    )
    Membership.objects.create(user=coordinator, project=other, role="coordinator")
    client.force_login(coordinator)
    assert client.get(f"{URL}?copy=sputnik-ii").status_code == 403
    assert client.get(f"{URL}?copy=nie-ma").status_code == 404
