import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from indicators.models import IndicatorRule
from tests.factories import MembershipFactory, ProjectFactory
from tests.indicators.rules import CODES


@pytest.fixture
def own(coordinator):
    """A project of the coordinator that has no indicators yet."""
    project = ProjectFactory(indicators=[])
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    return project


def url(project):
    return reverse("indicators:catalogue_create", args=[project.slug])


def test_catalogue_create_takes_those_of_the_catalogue_with_their_rules(client, coordinator, own):
    client.force_login(coordinator)
    client.post(url(own), {"chosen": ["pes", "women"]})
    assert list(own.indicators.values_list("code", "position")) == [("pes", 0), ("women", 1)]
    rule = IndicatorRule.objects.get(indicator__project=own, indicator__code="women")
    assert (rule.valid_from, rule.blocks) == (
        own.starts_on,
        [{"block": "present", "whom": "pes_or_group"}, {"block": "sex", "sex": "K"}],
    )
    assert rule.history.get().history_user == coordinator


def test_catalogue_create_copies_from_another_project(client, coordinator, own, project):
    eco = project.indicators.get(code="eco")
    eco.name = "Liczba zielonych"
    eco.save()
    client.force_login(coordinator)
    client.post(url(own), {"copied": [str(eco.pk)]})
    copied = own.indicators.get()
    assert (copied.code, copied.name) == ("eco", "Liczba zielonych")
    assert copied.rules.get().blocks == eco.rules.get().blocks


def test_catalogue_create_offers_the_same_once_and_without_the_words_of_one_contract(
    client, coordinator, own, project
):
    client.force_login(coordinator)
    form = client.get(url(own)).context["form"]
    assert "copied" not in form.fields
    client.post(url(own), {"chosen": ["ps", "staff"]})
    assert list(own.indicators.values_list("source", flat=True)) == [
        "ustawa o ekonomii społecznej, art. 3–10",
        "",
    ]
    assert project.indicators.get(code="staff").source == "umowa, zasady liczenia wskaźnika 7"
    texts = IndicatorRule.objects.filter(text__contains="Umowa nie podaje wartości docelowej")
    assert [rule.indicator.project for rule in texts] == [project]


def test_catalogue_create_says_how_each_counts(client, coordinator, own, project):
    client.force_login(coordinator)
    offered = dict(client.get(url(own)).context["form"].fields["chosen"].choices)
    assert offered["ps"] == (
        "Liczba przedsiębiorstw społecznych (PS) objętych wsparciem"
        '<span class="quiet d-block">Jak PES, gdy w dniu objęcia wsparciem obowiązywał status PS.'
        "</span>"
    )
    assert "1) jest kobietą. Liczy się raz" in offered["women"]


def test_catalogue_create_offers_only_what_the_project_lacks(client, coordinator, project):
    client.force_login(coordinator)
    form = client.get(url(project)).context["form"]
    offered = [code for code, _ in form.fields["chosen"].choices]
    assert "women" in offered
    assert set(offered) & set(CODES) == set()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Zaznacz co najmniej jeden wskaźnik."),
        (
            {"chosen": ["eco"], "copied": True},
            "Dwa zaznaczone wskaźniki mają ten sam kod albo etykietę.",
        ),
    ],
)
def test_catalogue_create_refuses_at_the_field(client, coordinator, own, project, data, sentence):
    if data.get("copied"):
        eco = project.indicators.get(code="eco")
        project.indicators.filter(pk=eco.pk).update(name="Liczba zielonych")
        data = data | {"copied": [str(eco.pk)]}
    client.force_login(coordinator)
    assert client.post(url(own), data).context["form"].errors == {"chosen": [sentence]}
    assert own.indicators.count() == 0


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_catalogue_create_is_for_coordinators(client, request, role, project):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(project)).status_code == 403


def test_catalogue_create_leads_back_to_the_step_of_a_new_project(client, coordinator, own):
    client.force_login(coordinator)
    answer = client.post(url(own) + "?from=setup", {"chosen": ["pes"]})
    assertRedirects(answer, reverse("indicators:setup_indicators", args=[own.slug]))
    answer = client.post(url(own), {"chosen": ["women"]})
    assertRedirects(answer, reverse("indicators:indicator_settings", args=[own.slug]))
