"""What tests of sign-in share: an account, and somebody who knocks."""

import re
import time

from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from owes.models import User

PASSWORD = "dlugie-haslo-na-probe"
EMAIL = "ewa@example.org"


def make_account(email=EMAIL, name="Ewa Próbna"):
    return User.objects.create_user(email, PASSWORD, name=name)


def sign_in(client, password=PASSWORD, email=EMAIL, address="203.0.113.7"):
    form = {"login": email, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address)


def stranger(password="zle-haslo", email=EMAIL, address="198.51.100.4"):
    """The status of one try from a browser that was never let in."""
    return sign_in(Client(), password, email, address).status_code


def is_in(client):
    return "_auth_user_id" in client.session


def totp_code(secret, at=None):
    return auth.format_hotp_value(auth.hotp_value(secret, int(at or time.time()) // 30))


def switch_on(client):
    """Two steps of sign-in, on; the secret that the app in the phone would hold."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    return secret


def text_of(response):
    """What is read on the page, without markup."""
    page = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<body") :]).split())
