"""Drafts: what a user typed in a form, kept on the server for that user until it is saved.

Each opening of a form has a draft of its own, so that two windows never write over each other.
Nothing is kept in the browser: neither a crash, nor a lost connection, nor a sign-in that expired
costs a word, and the next person at the computer finds none.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from owes.models import FormDraft, Submission
from owes.parsing.days import standing_day
from owes.submissions import Token

LIFE = timedelta(days=30)
LIMIT = 1_000_000  # characters, as they are sent
SHOWN = 20
SHOWN_TO_USER = 100
TITLE = "draft-title"
# The draft a form was opened with, as it was then: `opening:moment`.
CONTINUES = "draft-continues"
# Names of the fields that hold a day.
DAYS = "draft-days"
NEVER_KEPT = {"csrfmiddlewaretoken", "seen", "act", "editing-act", "editing-saved", "editing-back"}
NEVER_KEPT |= {TITLE, CONTINUES, DAYS}
AN_OPENING = re.compile(r"[\w-]{1,40}", re.ASCII)
# Keys, codes of choices, numbers of rows: what tells a person nothing.
UNTOLD = re.compile(r"[a-z0-9_.:-]*")
A_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
LABEL_WORDS = 3
LABEL_LENGTH = 120


class TooLong(Exception):
    """More was typed than a draft may hold."""


def keep(user_id: int, key: str, data: QueryDict, opening: str) -> FormDraft:
    """Keeps the fields of a form (a QueryDict) in place of what was kept of this opening.

    A form opened with a draft takes it along, unless somebody typed on in the window it is from:
    then there are two.
    """
    typed = data.copy()
    for name in data:
        if name in NEVER_KEPT or "password" in name:
            del typed[name]
    for name in typed.keys() & set(data.getlist(DAYS)):
        typed.setlist(name, [standing_day(text) for text in typed.getlist(name)])
    text = typed.urlencode()
    if len(text) > LIMIT:
        raise TooLong
    draft = FormDraft(
        user_id=user_id,
        key=key,
        opening=opening,
        title=data.get(TITLE, "").replace("\0", "")[:200],
        label=label_of(typed),
        data=text,
    )
    with transaction.atomic():
        FormDraft.objects.bulk_create(
            [draft],
            update_conflicts=True,
            unique_fields=["user", "key", "opening"],
            update_fields=["data", "title", "label", "updated_at", "dropped_at"],
        )
        _take_along(user_id, key, data.get(CONTINUES, ""))
    return draft


def _take_along(user_id: int, key: str, continued: str) -> None:
    opening, _, moment = continued.partition(":")
    drafts = FormDraft.objects.filter(user_id=user_id, key=key, opening__in=openings([opening]))
    for draft in drafts:
        if draft.updated_at.isoformat() == moment:
            FormDraft.objects.filter(pk=draft.pk, updated_at=draft.updated_at).delete()


def continuing(draft: FormDraft) -> str:
    """What a form opened with the draft sends along."""
    return f"{draft.opening}:{draft.updated_at.isoformat()}"


def label_of(typed: QueryDict) -> str:
    """The first words of a form by which a person knows it again."""
    words = []
    for name, values in typed.lists():
        for value in (" ".join(value.split()) for value in values):
            is_told = A_DAY.fullmatch(value) or not UNTOLD.fullmatch(value)
            if is_told and not name.startswith("editing-") and value not in words:
                words.append(value)
    return ", ".join(words[:LABEL_WORDS]).replace("\0", "")[:LABEL_LENGTH]


def openings(texts: Iterable[str]) -> list[str]:
    """Those of the texts that may name an opening; a database would choke on some others."""
    return [text for text in texts if AN_OPENING.fullmatch(text)]


def new_opening() -> str:
    return secrets.token_urlsafe(16)


def waiting(user: Any, key: str | None = None) -> QuerySet[FormDraft]:
    """The unfinished forms of a user, at one address or anywhere, the latest first."""
    saved = Submission.objects.filter(user=user).values("opening")
    drafts = FormDraft.objects.filter(user=user, dropped_at=None).exclude(opening__in=saved)
    if key is not None:
        drafts = drafts.filter(key=key)
    return drafts.order_by("-updated_at", "-pk")


def overview(user: Any) -> list[list[FormDraft]]:
    """`(what waits, what was dropped)` for a list of both, without the texts; two queries."""
    lists = waiting(user), dropped(user)
    return [list(drafts.defer("data")[:SHOWN_TO_USER]) for drafts in lists]


def dropped(user: Any) -> QuerySet[FormDraft]:
    """Those dropped, which may be taken up again until they are swept; the latest first."""
    return FormDraft.objects.filter(user=user).exclude(dropped_at=None).order_by("-dropped_at")


def typed_in(draft: FormDraft) -> QueryDict:
    """The fields of a draft, as the form sent them."""
    return QueryDict(draft.data, mutable=True)


def drop(user: Any, key: str, openings: list[str]) -> None:
    """Puts drafts away; `restore` takes them back."""
    drafts = FormDraft.objects.filter(user=user, key=key, opening__in=openings)
    drafts.filter(dropped_at=None).update(dropped_at=timezone.now())


def restore(user: Any, key: str, openings: list[str]) -> None:
    FormDraft.objects.filter(user=user, key=key, opening__in=openings).update(dropped_at=None)


def forget(token: Token) -> None:
    """Deletes what was typed in the very opening that is saved; another one's draft stays."""
    FormDraft.objects.filter(user_id=token.user_id, opening=token.opening).delete()


def move(token: Token, to: str, data: QueryDict, opening: str) -> FormDraft:
    """Keeps the typed text as a draft of another opening, maybe of another form."""
    with transaction.atomic():
        draft = keep(token.user_id, to, data, opening)
        forget(token)
    return draft


def sweep() -> None:
    """Deletes what nobody came back for, and tokens too old to be sent again."""
    limit = timezone.now() - LIFE
    FormDraft.objects.filter(updated_at__lt=limit).delete()
    Submission.objects.filter(at__lt=limit).delete()
