"""Who decides that a record is anonymised, and when it may be.

While its data must be kept one person proposes it with a basis and another approves; afterwards
one is enough. What is held for a dispute nobody anonymises. A worker carries out what was decided.
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from owes.jobs import order
from owes.models import Anonymisation, Job, Tombstone, User
from owes.privacy.carrying_out import JOB
from owes.privacy.forgetting import record_of
from owes.privacy.keeping import Kept, kept_of

TWO_PEOPLE = "Zatwierdza inna osoba niż ta, która wniosła o anonimizację."
DONE = "Ten wniosek jest już zatwierdzony albo wycofany."


def kept(record: Any) -> list[Kept]:
    """Why the data of a record must still be kept today; empty when they need not."""
    return kept_of(type(record), [record.pk], timezone.localdate()).get(record.pk, [])


def refuse_held(record: Any) -> None:
    if held := [each.sentence for each in kept(record) if each.is_hold]:
        raise ValidationError(held)


def is_anonymised(record: Any) -> bool:
    return Tombstone.objects.of_anonymised(record).exists()


def words_for(record: Any) -> str:
    """Whose data, without the data: a code or a number."""
    return words_of(type(record), [record.pk])[record.pk]


def words_of(model: Any, keys: Collection[int]) -> dict[int, str]:
    """The same of many records; it reads no personal data, so no look is logged."""
    noun = model._meta.verbose_name
    if not hasattr(model, "code"):
        return {key: f"{noun} nr {key}" for key in keys}
    codes = model._base_manager.filter(pk__in=keys).order_by("code").values_list("pk", "code")
    return {key: f"{noun} {code}" for key, code in codes}


@transaction.atomic
def propose(record: Any, basis: str, by: User) -> Anonymisation:
    """Proposes it, and orders it where nothing must be kept any more."""
    refuse_held(record)
    row = Anonymisation(
        model=record._meta.label_lower,
        record=record.pk,
        words=words_for(record),
        basis=basis,
        is_early=bool(kept(record)),
        proposed_by=by,
    )
    row.validate_constraints()
    row.save()
    if not row.is_early:
        order_all([row], by)
    return row


@transaction.atomic
def approve(row: Anonymisation, by: User) -> None:
    row = Anonymisation.objects.select_for_update().get(pk=row.pk)
    if not row.is_waiting:
        raise ValidationError(DONE)
    if row.proposed_by_id == by.pk:
        raise ValidationError(TWO_PEOPLE)
    if record := record_of(row.model, row.record):
        refuse_held(record)
    row.approved_by = by
    row.save(update_fields=["approved_by"])
    order_all([row], by)


def order_all(rows: Collection[Anonymisation], by: User) -> Job:
    """One work for all of them; its row tells how many are done."""
    return order(JOB, params={"anonymisations": [row.pk for row in rows]}, owner=by)


def withdraw(row: Anonymisation) -> None:
    """Takes a waiting proposal back, whoever made it."""
    if not Anonymisation.objects.waiting().filter(pk=row.pk).update(withdrawn_at=timezone.now()):
        raise ValidationError(DONE)
