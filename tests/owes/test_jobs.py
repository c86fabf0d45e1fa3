import ast
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from owes import jobs
from owes.models import Job

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def handler(monkeypatch):
    """Registers long work of kind "proba" for one test."""
    monkeypatch.setattr(jobs, "HANDLERS", {})
    return jobs.job("proba")


def waiting(**fields):
    return Job.objects.create(**{"kind": "proba", "key": "proba:1", **fields})


def test_ordered_work_is_done_and_kept(handler, django_capture_on_commit_callbacks):
    @handler
    def write(row, progress):
        progress(2, 3)
        return "wynik.txt", f"dla {row.params['kogo']}".encode()

    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.order("proba", params={"kogo": "mnie"})
    row.refresh_from_db()
    assert (row.state, row.file_name, row.progress, row.total) == ("done", "wynik.txt", 2, 3)
    assert row.file.read() == b"dla mnie"
    assert row.lease_until is None


def test_same_key_is_the_same_work(handler, django_capture_on_commit_callbacks):
    starts = []
    handler(lambda row, progress: starts.append(row.pk))
    with django_capture_on_commit_callbacks(execute=True):
        rows = [jobs.order("proba", params={}, key="raport-2024") for _ in range(2)]
    assert rows[0] == rows[1]
    assert starts == [rows[0].pk]


def test_failed_work_may_be_ordered_again(handler, django_capture_on_commit_callbacks):
    handler(lambda row, progress: None)
    row = waiting(key="proba:raport", state="failed", error="Brak danych.", attempt=3)
    with django_capture_on_commit_callbacks(execute=True):
        again = jobs.order("proba", params={}, key="raport")
    row.refresh_from_db()
    assert (again.pk, row.state, row.error, row.attempt) == (row.pk, "done", "", 1)


def test_failed_work_is_done_as_it_was_ordered_last(handler, staff, coordinator):
    handler(lambda row, progress: None)
    first = waiting(key="proba:raport", params={"reason": "a"}, owner=staff)
    jobs.order("proba", params={"reason": "b"}, owner=coordinator, key="raport")
    first.refresh_from_db()
    assert (first.params, first.owner) == ({"reason": "a"}, staff)
    long_ago = timezone.now() - timedelta(days=1)
    Job.objects.update(state="failed", created_at=long_ago, finished_at=long_ago)
    again = jobs.order("proba", params={"reason": "b"}, owner=coordinator, key="raport")
    assert (again.pk, again.params, again.owner) == (first.pk, {"reason": "b"}, coordinator)
    assert (again.created_at > long_ago, again.finished_at) == (True, None)


def test_unknown_kind_is_refused_at_once():
    with pytest.raises(ValueError, match="no handler"):
        jobs.order("nieznana", params={})


def test_only_one_worker_takes_a_row():
    row = waiting()
    assert jobs.take(row.pk).attempt == 1
    assert jobs.take(row.pk) is None


def test_row_of_a_silent_worker_is_taken_over():
    row = waiting(state="running", attempt=1, lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.take(row.pk).attempt == 2


def test_finished_row_is_not_taken():
    assert jobs.take(waiting(state="done").pk) is None


def test_reason_given_by_a_handler_is_kept(handler):
    @handler
    def refuse(row, progress):
        raise jobs.JobFailed("Brak bibliotek systemowych do PDF.")

    row = waiting()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "Brak bibliotek systemowych do PDF.")


def test_unforeseen_error_frees_the_row_and_is_not_hidden(handler):
    @handler
    def break_down(row, progress):
        raise ZeroDivisionError

    row = waiting()
    with pytest.raises(ZeroDivisionError):
        jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt, row.lease_until) == ("queued", 1, None)


def test_worker_that_lost_its_lease_keeps_nothing(handler):
    @handler
    def late(row, progress):
        Job.objects.filter(pk=row.pk).update(attempt=2)
        return "stary.txt", b"stary"

    row = waiting()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt, row.file.name, row.file_name) == ("running", 2, "", "")


def test_progress_of_a_lost_lease_stops_the_worker(handler):
    row = jobs.take(waiting().pk)
    Job.objects.filter(pk=row.pk).update(attempt=2)
    with pytest.raises(jobs.LeaseLost):
        jobs.JobProgress(row).alive()


def test_progress_prolongs_the_lease():
    row = jobs.take(waiting().pk)
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now())
    jobs.JobProgress(row)(1, 2)
    row.refresh_from_db()
    assert row.lease_until > timezone.now() + jobs.LEASE / 2


