import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

PAGE = reverse("owes:program_state")


def test_only_administrators_see_the_state_of_the_program(client, coordinator, administrator):
    client.force_login(coordinator)
    assert client.get(PAGE).status_code == 403
    client.force_login(administrator)
    assertContains(client.get(PAGE), "Nie dają znaku życia.")


@pytest.mark.usefixtures("db")
def test_the_worst_comes_first(client, administrator):
    client.force_login(administrator)
    levels = [row.record.level.order for row in client.get(PAGE).context["table"].rows]
    assert (levels, set(levels)) == (sorted(levels), {0, 1, 2})
