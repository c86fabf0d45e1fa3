from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from indicators.contract.composer_forms import RuleForm
from indicators.models import IndicatorRule
from tests.factories import EntityFactory
from tests.indicators.given import DAY, supported
from tests.indicators.rules import FIRST, Terms

URL = reverse("indicators:rule_create", args=["sputnik-ii", "pes"])


def payload(**changes):
    return {
        "base": "supported",
        "pes_form": "on",
        "in_area": "on",
        "status": "none",
        "services_1": "2",
        "valid_from": "1.01.2023",
        "basis": "aneks nr 2",
    } | changes


def rules():
    rows = IndicatorRule.objects.filter(indicator__code="pes")
    return list(rows.order_by("valid_from").values_list("valid_from", "blocks"))


OF_CONTRACT = (FIRST, Terms().blocks("pes"))
ADDED = (date(2023, 1, 1), [*Terms().blocks("pes"), {"block": "at_least", "services": 2}])


def test_rule_create_shows_the_effect_and_saves_when_seen(client, coordinator):
    supported(DAY, entity=EntityFactory(code="P1"))
    client.force_login(coordinator)
    shown = client.post(URL, payload())
    [(_, effects)] = shown.context["effects"]
    changed = [(change.code, change.before, change.after) for change in effects.changes]
    assert (changed, rules()) == ([("pes", 1, 0)], [OF_CONTRACT])
    client.post(URL, payload() | {"seen": shown.context["seen"]})
    assert rules() == [OF_CONTRACT, ADDED]
    version = IndicatorRule.history.first()
    assert (version.history_type, version.history_user) == ("+", coordinator)


def test_rule_create_saves_at_once_what_changes_no_number(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, payload())
    assert rules() == [OF_CONTRACT, ADDED]


def test_a_preview_says_who_drops_out_and_who_comes_in(client, coordinator):
    once = supported(DAY, entity=EntityFactory(code="P1"))
    twice = supported(DAY, entity=EntityFactory(code="P2"), code="U/1")
    supported(DAY, entity=twice, code="U/2")
    client.force_login(coordinator)
    shown = client.post(URL, payload(act="preview"), headers={"hx-request": "true"})
    preview = shown.context["preview"]
    assert (preview.before, preview.at_end) == (2, 1)
    assert (preview.gone, preview.come) == ([(once, DAY, 1)], [])
    assert [(each.sentence, each.count) for each in preview.reasons] == [
        ("Podmiot nie dostał jeszcze wymaganego wsparcia: 2\xa0usługi.", 1)
    ]
    assert rules() == [OF_CONTRACT]


def test_rule_create_begins_with_the_last_rule(client, coordinator, project):
    blocks = [
        {"block": "supported"},
        {"block": "types", "types": [1, 2]},
        {"block": "forms", "forms": ["kgw"]},
        {"block": "ps_status"},
        {"block": "at_least", "minutes": 90, "types": [1]},
        {"block": "at_least", "services": 3},
    ]
    row = project.indicators.get(code="pes")
    rule = row.rules.create(valid_from=DAY, basis="aneks", blocks=blocks)
    client.force_login(coordinator)
    form = client.get(URL).context["form"]
    assert (form["valid_from"].value(), form["basis"].value()) == (None, None)
    data = {name: value for name, value in RuleForm.initial_of(rule).items() if value}
    again = RuleForm(
        data | {"valid_from": "10.03.2023", "basis": "próba", "minutes_1": "1:30"},
        project=project,
        row=row,
    )
    assert (again.is_valid(), again.blocks) == (True, blocks)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"valid_from": ""}, "valid_from", "Uzupełnij to pole."),
        ({"valid_from": "5.04.2022"}, "valid_from", "Od tego dnia obowiązuje już inna zasada."),
        (
            {"valid_from": "1.01.2025"},
            "valid_from",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
        ({"services_1": "dużo"}, "services_1", "Podaj liczbę całkowitą, na przykład 15."),
    ],
)
def test_rule_create_refuses_at_the_field(client, coordinator, changes, field, sentence):
    client.force_login(coordinator)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {field: [sentence]}
    assert rules() == [OF_CONTRACT]


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_rule_create_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]


def test_rule_create_remembers_the_step_of_a_new_project(client, coordinator):
    client.force_login(coordinator)
    answer = client.post(URL + "?from=setup", payload())
    rules_url = reverse("indicators:indicator_rules", args=["sputnik-ii", "pes"])
    assertRedirects(answer, rules_url + "?from=setup")
