"""Carries out anonymisations that were decided, one transaction for each.

So a worker that was killed goes on where it stopped, and nobody waits for the whole list.
"""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from owes.privacy.forgetting import forget, record_of
from owes.privacy.graves import keep_list_of_now
from owes.privacy.keeping import kept_of
from owes.privacy.models import Anonymisation

JOB = "anonymise"
GONE = "Tego zapisu już nie ma: scalono go z innym albo usunięto."


def carry_out(keys: Sequence[int], progress: Callable[[int, int], object]) -> None:
    for number, key in enumerate(keys):
        progress(number, len(keys))
        _carry_out(key)
    progress(len(keys), len(keys))


@transaction.atomic
def _carry_out(key: int) -> None:
    row = Anonymisation.objects.select_for_update().get(pk=key)
    if not row.is_ordered:  # by a worker that was interrupted after that
        return
    row.obstacle = _obstacle(row)
    if row.obstacle:
        row.withdrawn_at = timezone.now()
    else:
        forget(record_of(row.model, row.record))
        row.done_at = timezone.now()
        transaction.on_commit(keep_list_of_now)
    row.save(update_fields=["obstacle", "withdrawn_at", "done_at"])


def _obstacle(row: Anonymisation) -> str:
    """What came between the decision and now; empty when nothing did."""
    record = record_of(row.model, row.record)
    if record is None:
        return GONE
    kept = kept_of(type(record), [record.pk], timezone.localdate()).get(record.pk, [])
    return " ".join(each.sentence for each in kept if each.is_hold or not row.is_early)
