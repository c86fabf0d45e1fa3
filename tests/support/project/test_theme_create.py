import pytest
from django.urls import reverse

from support.models import Theme

URL = reverse("support:theme_create", args=["sputnik-ii"])
FORM = {"name": " Woda   i las ", "goal": "eco", "position": "9"}


def test_theme_create_saves(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM)
    assert Theme.objects.filter(name="Woda i las").count() == 1


def test_theme_create_refuses_a_name_that_is_there(client, administrator):
    assert Theme.objects.filter(name="ekologia").exists()
    client.force_login(administrator)
    form = client.post(URL, FORM | {"name": "EKOLOGIA"}).context["form"]
    assert form.errors == {"name": ["Taka nazwa już jest w słowniku."]}


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_theme_create_is_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]
