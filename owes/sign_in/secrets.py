"""Secrets of the second step, encrypted where they are kept.

The key comes from SECRETS_KEYS, else from SECRET_KEY. The first key encrypts, every one reads, so
a new one is put in front and `manage.py rotate_secrets` goes over what is kept.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

# Secrets from before they were encrypted have none.
MARK = "v1:"


def encrypt(text: str) -> str:
    return MARK + MultiFernet(_keys()).encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """Raises `InvalidToken` when none of the keys is the right one."""
    if not kept.startswith(MARK):
        return kept
    return MultiFernet(_keys()).decrypt(kept.removeprefix(MARK)).decode()


def is_of_newest_key(kept: str) -> bool:
    try:
        _keys()[0].decrypt(kept.removeprefix(MARK))
    except InvalidToken:
        return False
    return kept.startswith(MARK)


def _keys() -> list[Fernet]:
    of_the_program = salted_hmac("owes.sign_in.secrets", "", algorithm="sha256").digest()
    own = base64.urlsafe_b64encode(of_the_program).decode()
    return [Fernet(key) for key in [*settings.SECRETS_KEYS, own]]
