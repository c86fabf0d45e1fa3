from datetime import date

import pytest
from django.urls import reverse

from tests.indicators.rules import FIRST, annex

URL = reverse("indicators:indicator_rules", args=["sputnik-ii", "pes"])


def test_indicator_rules_are_the_newest_first_with_what_is_new_in_each(client, coordinator):
    annex(date(2024, 1, 1), least_services=2)
    client.force_login(coordinator)
    newest, first = client.get(URL).context["versions"]
    assert [newest.rule.valid_from, first.rule.valid_from] == [date(2024, 1, 1), FIRST]
    assert [clause for clause, is_kept in newest.clauses if not is_kept] == [
        "dostaje łącznie co najmniej 2\xa0usługi"
    ]
    assert all(is_kept for _, is_kept in first.clauses)


def test_indicator_rules_of_no_indicator_are_not_found(client, coordinator):
    client.force_login(coordinator)
    url = reverse("indicators:indicator_rules", args=["sputnik-ii", "nic"])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_indicator_rules_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
