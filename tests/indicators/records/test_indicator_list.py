import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.indicators.given import counted, scope, supported
from tests.indicators.rules import CODES

URL = reverse("indicators:indicator_list", args=["sputnik-ii"])


def test_indicator_list_shows_each_rule_and_value_in_the_order_of_the_contract(client, staff):
    supported()
    client.force_login(staff)
    response = client.get(URL)
    shown = [(line.indicator.code, line.value) for line, _, _ in response.context["rows"]]
    assert shown == [(code, len(counted(code))) for code in CODES]
    for indicator in scope().indicators:
        assertContains(response, indicator.rule)


def test_indicator_list_speaks_of_the_day_asked_for(client, staff):
    supported()
    client.force_login(staff)
    response = client.get(URL, {"on": "8.03.2023"})
    assert [line.value for line, _, _ in response.context["rows"]] == [0] * 8
    assertContains(response, "?on=2023-03-08#zaliczone")


def test_indicator_list_makes_the_same_queries_for_any_number_of_records(
    client, staff, query_count
):
    client.force_login(staff)
    counts = []
    for _ in range(3):
        supported()
        counts.append(query_count(URL))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("auditor", 200), ("administrator", 403)]
)
def test_indicator_list_is_for_the_team(client, request, project, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status
