"""The library's pages of an account as ours: in Polish, and within the policy of content."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from owes.models import User
from tests.owes.sign_in.doors import PASSWORD, switch_on, totp_code

pytestmark = pytest.mark.usefixtures("db")

ENGLISH = re.compile(
    r"\b(?:the|your|please|password|sign (?:in|up|out)|code|email)\b", re.IGNORECASE
)


@pytest.fixture
def account(client):
    user = User.objects.create_user("ewa@example.org", PASSWORD, name="Ewa Próbna")
    sign_in(client)
    return user


def sign_in(client):
    return client.post(
        reverse("account_login"), {"login": "ewa@example.org", "password": PASSWORD}, follow=True
    )


def text_of(response):
    """What is read on the page, without markup."""
    page = response.content.decode()
    return re.sub(r"<[^>]+>", " ", page[page.index("<body") :])


@pytest.mark.parametrize(
    "page",
    [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    ],
)
def test_page_for_strangers_is_in_polish(client, page):
    assert ENGLISH.findall(text_of(client.get(reverse(page)))) == []


@pytest.mark.parametrize(
    "page",
    [
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
    ],
)
def test_page_of_an_account_is_in_polish(client, account, page):
    assert ENGLISH.findall(text_of(client.get(reverse(page)))) == []


@pytest.mark.parametrize(
    "page",
    ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"],
)
def test_page_of_two_steps_is_in_polish(client, account, page):
    switch_on(client)
    assert ENGLISH.findall(text_of(client.get(reverse(page)))) == []


def test_forgotten_password_is_set_by_a_link(client, mailoutbox):
    user = User.objects.create_user("ewa@example.org", PASSWORD, name="Ewa Próbna")
    client.post(reverse("account_reset_password"), {"email": "ewa@example.org"})
    mail = mailoutbox[0]
    assert mail.subject == "Nowe hasło w programie OWES"
    assert mail.body.startswith("Dzień dobry, Ewa Próbna,")
    link = re.search(r"http://testserver(\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    assert "Ustaw nowe hasło" in text_of(form)
    new = "zupelnie-inne-haslo"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert "Ten link nie działa" in text_of(Client().get(link, follow=True))


def test_unknown_address_gets_no_mail_and_the_same_answer(client, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": "nikt@example.org"})
    assert response.url == reverse("account_reset_password_done")
    assert mailoutbox == []


def test_password_is_changed(client, account):
    new = "zupelnie-inne-haslo"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    account.refresh_from_db()
    assert account.check_password(new)


def test_wrong_password_is_told_in_the_summary_and_at_the_field(client, account):
    form = {"oldpassword": "zle", "password1": "krotkie", "password2": "krotkie"}
    page = client.post(reverse("account_change_password"), form).content.decode()
    assert '<a href="#id_oldpassword">Obecne hasło: Obecne hasło się nie zgadza.</a>' in page
    assert page.count("Obecne hasło się nie zgadza.") == 2


def test_wrong_sign_in_says_what_to_check(client):
    response = client.post(reverse("account_login"), {"login": "a@b.pl", "password": "x"})
    assert "Adres e-mail albo hasło się nie zgadza." in text_of(response)


def test_image_to_scan_is_drawn_in_the_page(client, account):
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "pytamy o hasło jeszcze raz" in text_of(asked)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    drawing = page[page.index('<div class="qr"') : page.index("Bez aparatu")]
    assert "<path" in drawing
    assert "data:" not in page
    assert "style=" not in page


def test_second_step_asks_for_the_code(client, account):
    secret = switch_on(client)
    client.logout()
    step = sign_in(client)
    assert step.request["PATH_INFO"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    # The code that switched it on is spent; a minute later the phone shows another.
    with time_machine.travel(time.time() + 60):
        client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert client.session["_auth_user_id"] == str(account.pk)


def test_codes_for_a_lost_phone_are_shown_and_let_in_once(client, account):
    switch_on(client)
    page = text_of(client.get(reverse("mfa_view_recovery_codes")))
    assert "10\u00a0nieużytych z 10" in page
    row = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    code = row.wrap().get_unused_codes()[0]
    assert code in page
    client.logout()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.session["_auth_user_id"] == str(account.pk)
    assert "9\u00a0kodów zostało." in text_of(client.get(reverse("mfa_index")))


def test_two_steps_are_switched_off(client, account):
    switch_on(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()


def test_form_from_before_another_sign_in_is_told_so():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "a@b.pl", "password": "x"})
    assert response.status_code == 403
    assert "Formularz stracił ważność" in text_of(response)


def test_page_of_a_failure_needs_no_request_and_no_database(rf, django_db_blocker):
    with django_db_blocker.block():
        response = server_error(rf.get("/"))
    assert response.status_code == 500
    text = text_of(response)
    # It comes after a saving too: nobody knows here whether the saving was kept.
    assert "zmiana mogła się już zapisać" in text
    assert "nie zapisano" not in text.lower()
