"""A code of the second step is not guessed."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.owes.sign_in.doors import is_in, make_account, sign_in, switch_on, text_of, totp_code

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("mfa_authenticate")


@pytest.fixture
def clock():
    with time_machine.travel(time.time(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def secret(client, clock):
    """Of an account with two steps, whose owner has just signed out."""
    make_account()
    sign_in(client)
    secret = switch_on(client)
    client.post(reverse("account_logout"))
    mail.outbox.clear()
    clock.shift(60)  # the code that switched it on is spent
    return secret


def knocking(clock=None):
    """Somebody who knows the password, at the second step."""
    client = Client()
    sign_in(client, address="198.51.100.4")
    return client


def wrong(client):
    return client.post(URL, {"code": "000000"}).status_code


def test_fifth_wrong_code_makes_the_next_wait(secret):
    guessing = knocking()
    assert [wrong(guessing) for _ in range(6)] == [200, 200, 200, 200, 429, 429]
    response = guessing.post(URL, {"code": totp_code(secret)})
    assert "Następną próbę można zrobić za 1 minutę" in text_of(response)
    # A new password does not lift this wait.
    assert "nie pamiętam hasła" not in text_of(response)
    assert not is_in(guessing)


def test_new_sign_in_brings_no_new_tries(secret):
    for _ in range(5):
        wrong(knocking())
    assert wrong(knocking()) == 429


def test_waits_grow(secret, clock):
    waits = []
    for _ in range(6):
        guessing = knocking()
        while (response := guessing.post(URL, {"code": "000000"})).status_code != 429:
            pass
        waits.append(int(response.headers["Retry-After"]) // 60)
        clock.shift(waits[-1] * 60 + 1)
    assert waits == [1, 2, 5, 10, 15, 15]


def test_after_the_wait_the_right_code_lets_in(secret, clock):
    guessing = knocking()
    while wrong(guessing) != 429:
        pass
    clock.shift(61)
    guessing.post(URL, {"code": totp_code(secret)})
    assert is_in(guessing)


def test_codes_for_a_lost_phone_are_counted_with_the_others(secret):
    guessing = knocking()
    answers = [guessing.post(URL, {"code": f"0000000{n}"}).status_code for n in range(5)]
    assert answers[-1] == 429
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert guessing.post(URL, {"code": codes[0]}).status_code == 429


def test_owner_is_let_in_where_she_signed_in_before(client, secret):
    guessing = knocking()
    while wrong(guessing) != 429:
        pass
    sign_in(client)
    client.post(URL, {"code": totp_code(secret)})
    assert is_in(client)


def test_owner_is_told_once_that_somebody_knows_the_password(secret):
    guessing = knocking()
    for _ in range(8):
        wrong(guessing)
    assert [letter.subject for letter in mail.outbox] == ["Ktoś wpisuje złe kody do Twojego konta"]
    assert "adres 127.0.0.1" in mail.outbox[0].body


def test_letter_that_does_not_go_out_stops_nothing(secret, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    guessing = knocking()
    assert [wrong(guessing) for _ in range(6)][-1] == 429


def test_code_asked_once_more_is_counted_too(client, secret):
    sign_in(client)
    client.post(URL, {"code": totp_code(secret)})
    url = reverse("mfa_reauthenticate")
    answers = [client.post(url, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_code_works_once(client, secret):
    code = totp_code(secret)
    sign_in(client)
    client.post(URL, {"code": code})
    again = knocking()
    again.post(URL, {"code": code})
    assert (is_in(client), is_in(again)) == (True, False)
