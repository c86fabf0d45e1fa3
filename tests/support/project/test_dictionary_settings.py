import pytest
from django.urls import reverse

from support.models import ServiceType
from tests.factories import ActivityFactory, ProjectFactory

URL = reverse("support:dictionary_settings", args=["sputnik-ii"])


def test_dictionary_settings_show_the_activities_of_this_project_only(client, coordinator):
    own = ActivityFactory()
    ActivityFactory(project=ProjectFactory())
    client.force_login(coordinator)
    context = client.get(URL).context
    assert list(context["activities"]) == [own]
    assert len(context["service_types"]) == ServiceType.objects.count()


def test_dictionary_settings_make_the_same_queries_for_any_number_of_rows(
    client, coordinator, query_count
):
    client.force_login(coordinator)
    counts = []
    for more in (3, 17):
        ActivityFactory.create_batch(more)
        counts.append(query_count(URL))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "status"),
    [("coordinator", 200), ("administrator", 200), ("staff", 403), ("auditor", 403)],
)
def test_dictionary_settings_are_for_coordinators_and_administrators(
    client, request, role, status
):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status
