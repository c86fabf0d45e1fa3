import pytest
from django.urls import reverse

from support.models import Activity
from tests.factories import ActivityFactory

URL = reverse("support:activity_create", args=["sputnik-ii"])
FORM = {"name": " Woda   i las "}


def test_activity_create_saves(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM)
    assert Activity.objects.filter(name="Woda i las").count() == 1


def test_activity_create_refuses_a_name_that_is_there(client, administrator):
    ActivityFactory(name="Szkolenia wyjazdowe")
    client.force_login(administrator)
    form = client.post(URL, FORM | {"name": "SZKOLENIA  wyjazdowe"}).context["form"]
    assert form.errors == {"name": ["Działanie o tej nazwie już jest."]}


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_activity_create_is_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]
