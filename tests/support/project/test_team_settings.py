from datetime import date

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, UserFactory

URL = reverse("support:team_settings", args=["sputnik-ii"])


def names(response):
    return [membership.user.name for membership in response.context["team"]]


def test_team_settings_show_those_with_access_first_in_the_polish_order(client, administrator):
    for name, is_active in [("Żaneta A", True), ("Łucja B", True), ("Adam C", False)]:
        MembershipFactory(user__name=name, is_active=is_active)
    client.force_login(administrator)
    assert names(client.get(URL)) == ["Łucja B", "Żaneta A", "Adam C"]


def test_team_settings_offer_the_link_only_to_those_without_a_password(client, coordinator):
    coordinator.set_password("wystarczająco długie")
    coordinator.save()
    invited = MembershipFactory(user=UserFactory(password="!"))
    client.force_login(coordinator)
    page = client.get(URL).content.decode()
    links = [f"/team/{row.pk}/invite/" in page for row in invited.project.memberships.all()]
    assert links == [row.user == invited.user for row in invited.project.memberships.all()]


def test_team_settings_tell_until_when_an_auditor_has_access(client, coordinator):
    for day in (date(2022, 4, 5), date(2099, 12, 31)):
        MembershipFactory(role="auditor", last_day=day)
    client.force_login(coordinator)
    page = client.get(URL).content.decode()
    assert "dostęp skończył się 05.04.2022" in page
    assert "ma dostęp do 31.12.2099" in page
    assert page.count('class="is-off"') == 1


def test_team_settings_make_the_same_queries_for_any_number_of_rows(
    client, coordinator, query_count
):
    client.force_login(coordinator)
    counts = []
    for more in (3, 17):
        MembershipFactory.create_batch(more)
        counts.append(query_count(URL))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_team_settings_are_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
