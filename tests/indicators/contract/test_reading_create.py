from datetime import date

import pytest
from django.urls import reverse

from indicators.models import Reading
from tests.factories import EntityFactory
from tests.indicators.given import DAY, supported

URL = reverse("indicators:reading_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "valid_from": "1.01.2023",
        "basis": "aneks nr 2",
        "least_services": "2",
        "least_minutes": "0",
    } | changes


def rows():
    return list(
        Reading.objects.values_list("valid_from", "least_services", "ps_within_pes", "basis")
    )


SAVED = [(date(2023, 1, 1), 2, False, "aneks nr 2")]


def test_reading_create_shows_the_effect_and_saves_when_seen(client, coordinator):
    supported(DAY, entity=EntityFactory(code="P1"))
    client.force_login(coordinator)
    shown = client.post(URL, payload())
    [(_, effects)] = shown.context["effects"]
    changed = [(change.code, change.before, change.after) for change in effects.changes]
    assert (changed, rows()) == ([("pes", 1, 0)], [])
    client.post(URL, payload() | {"seen": shown.context["seen"]})
    assert rows() == SAVED
    [version] = Reading.history.all()
    assert (version.history_type, version.history_user) == ("+", coordinator)


def test_reading_create_saves_at_once_what_changes_no_number(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, payload())
    assert rows() == SAVED


def test_reading_create_begins_with_the_reading_of_the_last_day(client, coordinator, project):
    Reading.objects.create(
        project=project, valid_from=DAY, basis="aneks", least_services=3, ps_within_pes=True
    )
    client.force_login(coordinator)
    form = client.get(URL).context["form"]
    names = ("valid_from", "basis", "least_services", "ps_within_pes")
    assert [form[name].value() for name in names] == [None, None, 3, True]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"valid_from": ""}, "valid_from", "Uzupełnij to pole."),
        (
            {"valid_from": "01.01.2025"},
            "valid_from",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
        (
            {"valid_from": "09.03.2023"},
            "valid_from",
            "Od tego dnia obowiązuje już inne odczytanie.",
        ),
        ({"basis": ""}, "basis", "Uzupełnij to pole."),
        ({"least_services": "0"}, "least_services", "Najmniej 1."),
        ({"least_minutes": "dużo"}, "least_minutes", "Podaj liczbę całkowitą, na przykład 15."),
    ],
)
def test_reading_create_refuses_at_the_field(
    client, coordinator, project, changes, field, sentence
):
    Reading.objects.create(project=project, valid_from=DAY, basis="aneks")
    client.force_login(coordinator)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {field: [sentence]}
    assert len(rows()) == 1


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_reading_create_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
