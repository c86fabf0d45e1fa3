import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

PAGE = reverse("owes:personal_data")


def test_the_register_names_each_column_with_its_purpose(client, coordinator):
    client.force_login(coordinator)
    page = client.get(PAGE)
    assertContains(page, "zadanie publiczne zlecone umową")
    assertContains(page, "imię, nazwisko, płeć, data urodzenia")
    assertContains(page, "Dziennik wglądów")


def test_administrators_see_it_in_their_menu(client, administrator):
    client.force_login(administrator)
    assertContains(client.get(PAGE), f'href="{PAGE}"')


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_others_do_not(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(PAGE).status_code == 403
