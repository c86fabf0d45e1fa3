import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from support.models import LegalHold
from tests.factories import sputnik

pytestmark = pytest.mark.usefixtures("db")
PAGE = reverse("support:legal_hold_create", args=["sputnik-ii"])
DETAIL = reverse("support:retention_detail", args=["sputnik-ii"])


def test_legal_hold_is_placed_and_lifted_with_reasons(client, coordinator):
    client.force_login(coordinator)
    assertContains(client.post(PAGE, {"reason": " "}), "Uzupełnij to pole.")
    assertRedirects(client.post(PAGE, {"reason": "spór z wykonawcą"}), DETAIL)
    hold = LegalHold.objects.get()
    assert (hold.by, hold.lifted_at) == (coordinator, None)
    assertContains(client.get(DETAIL), "spór z wykonawcą")
    assertContains(client.get(PAGE), "Znieś wstrzymanie")
    client.post(PAGE, {"reason": "ugoda", "seen": hold.pk})
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lift_reason) == (coordinator, "ugoda")


def test_a_hold_that_somebody_lifted_meanwhile_is_not_placed_anew(client, coordinator):
    client.force_login(coordinator)
    page = client.post(PAGE, {"reason": "ugoda", "seen": 7})
    assertContains(page, "Ktoś zmienił to, odkąd ta strona jest otwarta.")
    assert not LegalHold.objects.exists()


def test_a_project_has_one_hold_at_a_time(coordinator):
    values = {"project": sputnik(), "reason": "spór", "by": coordinator}
    LegalHold.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(**values)


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_others_hold_nothing(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(PAGE, {"reason": "spór"}).status_code == 403
