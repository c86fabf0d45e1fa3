"""Saves a form once: a hidden token lets one saving through, however often the form is sent.

The token is signed and tells to whom and at which address the form was shown. So it also proves,
without a session, whose the typed text is: see `owes.drafts`.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from owes.models import Submission

FIELD = "editing-token"
LIFE = timedelta(days=30)
# Within this time the same content sent from a form opened anew is asked about.
SOON = timedelta(days=1)
# What the program adds to a form; the rest is what was typed.
OUR_OWN = {"csrfmiddlewaretoken", "seen", FIELD, "editing-version", "editing-act"}
OUR_OWN |= {"editing-reason", "editing-saved", "editing-corrects"}
OUR_OWN |= {"draft-title", "draft-continues", "draft-days"}
# Questions of an address that choose what is in the form, not which form it is.
CHOICES = ("draft", "dropped")


class Token(NamedTuple):
    """`value` lets one saving through, `opening` tells the windows apart that may ask for it."""

    user_id: int
    value: str
    opening: str
    key: str


def key_of(request: HttpRequest) -> str:
    """The address of a form: drafts are kept under it and tokens are good for no other."""
    path, mark, query = request.get_full_path().partition("?")
    questions = [part for part in query.split("&") if part.partition("=")[0] not in CHOICES]
    return f"{path}{mark if query and questions else ''}{'&'.join(questions)}"[:500]


def issue(user: Any, key: str, value: str = "") -> str:
    """A token for one opening of a form; with the `value` of another it is of the same saving."""
    value = value or secrets.token_urlsafe(16)
    return _signer(key).sign(f"{user.pk}.{value}.{secrets.token_urlsafe(16)}")


def read(text: str | None, key: str) -> Token | None:
    """The token of a form shown at this address, or None."""
    try:
        signed = _signer(key).unsign(text or "", max_age=LIFE)
    except signing.BadSignature:
        return None
    user_id, value, *openings = signed.split(".")
    # A form shown before openings had names of their own.
    return Token(int(user_id), value, openings[0] if openings else value, key)


def _signer(key: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"form {key}")


def fingerprint(data: QueryDict) -> str:
    """What was typed, in brief."""
    typed = sorted((name, data.getlist(name)) for name in data if name not in OUR_OWN)
    return hashlib.sha256(repr(typed).encode()).hexdigest()


def once(token: Token, data: QueryDict) -> tuple[Submission, bool]:
    """`(submission, is_first)`; call it in the transaction that saves, before anything else.

    The unique token decides: of forms sent at the same time the others wait here for the first.
    """
    return Submission.objects.get_or_create(
        token=token.value,
        defaults={
            "user_id": token.user_id,
            "key": token.key,
            "opening": token.opening,
            "fingerprint": fingerprint(data),
        },
    )


def same_content(submission: Submission) -> Submission | None:
    """The same content, saved a while ago by the same person in another opening, or None."""
    since = timezone.now() - SOON
    earlier = Submission.objects.filter(
        user=submission.user_id,
        key=submission.key,
        fingerprint=submission.fingerprint,
        at__gte=since,
    )
    return earlier.exclude(pk=submission.pk).order_by("-at").first()


def saved_of(user: Any, key: str, opening: str) -> Submission | None:
    """The saving of an opening of a form, or None."""
    return Submission.objects.filter(user=user, key=key, opening=opening).first()
