"""A form saved once: its hidden token lets one saving through, however often it is sent.

The token is signed and tells to whom and at which address the form was shown. So it also proves,
without a session, whose the typed text is: see `owes.drafts`.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from owes.models import Submission

FIELD = "editing-token"
LIFE = timedelta(days=30)
# What the program adds to a form; the rest is what was typed.
OUR_OWN = {"csrfmiddlewaretoken", "seen", FIELD, "editing-version", "editing-act"}
OUR_OWN |= {"editing-reason"}


class Token(NamedTuple):
    user_id: int
    value: str


def key_of(request):
    """The address of a form: drafts are kept under it and tokens are good for no other."""
    return request.get_full_path()[:500]


def issue(user, key):
    return _signer(key).sign(f"{user.pk}.{secrets.token_urlsafe(16)}")


def read(text, key):
    """The token of a form shown at this address, or None."""
    try:
        user_id, _, value = _signer(key).unsign(text or "", max_age=LIFE).partition(".")
    except signing.BadSignature:
        return None
    return Token(int(user_id), value)


def _signer(key):
    return signing.TimestampSigner(salt=f"form {key}")


def fingerprint(data):
    """What was typed, in brief."""
    typed = sorted((name, data.getlist(name)) for name in data if name not in OUR_OWN)
    return hashlib.sha256(repr(typed).encode()).hexdigest()


def once(token, data):
    """`(submission, is_first)`; call it in the transaction that saves, before anything else.

    The unique token decides: of forms sent at the same time the others wait here for the first.
    """
    return Submission.objects.get_or_create(
        token=token.value,
        defaults={"user_id": token.user_id, "fingerprint": fingerprint(data)},
    )
