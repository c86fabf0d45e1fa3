import pytest
from django.urls import reverse

from support.models import AdoptionKind

FORM = {"name": "Nowa usługa", "needs_service": "on", "position": "9"}


@pytest.fixture
def kind(db):
    return AdoptionKind.objects.create(name="inne")


def url(row):
    return reverse("support:adoption_kind_edit", args=["sputnik-ii", row.pk])


def test_adoption_kind_edit_saves(client, coordinator, kind):
    client.force_login(coordinator)
    client.post(url(kind), FORM)
    kind.refresh_from_db()
    assert kind.name == "Nowa usługa"
    assert kind.history.first().history_user == coordinator


def test_adoption_kind_edit_takes_the_name_it_has(client, coordinator, kind):
    client.force_login(coordinator)
    assert client.post(url(kind), FORM | {"name": kind.name.upper()}).status_code == 302


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_adoption_kind_edit_is_not_for_others(client, request, role, kind):
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(kind), FORM).status_code == 403
