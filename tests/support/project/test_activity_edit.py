import pytest
from django.urls import reverse

from tests.factories import ActivityFactory, ProjectFactory

FORM = {"name": "Woda i las"}


@pytest.fixture
def activity(db):
    return ActivityFactory()


def url(row):
    return reverse("support:activity_edit", args=["sputnik-ii", row.pk])


def test_activity_edit_saves(client, coordinator, activity):
    client.force_login(coordinator)
    client.post(url(activity), FORM)
    activity.refresh_from_db()
    assert activity.name == "Woda i las"
    assert activity.history.first().history_user == coordinator


def test_activity_edit_takes_the_name_it_has(client, coordinator, activity):
    client.force_login(coordinator)
    assert client.post(url(activity), FORM | {"name": activity.name.upper()}).status_code == 302


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_activity_edit_is_not_for_others(client, request, role, activity):
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(activity), FORM).status_code == 403


def test_activity_edit_finds_nothing_of_another_project(client, coordinator):
    client.force_login(coordinator)
    assert client.get(url(ActivityFactory(project=ProjectFactory()))).status_code == 404
