"""What the program itself keeps of somebody: an account, drafts, files made for a while."""

from typing import Any
from urllib.parse import unquote_plus

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from owes.models import Device, FormDraft, Job, Session, User
from owes.privacy.redaction import Redaction

GONE = "osoba zanonimizowana"


def names() -> set[tuple[str, str]]:
    """Pairs of a first and a last name of all accounts."""
    kept = User.objects.exclude(name__startswith=GONE)
    return {in_two(name) for name in kept.values_list("name", flat=True)}


def in_two(name: str) -> tuple[str, str]:
    """The first names and the last one of a name written whole."""
    first, _, last = name.strip().rpartition(" ")
    return first, last


def forget(forgetting: Any) -> None:
    """Forgets an account; of any record, the files that were made with its data."""
    if isinstance(forgetting.record, User):
        forget_account(forgetting, forgetting.record)
    for job in Job.objects.exclude(file="").exclude(people=[]):
        if forgetting.record._meta.model_name == "person" and forgetting.record.pk in job.people:
            forgetting.files.append((job.file.storage, job.file.name))
            Job.objects.filter(pk=job.pk).update(file="", file_name="")


def forget_account(forgetting: Any, user: User) -> None:
    """The account stays beside what it did, without a name, an address or a way in."""
    forgetting.label = forgetting.label or f"{GONE} U{user.pk}"
    forgetting.names.add(in_two(user.name))
    forgetting.contacts.add(user.email)
    for rows in (EmailAddress.objects, Authenticator.objects, Device.objects, Session.objects):
        rows.filter(user=user).delete()
    FormDraft.objects.filter(user=user).delete()
    forgetting.rewrite(
        User,
        [user.pk],
        name=forgetting.label,
        email=f"konto-{user.pk}@zanonimizowane.invalid",
        password=make_password(None),
        is_active=False,
        is_administrator=False,
        last_login=None,
    )


def drop_drafts(redaction: Redaction) -> None:
    """Drops the drafts in which the person is named; what is typed is kept as a browser sends it.

    Few are kept, for a month, so all are read.
    """
    for draft in FormDraft.objects.all():
        if redaction.is_about(" ".join([draft.title, draft.label, unquote_plus(draft.data)])):
            draft.delete()
