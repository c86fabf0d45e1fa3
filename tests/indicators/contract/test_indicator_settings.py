from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import EntityFactory, MembershipFactory, ProjectFactory
from tests.indicators.given import DAY, supported
from tests.indicators.rules import CODES

URL = reverse("indicators:indicator_settings", args=["sputnik-ii"])


def test_indicator_settings_show_each_rule_its_value_and_target(client, coordinator):
    supported(DAY, entity=EntityFactory(code="P1"))
    client.force_login(coordinator)
    page = client.get(URL)
    shown = {row.row.code: (row.value, row.target) for row in page.context["rows"]}
    assert list(shown) == CODES
    assert (shown["pes"], shown["staff"]) == ((1, 45), (0, None))
    assertContains(page, "Liczy się podmiot o formie prawnej PES")


def test_a_retired_indicator_has_no_value(client, coordinator, project):
    project.indicators.filter(code="eco").update(retired_on=date(2024, 1, 1))
    client.force_login(coordinator)
    page = client.get(URL)
    [row] = [row for row in page.context["rows"] if row.row.code == "eco"]
    assert (row.indicator, row.value) == (None, None)
    assertContains(page, "przestaje obowiązywać od")


def test_a_project_without_indicators_is_told_where_they_come_from(client, coordinator):
    project = ProjectFactory(indicators=[])
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    client.force_login(coordinator)
    url = reverse("indicators:indicator_settings", args=[project.slug])
    assertContains(client.get(url), "Weź je z katalogu albo ułóż własny.")


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_indicator_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
