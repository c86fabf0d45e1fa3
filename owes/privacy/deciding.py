"""Who decides that a record is anonymised, and when it may be.

While documents about it must be kept one person proposes it with a basis and another approves;
afterwards one is enough.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from owes.formatting import day
from owes.models import Anonymisation, Tombstone, User
from owes.privacy.forgetting import forget, record_of
from owes.privacy.graves import keep_list_of_now

TWO_PEOPLE = "Zatwierdza inna osoba niż ta, która wniosła o anonimizację."
DONE = "Ten wniosek jest już zatwierdzony albo wycofany."
GONE = "Tego zapisu już nie ma: scalono go z innym albo usunięto."


def kept_sentences(record: Any) -> list[str]:
    """Why the documents about a record must still be kept; empty when they need not."""
    kept: list[tuple[str, date | None]] = import_string(settings.DOCUMENTS_KEPT)(record)
    return [
        f"{project}: dokumenty przechowuje się do {day(until)}."
        if until
        else f"{project}: nie wpisano dnia, do którego przechowuje się dokumenty."
        for project, until in kept
    ]


def is_anonymised(record: Any) -> bool:
    return Tombstone.objects.of_anonymised(record).exists()


def words_for(record: Any) -> str:
    """Whose data, without the data: a code or a number."""
    number = getattr(record, "code", f"nr {record.pk}")
    return f"{record._meta.verbose_name} {number}"


@transaction.atomic
def propose(record: Any, basis: str, by: User) -> Anonymisation:
    """Proposes it, and carries it out where nothing must be kept any more."""
    row = Anonymisation(
        model=record._meta.label_lower,
        record=record.pk,
        words=words_for(record),
        basis=basis,
        is_early=bool(kept_sentences(record)),
        proposed_by=by,
    )
    row.validate_constraints()
    row.save()
    if not row.is_early:
        _carry_out(row)
    return row


@transaction.atomic
def approve(row: Anonymisation, by: User) -> None:
    row = Anonymisation.objects.select_for_update().get(pk=row.pk)
    if row.done_at or row.withdrawn_at:
        raise ValidationError(DONE)
    if row.is_early and row.proposed_by_id == by.pk:
        raise ValidationError(TWO_PEOPLE)
    row.approved_by = by
    _carry_out(row)


def withdraw(row: Anonymisation) -> None:
    """Takes a waiting proposal back, whoever made it."""
    if not Anonymisation.objects.waiting().filter(pk=row.pk).update(withdrawn_at=timezone.now()):
        raise ValidationError(DONE)


def _carry_out(row: Anonymisation) -> None:
    record = record_of(row.model, row.record)
    if record is None:
        raise ValidationError(GONE)
    forget(record)
    row.done_at = timezone.now()
    row.save(update_fields=["approved_by", "done_at"])
    transaction.on_commit(keep_list_of_now)
