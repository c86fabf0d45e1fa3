from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from indicators.closing import closing
from indicators.counting.scope import Scope
from indicators.models import Report
from tests.factories import EntityFactory
from tests.indicators.given import DAY, supported

URL = reverse("indicators:indicator_edit", args=["sputnik-ii", "pes"])


def payload(**changes):
    return {"name": "Liczba PES", "short_name": "Wsparte PES", "label": "PES"} | changes


def test_indicator_edit_changes_the_names_and_no_code(client, coordinator, project):
    client.force_login(coordinator)
    client.post(URL, payload())
    row = project.indicators.get(code="pes")
    assert (row.name, row.short_name, row.position) == ("Liczba PES", "Wsparte PES", 0)
    assert row.history.first().history_user == coordinator


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_indicator_edit_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403


def test_indicator_edit_remembers_the_step_of_a_new_project(client, coordinator):
    client.force_login(coordinator)
    answer = client.post(URL + "?from=setup", payload())
    rules_url = reverse("indicators:indicator_rules", args=["sputnik-ii", "pes"])
    assertRedirects(answer, rules_url + "?from=setup")


def counted_by(scope):
    return scope.indicator("pes").counted(scope, scope.period).count()


def retired_on(project):
    return project.indicators.get(code="pes").retired_on


def test_indicator_edit_shows_what_retiring_takes_away_and_saves_when_seen(
    client, coordinator, project
):
    supported(DAY, entity=EntityFactory(code="P1"))
    client.force_login(coordinator)
    data = payload(retired_on="1.01.2024")
    shown = client.post(URL, data)
    [(_, effects)] = shown.context["effects"]
    changed = [(change.code, change.before, change.after) for change in effects.changes]
    assert (changed, retired_on(project)) == ([("pes", 1, 0)], None)
    client.post(URL, data | {"seen": shown.context["seen"]})
    assert retired_on(project) == date(2024, 1, 1)
    assert Scope.of(project, date(2024, 1, 1)).indicator("pes") is None
    assert counted_by(Scope.of(project, date(2023, 12, 31))) == 1


def test_indicator_edit_takes_a_retired_indicator_back(client, coordinator, project):
    project.indicators.filter(code="pes").update(retired_on=date(2024, 1, 1))
    client.force_login(coordinator)
    client.post(URL, payload(retired_on=""))
    assert retired_on(project) is None


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("4.04.2022", "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."),
        ("1.01.2025", "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."),
        (
            "31.12.2022",
            "Wskaźnik jest w zamkniętym sprawozdaniu za 05.04.2022–31.12.2022. "
            "Podaj późniejszy dzień.",
        ),
        ("1.01.2023", None),
    ],
)
def test_indicator_edit_ends_nothing_inside_a_closed_report(
    client, coordinator, project, day, sentence
):
    draft = Report.objects.create(
        project=project,
        kind="partial",
        starts_on=project.starts_on,
        ends_on=date(2022, 12, 31),
        created_by=coordinator,
    )
    closing.close(draft, coordinator, "próba")
    client.force_login(coordinator)
    page = client.post(URL, payload(retired_on=day))
    if sentence:
        assert page.context["words"].errors == {"retired_on": [sentence]}
    assert (retired_on(project) is None) == bool(sentence)
