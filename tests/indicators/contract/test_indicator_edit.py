import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

URL = reverse("indicators:indicator_edit", args=["sputnik-ii", "pes"])


def test_indicator_edit_changes_the_names_and_no_code(client, coordinator, project):
    client.force_login(coordinator)
    client.post(URL, {"name": "Liczba PES", "short_name": "Wsparte PES", "label": "PES"})
    row = project.indicators.get(code="pes")
    assert (row.name, row.short_name, row.position) == ("Liczba PES", "Wsparte PES", 0)
    assert row.history.first().history_user == coordinator


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_indicator_edit_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403


def test_indicator_edit_remembers_the_step_of_a_new_project(client, coordinator):
    client.force_login(coordinator)
    names = {"name": "Liczba PES", "short_name": "Wsparte PES", "label": "PES"}
    answer = client.post(URL + "?from=setup", names)
    rules_url = reverse("indicators:indicator_rules", args=["sputnik-ii", "pes"])
    assertRedirects(answer, rules_url + "?from=setup")