def test_work_that_is_one_transaction_tells_how_far_it_is(committed):
    row = jobs.take(waiting().pk)
    with transaction.atomic(), jobs.JobProgress(row).aside() as tell:
        tell(2, 4)
        transaction.set_rollback(True)
    row.refresh_from_db()
    told = {"postgresql": (2, 4), "sqlite": (0, 0)}[connection.vendor]
    assert (row.progress, row.total) == told


LONG = timedelta(minutes=5)


def left(since, **fields):
    """Work that waits, ordered so long ago."""
    row = waiting(**fields)
    row.created_at = timezone.now() - since
    row.save()
    return row


@pytest.mark.parametrize(
    ("others", "is_left"),
    [
        ({}, True),
        ({"state": "running", "lease_until": LONG}, False),
        ({"state": "running", "lease_until": -LONG}, True),
        ({"state": "done", "finished_at": -timedelta(seconds=30)}, False),
        ({"state": "done", "finished_at": -LONG}, True),
    ],
)
def test_work_is_left_alone_when_no_worker_takes_or_does_anything(others, is_left):
    moments = {
        name: timezone.now() + value if isinstance(value, timedelta) else value
        for name, value in others.items()
    }
    if others:
        waiting(key="proba:2", **moments)
    assert left(LONG).is_left_alone is is_left


def test_work_just_ordered_or_being_done_is_not_left_alone():
    assert not left(timedelta(seconds=50)).is_left_alone
    running = left(LONG, key="proba:2", state="running", lease_until=timezone.now() + LONG)
    assert not running.is_left_alone
    Job.objects.update(lease_until=timezone.now() - LONG)
    running.refresh_from_db()
    assert running.is_left_alone
    running.state = "done"
    assert not running.is_left_alone


def printing(code):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_silent_process_keeps_the_lease(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT", 0.1)
    row = jobs.take(waiting().pk)
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now())
    with printing("import time; print('1/2', flush=True); time.sleep(1); print('2/2')") as process:
        assert list(jobs.follow(process, jobs.JobProgress(row), 30)) == ["1/2\n", "2/2\n"]
    row.refresh_from_db()
    assert row.lease_until > timezone.now() + jobs.LEASE / 2


def test_process_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT", 0.1)
    progress = jobs.JobProgress(jobs.take(waiting().pk))
    with printing("import time; time.sleep(60)") as process:
        with pytest.raises(jobs.JobFailed, match="zbyt długo"):
            list(jobs.follow(process, progress, 0.5))
        process.kill()


def test_stale_rows_are_offered_again(handler):
    handler(lambda row, progress: None)
    long_ago = timezone.now() - timedelta(hours=1)
    forgotten = waiting(key="proba:1")
    silent = waiting(key="proba:2", state="running", attempt=1, lease_until=long_ago)
    fresh = waiting(key="proba:3")
    Job.objects.filter(pk=forgotten.pk).update(created_at=long_ago)
    jobs.requeue_stale()
    states = dict(Job.objects.values_list("pk", "state"))
    assert states == {forgotten.pk: "done", silent.pk: "done", fresh.pk: "queued"}


def test_third_interruption_is_the_last():
    row = waiting(state="running", attempt=3, lease_until=timezone.now() - timedelta(minutes=5))
    jobs.requeue_stale()
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", jobs.INTERRUPTED)


@pytest.mark.parametrize("error", [OperationalError("nie odpowiada"), OSError("brak miejsca")])
def test_silent_broker_does_not_break_the_page(
    error, handler, monkeypatch, django_capture_on_commit_callbacks
):
    handler(lambda row, progress: None)

    def silent(*args, **options):
        raise error

    monkeypatch.setattr(jobs.run, "apply_async", silent)
    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.order("proba", params={})
    row.refresh_from_db()
    assert row.state == "queued"


def test_a_worker_knows_every_task():
    """Of a process of its own: pages import more modules than a worker does."""
    told = "from owes.celery import app; app.finalize(); print(*app.tasks)"
    ready = f"import django; django.setup(); {told}"
    known = subprocess.run(
        [sys.executable, "-c", ready], capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(known) >= set(tasks())


def tasks():
    """The names of the tasks in the source of the program."""
    for app in ("owes", "entities", "support", "indicators"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and any(
                    ast.unparse(one).startswith("shared_task") for one in node.decorator_list
                ):
                    module = path.relative_to(settings.BASE_DIR).with_suffix("").as_posix()
                    yield f"{module.replace('/', '.')}.{node.name}"
