"""Whose second step is demanded, and how it is taken away from one who lost the phone."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from owes.models import Centre, User
from owes.sign_in import second_factor
from support.workbook.demonstration import COORDINATOR
from tests.factories import MembershipFactory
from tests.owes.sign_in.doors import (
    EMAIL,
    PASSWORD,
    is_in,
    make_account,
    sign_in,
    switch_on,
    text_of,
)

pytestmark = pytest.mark.usefixtures("db")
WAY = reverse("mfa_activate_totp")
ACCOUNT = reverse("account_change_password")


@pytest.fixture
def account():
    return make_account()


def coordinate(account, role="coordinator"):
    return MembershipFactory(user=account, role=role)


def sent_to_the_way(client, page=ACCOUNT):
    response = client.get(page)
    return response.status_code == 302 and response.url == WAY


@pytest.mark.parametrize(
    ("role", "is_asked"), [("coordinator", True), ("auditor", True), ("staff", False)]
)
def test_second_step_is_demanded_by_role(client, account, role, is_asked):
    coordinate(account, role)
    sign_in(client)
    assert sent_to_the_way(client) == is_asked


def test_second_step_is_demanded_of_administrators(client, account):
    account.is_administrator = True
    account.save()
    sign_in(client)
    assert sent_to_the_way(client)


def test_centre_may_do_without(client, account):
    Centre.objects.create(name="Ośrodek Próbny", asks_second_factor=False)
    coordinate(account)
    sign_in(client)
    assert not sent_to_the_way(client)


def test_nothing_else_opens_or_changes_before(client, account):
    coordinate(account)
    sign_in(client)
    assert sent_to_the_way(client, "/")
    new = "zupelnie-inne-zdanie-7"
    client.post(ACCOUNT, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_way_leads_to_the_switch_and_on(client, account):
    coordinate(account)
    sign_in(client)
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == WAY
    assert "Twoja rola wymaga weryfikacji dwuetapowej. Włącz ją teraz." in text_of(page)
    switch_on(client)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert not sent_to_the_way(client)


def test_password_is_asked_once_more_of_one_who_signed_in_a_while_ago(client, account):
    coordinate(account)
    sign_in(client)
    with time_machine.travel(time.time() + 301):
        assert client.get(WAY).url.startswith(reverse("account_reauthenticate"))


def test_password_is_asked_once_more_of_one_who_need_not_switch_it_on(client, account):
    sign_in(client)
    assert client.get(WAY).url.startswith(reverse("account_reauthenticate"))


def test_one_who_has_it_is_asked_for_nothing(client, account):
    sign_in(client)
    switch_on(client)
    coordinate(account)
    assert not sent_to_the_way(client)


def test_switched_off_it_has_to_be_switched_on_again(client, account):
    coordinate(account)
    sign_in(client)
    switch_on(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert sent_to_the_way(client)


def test_signing_out_is_always_possible(client, account):
    coordinate(account)
    sign_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


# Lost phone


def test_lost_second_step_is_removed_with_the_sessions_and_a_letter(client, account, mailoutbox):
    sign_in(client)
    switch_on(client)
    mailoutbox.clear()
    call_command("remove_second_factor", f" {EMAIL.upper()}")
    assert not Authenticator.objects.exists()
    assert not is_in(client)
    assert [letter.to for letter in mailoutbox] == [[EMAIL]]
    again = Client()
    sign_in(again)
    assert is_in(again)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nikt@example.org", "Nie ma konta nikt@example.org."),
        (EMAIL, "Konto ewa@example.org nie ma weryfikacji dwuetapowej."),
    ],
)
def test_nothing_to_remove_is_said(account, email, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("remove_second_factor", email)


def test_second_factor_is_asked_of_nobody_in_the_demonstration(client, demo):
    coordinator = User.objects.get(email=COORDINATOR)
    assert second_factor.is_due(coordinator) is False
    Centre.objects.update(asks_second_factor=True)
    assert second_factor.is_due(coordinator) is True
