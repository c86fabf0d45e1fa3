"""What is typed in a form, kept on the server until it is saved, for its author alone.

Nothing is kept in the browser: neither a crash, nor a lost connection, nor a sign-in that expired
costs a word, and the next person at the computer finds none.
"""

from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone

from owes.models import FormDraft, Submission

LIFE = timedelta(days=30)
LIMIT = 1_000_000  # characters, as they are sent
NEVER_KEPT = {"csrfmiddlewaretoken", "seen", "act", "editing-act"}


class TooLong(Exception):
    """More was typed than a draft may hold."""


def keep(user_id, key, data, token=""):
    """Keeps the fields of a form (a QueryDict) in place of what was kept before."""
    typed = data.copy()
    for name in data:
        if name in NEVER_KEPT or "password" in name:
            del typed[name]
    text = typed.urlencode()
    if len(text) > LIMIT:
        raise TooLong
    draft = FormDraft(user_id=user_id, key=key, data=text, token=token)
    FormDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["data", "token", "updated_at"],
    )
    return draft


def kept(user, key):
    """The draft of a form that is not saved yet, or None."""
    saved = Submission.objects.values("token")
    return FormDraft.objects.filter(user=user, key=key).exclude(token__in=saved).first()


def typed_in(draft):
    """The fields of a draft, as the form sent them."""
    return QueryDict(draft.data, mutable=True)


def drop(user, key):
    FormDraft.objects.filter(user=user, key=key).delete()


def drop_of(token):
    """Drops what was typed in the very form that is saved; another one's draft stays."""
    FormDraft.objects.filter(user_id=token.user_id, token=token.value).delete()


def sweep():
    """Deletes what nobody came back for, and tokens too old to be sent again."""
    limit = timezone.now() - LIFE
    FormDraft.objects.filter(updated_at__lt=limit).delete()
    Submission.objects.filter(at__lt=limit).delete()
