import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from tests.factories import MembershipFactory


def url(membership):
    return reverse("support:account_edit", args=["sputnik-ii", membership.pk])


FORM = {"name": "Nowe Nazwisko", "email": "NOWY@example.pl", "is_active": "on"}


def test_account_edit_changes_the_address_and_forgets_the_former(client, administrator):
    membership = MembershipFactory()
    user = membership.user
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.force_login(administrator)
    client.post(url(membership), FORM)
    user.refresh_from_db()
    assert (user.name, user.email) == ("Nowe Nazwisko", "nowy@example.pl")
    assert not EmailAddress.objects.filter(user=user).exists()


def test_account_edit_switches_an_account_off(client, administrator):
    membership = MembershipFactory()
    client.force_login(administrator)
    client.post(url(membership), {"name": "A B", "email": "a@example.pl"})
    membership.user.refresh_from_db()
    assert not membership.user.is_active


def test_account_edit_refuses_an_address_of_another_account(client, administrator):
    other = MembershipFactory(user__email="nowy@example.pl")
    membership = MembershipFactory()
    client.force_login(administrator)
    form = client.post(url(membership), FORM).context["form"]
    assert list(form.errors) == ["email"]
    assert other.user.email == "nowy@example.pl"


def test_account_edit_lets_nobody_switch_the_own_account_off(client, administrator):
    membership = MembershipFactory(user=administrator)
    client.force_login(administrator)
    form = client.post(url(membership), {"name": "A", "email": "a@example.pl"}).context["form"]
    assert form.errors == {"is_active": ["Nikt nie wyłącza własnego konta."]}


@pytest.mark.parametrize("role", ["coordinator", "staff", "auditor"])
def test_account_edit_is_for_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(MembershipFactory()), FORM).status_code == 403
