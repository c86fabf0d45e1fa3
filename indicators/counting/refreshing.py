"""Judges what changed soon after a change, so that the first who looks need not wait."""

from celery import shared_task
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from indicators.counting.day_work import work_on
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import ChangeMark
from owes.jobs import wake
from support.models import Project

ORDERED, ORDERED_FOR = "refresh-of-judgements-ordered", 10  # seconds


@shared_task
def refresh_judgements() -> None:
    """Brings what is kept of every project with marks up to date, as its dashboard reads it."""
    cache.delete(ORDERED)
    marks = ChangeMark.objects.filter(project_id=OuterRef("pk"))
    today = timezone.localdate()
    for project in Project.objects.filter(Exists(marks)).order_by("pk"):
        on = min(today, project.ends_on)
        scope = Scope.of(project, on)
        kept(scope)
        work_on(scope, on)


def order_refresh() -> None:
    """Has a worker do it when the transaction is over; without a worker the next reader does.

    One message waits at a time, so that they do not pile up where no worker runs.
    """
    transaction.on_commit(_order)


def _order():
    if cache.add(ORDERED, True, ORDERED_FOR):
        wake(refresh_judgements)
