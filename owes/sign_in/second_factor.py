"""The second step: whose it has to be, how its secrets are kept, and its loss."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from owes.models import Centre, Session, User
from owes.sign_in import secrets

# Where a session keeps that nothing else opens until the second step is switched on.
DUE = "second_factor_due"
# In the data of the library, the secret of a kind.
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
BATCH = 200


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return secrets.decrypt(encrypted_text)
        except InvalidToken as wrong_key:
            raise ValidationError(
                "Kodu nie da się sprawdzić: serwer nie ma do niego klucza. "
                "Powiedz o tym administratorowi ośrodka."
            ) from wrong_key


def ask(request: HttpRequest) -> None:
    """Has the session ask for the second step, if the person's roles and the centre do."""
    request.session[DUE] = is_due(request.user)


def is_asked_of(request: HttpRequest) -> bool:
    """What the session was last told, without a query."""
    return bool(request.session.get(DUE))


def is_due(user: Any) -> bool:
    return is_demanded(user) and not is_mfa_enabled(user)


def is_demanded(user: Any) -> bool:
    asks = import_string(settings.ASKED_FOR_SECOND_FACTOR)
    return Centre.current().asks_second_factor and asks(user)


@transaction.atomic
def remove_from(user: User) -> int:
    """For somebody who lost the phone and the codes; whoever is signed in is signed out."""
    Session.objects.of(user).delete()
    return Authenticator.objects.filter(user=user).delete()[0]


def rotate_secrets() -> tuple[int, int]:
    """Encrypts by the newest key what is not yet: how many, and how many cannot be read.

    A batch is a transaction, so that a code used meanwhile stays used.
    """
    pks = list(Authenticator.objects.filter(type__in=SECRETS).values_list("pk", flat=True))
    changed = unreadable = 0
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            rows = Authenticator.objects.select_for_update().filter(pk__in=pks[start:][:BATCH])
            rotated = [(row, rotate(row)) for row in rows]
            Authenticator.objects.bulk_update([row for row, done in rotated if done], ["data"])
        changed += sum(done is True for _, done in rotated)
        unreadable += sum(done is None for _, done in rotated)
    return changed, unreadable


def rotate(row: Any) -> bool | None:
    """Whether the secret of the row was encrypted anew; None when no key reads it."""
    name = SECRETS[row.type]
    if secrets.is_of_newest_key(row.data[name]):
        return False
    try:
        row.data[name] = secrets.encrypt(secrets.decrypt(row.data[name]))
    except InvalidToken:
        return None
    return True
