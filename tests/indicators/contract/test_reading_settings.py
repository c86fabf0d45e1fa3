from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from indicators.models import Reading

URL = reverse("indicators:reading_settings", args=["sputnik-ii"])


def test_reading_settings_show_the_defaults(client, coordinator):
    client.force_login(coordinator)
    page = client.get(URL)
    assert (page.context["reading"].pk, page.context["readings"]) == (None, ())
    assertContains(page, "PES albo jako PS.")


def test_reading_settings_show_what_is_in_force_and_all_rows_newest_first(
    client, coordinator, project
):
    first, last = [
        Reading.objects.create(
            project=project, valid_from=date(year, 1, 1), basis=f"aneks {year}", least_services=2
        )
        for year in (2023, 2024)
    ]
    client.force_login(coordinator)
    page = client.get(URL)
    assert page.context["reading"] == last
    assert page.context["readings"] == (last, first)
    assertContains(page, "co najmniej 2\xa0usługi; liczy się od dnia")


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_reading_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
