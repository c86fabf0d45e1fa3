import pytest
from django.urls import reverse

from indicators.models import Target

URL = reverse("indicators:target_settings", args=["sputnik-ii"])


def test_target_settings_show_what_is_in_force_and_what_was(client, coordinator, project):
    Target.objects.create(project=project, indicator="pes", value=50, valid_from="2023-01-01")
    client.force_login(coordinator)
    lines = client.get(URL).context["timelines"]
    in_force = {line.indicator.code: line.in_force.value for line in lines}
    assert list(in_force.items())[:3] == [("pes", 50), ("ps", 5), ("representatives", 136)]
    assert in_force["staff"] is None
    assert [row.value for row in lines[0].rows] == [50, 45]


def test_target_settings_show_an_indicator_without_any_target(client, coordinator):
    Target.objects.filter(indicator="eco").delete()
    client.force_login(coordinator)
    [line] = [
        line for line in client.get(URL).context["timelines"] if line.indicator.code == "eco"
    ]
    assert (line.in_force, line.rows) == (None, [])


def test_target_settings_make_the_same_queries_for_any_number_of_rows(
    client, coordinator, project, query_count
):
    client.force_login(coordinator)
    counts = []
    for month in (1, 2, 3):
        counts.append(query_count(URL))
        Target.objects.bulk_create(
            Target(project=project, indicator="pes", value=9, valid_from=f"2023-0{month}-{day:02}")
            for day in range(1, 12)
        )
    assert len(set(counts)) == 1


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_target_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
