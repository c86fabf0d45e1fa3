"""Deleting an entry of a dictionary: refused while a record or a rule names it."""

from datetime import date

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from indicators.models import IndicatorRule, ProjectIndicator
from support.models import AdoptionKind, ServiceType, Theme
from tests.factories import AdoptionFactory, ServiceFactory

PLACES = {
    ServiceType: ("service_type", "supported", "types"),
    Theme: ("theme", "supported", "themes"),
    AdoptionKind: ("adoption_kind", "adopted", None),
}
RULE = "wskaźnik „Mój wskaźnik”, projekt SPUTNIK II, zasada od 05.04.2022"


def delete(client, entry):
    noun = PLACES[type(entry)][0]
    url = reverse(f"support:{noun}_delete", args=["sputnik-ii", entry.pk])
    response = client.post(url, follow=True)
    return [str(message) for message in response.context["messages"]]


def rule_with(entry, project):
    _, base, block = PLACES[type(entry)]
    blocks = [{"block": base}]
    if block:
        blocks += [{"block": block, block: [entry.pk]}]
    else:
        blocks = [{"block": base, "kind": entry.pk}]
    indicator = ProjectIndicator.objects.create(
        project=project, code="moj", short_name="Mój wskaźnik", name="Mój", position=90
    )
    for day in (date(2022, 4, 5), date(2023, 4, 5)):
        IndicatorRule.objects.create(
            indicator=indicator, valid_from=day, blocks=blocks if day.year == 2022 else blocks[:1]
        )
    if not block:
        IndicatorRule.objects.filter(valid_from__year=2023).update(blocks=[{"block": base}])


@pytest.mark.parametrize("model", PLACES)
def test_an_entry_that_nothing_uses_is_deleted(client, coordinator, model):
    client.force_login(coordinator)
    entry = model.objects.create(name="Zbędne")
    assert delete(client, entry) == ["Usunięto ze słownika: Zbędne."]
    assert not model.objects.filter(name="Zbędne").exists()


@pytest.mark.parametrize("model", PLACES)
def test_an_entry_of_a_rule_stays_and_the_rule_is_named(client, coordinator, project, model):
    client.force_login(coordinator)
    entry = model.objects.create(name="Moje")
    rule_with(entry, project)
    sentence = f"Nie można usunąć „Moje” ze słownika. Używają tego: {RULE}."
    assert delete(client, entry) == [sentence]
    for way in (entry.delete, model.objects.filter(name="Moje").delete):
        with pytest.raises(ProtectedError, match="Mój wskaźnik"):
            way()
    assert model.objects.filter(name="Moje").exists()


def test_a_kind_of_a_threshold_stays(client, coordinator, project):
    client.force_login(coordinator)
    entry = ServiceType.objects.create(name="Moje")
    rule_with(entry, project)
    threshold = {"block": "at_least", "services": 2, "types": [entry.pk]}
    IndicatorRule.objects.filter(indicator__code="moj").update(
        blocks=[{"block": "supported"}, threshold]
    )
    [sentence] = delete(client, entry)
    assert sentence.count("Mój wskaźnik") == 2


def test_an_entry_of_a_record_stays(client, coordinator):
    client.force_login(coordinator)
    kind, service_type = (
        AdoptionKind.objects.create(name="A"),
        ServiceType.objects.create(name="B"),
    )
    AdoptionFactory(kind=kind.pk)
    ServiceFactory.create_batch(2, type=service_type)
    refused = "Nie można usunąć „{}” ze słownika. Używają tego: {}."
    assert delete(client, kind) == [refused.format("A", "wdrożenia (1)")]
    assert delete(client, service_type) == [refused.format("B", "usługi (2)")]


def test_an_entry_of_the_catalogue_stays(client, coordinator):
    client.force_login(coordinator)
    assert delete(client, AdoptionKind.objects.get(pk="assumptions")) == [
        "Nie można usunąć „wypracowanie założeń PES” ze słownika. Używają tego: "
        "wskaźnik „Grupy z założeniami PES” z katalogu."
    ]


@pytest.mark.parametrize("role", ["staff", "auditor"])
@pytest.mark.parametrize("model", PLACES)
def test_entries_are_not_deleted_by_others(client, request, role, model):
    client.force_login(request.getfixturevalue(role))
    entry = model.objects.create(name="Moje")
    url = reverse(f"support:{PLACES[model][0]}_delete", args=["sputnik-ii", entry.pk])
    assert client.post(url).status_code == 403
    assert model.objects.filter(name="Moje").exists()
