import pytest
from django.urls import reverse

from support.models import Theme

FORM = {"name": "Woda i las", "goal": "eco", "position": "9"}


@pytest.fixture
def theme(db):
    return Theme.objects.create(name="inne")


def url(row):
    return reverse("support:theme_edit", args=["sputnik-ii", row.pk])


def test_theme_edit_saves(client, coordinator, theme):
    client.force_login(coordinator)
    client.post(url(theme), FORM)
    theme.refresh_from_db()
    assert theme.name == "Woda i las"
    assert theme.history.first().history_user == coordinator


def test_theme_edit_takes_the_name_it_has(client, coordinator, theme):
    client.force_login(coordinator)
    assert client.post(url(theme), FORM | {"name": theme.name.upper()}).status_code == 302


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_theme_edit_is_not_for_others(client, request, role, theme):
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(theme), FORM).status_code == 403
