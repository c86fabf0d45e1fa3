"""Long work: a `Job` row says what is to be done, a broker only wakes a worker to look at it.

A message may be lost, come twice or find its worker killed; none of that matters, because a worker
takes the row with a lease, only the holder of the lease may finish it, and rows that nobody holds
are offered again. Handlers live in `jobs.py` of the apps:

    @job("report_pdf")
    def report_pdf(row, progress):
        progress(3, 10)
        return "raport.pdf", content
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Any

from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db import connection, connections, transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from kombu.exceptions import OperationalError

from owes import drafts
from owes.backups.nightly import back_up_and_tell
from owes.chain.nightly import verify_and_tell
from owes.chain.sealing import seal
from owes.lists.opening import LIST_FILE, drop_old_files, make_file
from owes.looks.collecting import collecting
from owes.looks.log import drop_old_looks
from owes.models import Job
from owes.operating import absence
from owes.operating.faults import Fault, fault_of
from owes.operating.sweeping import sweep_and_tell
from owes.privacy.carrying_out import JOB as ANONYMISE
from owes.privacy.carrying_out import carry_out
from owes.sign_in import devices, tries
from owes.sign_in.sessions import SessionStore

LEASE = timedelta(minutes=2)
BEAT = 20  # seconds between two signs of life of silent work
WAIT = timedelta(seconds=30)
MESSAGE_LIFE = 600  # seconds; unread messages do not pile up while no worker runs
ATTEMPTS = 3
NO_PLACE = "Na serwerze zabrakło miejsca. Zgłoś to administratorowi i zleć pracę ponownie."
INTERRUPTED = "Praca została przerwana trzy razy. Zleć ją ponownie albo zgłoś administratorowi."

logger = logging.getLogger(__name__)
HANDLERS: dict[str, Callable] = {}
REPEATABLE: set[str] = set()


class JobFailed(Exception):
    """Raised by a handler with a Polish reason that the person who waits can act on."""


class LeaseLost(Exception):
    """Another worker took the row while this one was silent; its result must not be kept."""


def job(kind: str, *, is_repeatable: bool = False) -> Callable[[Callable], Callable]:
    """Repeatable work may be ordered again, when it failed, by whoever ordered it.

    It only makes a file, or goes on where it stopped.
    """

    def register(handler: Callable) -> Callable:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"two handlers of long work are called {kind}")
        if is_repeatable:
            REPEATABLE.add(kind)
        return handler

    return register


def order(kind: str, *, params: dict, owner: Any = None, key: str | None = None) -> Job:
    """The row of this work; the same `key` is the same work, so a second click finds the first.

    Work that failed is taken up anew, as it is ordered now. Nothing is published when the
    transaction rolls back.
    """
    if kind not in HANDLERS:
        raise ValueError(f"no handler of long work is called {kind}")
    ordered = {"kind": kind, "params": params, "owner": owner}
    key = f"{kind}:{key or uuid.uuid4()}"
    row, created = Job.objects.get_or_create(key=key, defaults=ordered)
    anew = {"state": Job.State.QUEUED, "created_at": timezone.now(), "finished_at": None}
    anew |= {"attempt": 0, "progress": 0, "total": 0, "error": ""}
    failed = Job.objects.filter(pk=row.pk, state=Job.State.FAILED)
    if not created and failed.update(**ordered, **anew):
        row.refresh_from_db()
        created = True
    if created:
        transaction.on_commit(lambda: publish(row.pk))
    return row


def order_again(row: Job) -> Job:
    """Work that failed, with the same key; other work is left as it is."""
    key = row.key.removeprefix(f"{row.kind}:")
    return order(row.kind, params=row.params, owner=row.owner, key=key)


def publish(pk: int) -> None:
    """Tells the broker; when it does not answer, `requeue_stale` offers the row later."""
    wake(run, pk)


def wake(task: Any, *arguments: Any) -> None:
    """Tells a worker of a task that somebody does later if the broker does not answer."""
    try:
        task.apply_async(arguments, expires=MESSAGE_LIFE)
    except (OperationalError, OSError) as error:
        logger.warning("%s%s was not published: %s", task.name, arguments, error)


def take(pk: int) -> Job | None:
    """The row, now held by the caller, or None when it is done or somebody else holds it."""
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=pk, attempt__lt=ATTEMPTS).update(
        state=Job.State.RUNNING, lease_until=now + LEASE, attempt=F("attempt") + 1
    )
    if not taken:
        return None
    absence.forget()
    return Job.objects.get(pk=pk)


class JobProgress:
    """Tells the page how far the work is and, by the same word, that the worker is alive."""

    def __init__(self, row: Job) -> None:
        self.held = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, attempt=row.attempt)

    def __call__(self, done: int, total: int) -> None:
        self._update(progress=done, total=total)

    def alive(self) -> None:
        """Extends the lease; call it within every `LEASE` when no progress is reported."""
        self._update()

    @contextmanager
    def aside(self) -> Iterator[Callable[[int, int], object]]:
        """Yields what tells the page of work that is one transaction, before the transaction ends.

        It speaks through a connection of its own. SQLite has one writer: there it says nothing.
        """
        if connection.vendor == "sqlite":
            yield lambda done, total: None
            return
        connections["aside"] = connection.copy("aside")
        held = self.held.using("aside")
        try:
            yield lambda done, total: held.update(
                progress=done, total=total, lease_until=timezone.now() + LEASE
            )
        finally:
            connections["aside"].close()
            del connections["aside"]

    def _update(self, **fields: Any) -> None:
        if not self.held.update(lease_until=timezone.now() + LEASE, **fields):
            raise LeaseLost


def follow(process: Any, progress: JobProgress, patience: float) -> Iterator[str]:
    """Lines a process prints; while it is silent, up to `patience` seconds, the lease is kept."""
    lines: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            line = lines.get(timeout=BEAT)
        except Empty:
            progress.alive()
            continue
        if line is None:
            return
        yield line
    raise JobFailed("Praca trwała zbyt długo i została przerwana.")


def perform(row: Job) -> None:
    """Does the work of a taken row and keeps its result, unless the lease was lost meanwhile."""
    held = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, attempt=row.attempt)
    finished = False
    try:
        with collecting() as people:
            result = HANDLERS[row.kind](row, JobProgress(row))
        row.people = sorted(people) if result else []
        finished = _keep(row, held, result)
    except JobFailed as failure:
        finished = _fail(held, str(failure))
    except OSError as error:
        if fault_of(error) is not Fault.FULL:
            raise
        finished = _fail(held, NO_PLACE)
    finally:
        # An error nobody foresaw goes to the log; the row is free at once for another attempt.
        if not finished:
            held.update(state=Job.State.QUEUED, lease_until=None)


def _fail(held: QuerySet[Job], reason: str) -> bool:
    return bool(held.update(state=Job.State.FAILED, error=reason, finished_at=timezone.now()))


def _keep(row: Job, held: QuerySet[Job], result: tuple[str, bytes | File] | None) -> bool:
    done = {"state": Job.State.DONE, "lease_until": None, "finished_at": timezone.now()}
    if result is None:
        return bool(held.update(**done))
    name, content = result
    suffix = name.rpartition(".")[2]
    file = content if isinstance(content, File) else ContentFile(content)
    row.file.save(f"{uuid.uuid4().hex}.{suffix}", file, save=False)
    is_held = held.update(file=row.file.name, file_name=name, people=row.people, **done)
    if not is_held:
        row.file.delete(save=False)
    return bool(is_held)


@shared_task
def run(pk: int) -> None:
    if row := take(pk):
        perform(row)


@shared_task
def requeue_stale() -> None:
    """Offers again what waits too long or whose worker went silent; gives up after `ATTEMPTS`."""
    absence.sign_of_life()
    now = timezone.now()
    silent = Q(state=Job.State.RUNNING, lease_until__lt=now)
    waiting = Q(state=Job.State.QUEUED, created_at__lt=now - WAIT)
    Job.objects.filter(silent | waiting, attempt__gte=ATTEMPTS).update(
        state=Job.State.FAILED, error=INTERRUPTED, lease_until=None, finished_at=now
    )
    for pk in Job.objects.filter(silent | waiting).values_list("pk", flat=True):
        publish(pk)


@job(ANONYMISE, is_repeatable=True)
def anonymise(row: Job, progress: JobProgress) -> None:
    """Anonymises those of whom it was decided; `params`: anonymisations, by their keys."""
    carry_out(row.params["anonymisations"], progress)


@job(LIST_FILE, is_repeatable=True)
def list_file(row: Job, progress: JobProgress) -> tuple[str, File]:
    """The file of a long list; `params` are those of `owes.lists.exporting`."""
    try:
        return make_file(row, progress)
    except (PermissionDenied, Http404):
        raise JobFailed("Nie masz już dostępu do tej listy.") from None


@shared_task
def drop_list_files() -> None:
    drop_old_files()


@shared_task
def back_up() -> None:
    back_up_and_tell()


@shared_task
def sweep_drafts() -> None:
    drafts.sweep()


@shared_task
def sweep_sign_in() -> None:
    tries.sweep()
    devices.sweep()
    SessionStore.clear_expired()


@shared_task
def sweep_files() -> None:
    sweep_and_tell()


@shared_task
def drop_looks() -> None:
    drop_old_looks()


@shared_task
def seal_history() -> None:
    seal()


@shared_task
def verify_history() -> None:
    verify_and_tell()
