"""No worker does what was ordered: the administrators get one letter, the page says who did."""

from datetime import timedelta
from typing import Any

from django import template
from django.core.cache import cache
from django.utils import timezone

from owes.formatting import moment
from owes.models import Job
from owes.operating.letters import tell_administrators

KEY = "absence-of-workers"
SEEN = "worker-seen"
AGAIN = timedelta(days=1)
SUBJECT = "Program nie tworzy dokumentów"
BODY = (
    "Zlecenia czekają, a nikt ich nie wykonuje: raporty, dokumenty i importy teraz nie powstają.\n"
    "Najdłużej czeka zlecenie z {since}.\n\n"
    "Sprawdź, czy działa proces worker i Redis (docs/produkcja.md). Nic nie przepadło: zlecenia\n"
    "ruszą same, gdy worker wróci. Następny list przyjdzie za dobę, jeżeli nie wróci."
)

register = template.Library()


def notice(job: Job) -> dict[str, Any]:
    """When and to whom it was written; the first who asks writes, once a day."""
    note: dict[str, Any] = {"at": timezone.now(), "names": []}
    if not cache.add(KEY, note, AGAIN.total_seconds()):
        return cache.get(KEY) or note
    note["names"] = tell_administrators(SUBJECT, BODY.format(since=moment(job.created_at)))
    cache.set(KEY, note, AGAIN.total_seconds())
    return note


def forget() -> None:
    """A worker is back: its next absence is written about anew."""
    cache.delete(KEY)


def sign_of_life() -> None:
    """Of a worker, at what beat orders every half a minute (`readyz`)."""
    cache.set(SEEN, timezone.now(), None)


def forget_life() -> None:
    """What stands in the database now is new: a sign of life given to the one before is none."""
    cache.delete(SEEN)


@register.inclusion_tag("components/worker_away.html")
def worker_away(job: Job | None) -> dict[str, Any]:
    """Under the progress of long work, if there is any: that nobody takes it, and who was told."""
    return {"notice": notice(job) if job and job.is_left_alone else None}
