"""Secrets of the second step in the database, and the change of their key."""

import io
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.urls import reverse

from owes.sign_in import second_factor, secrets
from tests.owes.sign_in.doors import is_in, make_account, sign_in, switch_on, text_of, totp_code

pytestmark = pytest.mark.usefixtures("db")
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def secret(client):
    make_account()
    sign_in(client)
    return switch_on(client)


def kept():
    return {
        row.type: row.data[second_factor.SECRETS[row.type]] for row in Authenticator.objects.all()
    }


def rotate(*arguments):
    said = io.StringIO()
    call_command("rotate_secrets", *arguments, stdout=said)
    return said.getvalue().strip()


def second_step(client, secret):
    client.post(reverse("account_logout"))
    sign_in(client)
    with time_machine.travel(time.time() + 60):
        return client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})


def test_secrets_are_kept_encrypted(client, secret):
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data)
    assert {text[:3] for text in kept().values()} == {"v1:"}
    second_step(client, secret)
    assert is_in(client)


def test_secret_from_before_is_read(client, secret):
    Authenticator.objects.filter(type="totp").update(data={"secret": secret})
    second_step(client, secret)
    assert is_in(client)


def test_key_is_rotated_while_people_sign_in(client, secret, settings):
    settings.SECRETS_KEYS = [OLD]
    assert rotate() == "Zaszyfrowano 2\xa0sekrety."
    settings.SECRETS_KEYS = [NEW, OLD]
    second_step(client, secret)
    assert is_in(client)
    before = kept()
    assert rotate() == "Zaszyfrowano 2\xa0sekrety."
    assert not before.items() & kept().items()
    settings.SECRETS_KEYS = [NEW]
    settings.SECRET_KEY = "another key of the program, so that only the given one reads " * 2
    for text in kept().values():
        secrets.decrypt(text)


def test_rotation_taken_up_again_does_only_the_rest(secret, settings):
    settings.SECRETS_KEYS = [NEW]
    [first, _] = Authenticator.objects.order_by("pk")
    second_factor.rotate(first)
    first.save()
    assert rotate() == "Zaszyfrowano 1\xa0sekret."
    assert rotate() == "Zaszyfrowano 0\xa0sekretów."


def test_rotation_goes_on_past_what_no_key_reads(secret, settings):
    Authenticator.objects.filter(type="totp").update(data={"secret": "v1:gAAAA-zepsute"})
    settings.SECRETS_KEYS = [NEW]
    with pytest.raises(CommandError, match="Żaden klucz nie czyta 1\xa0sekretu"):
        rotate()
    assert secrets.is_of_newest_key(kept()["recovery_codes"])


def test_another_key_reads_nothing(secret, settings):
    settings.SECRET_KEY = "another key of the program, so that nothing kept can be read " * 2
    with pytest.raises(InvalidToken):
        secrets.decrypt(kept()["totp"])


def test_lost_key_is_told_in_a_sentence(client, secret):
    Authenticator.objects.filter(type="totp").update(data={"secret": "v1:gAAAA-zepsute"})
    page = second_step(client, secret)
    assert "Kodu nie da się sprawdzić: serwer nie ma do niego klucza." in text_of(page)


def test_new_key_is_printed_and_nothing_changed(secret):
    before = kept()
    Fernet(rotate("--new-key"))
    assert kept() == before
