"""Long work over a real Redis, with a real worker in its own process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

from owes import jobs
from owes.celery import app
from owes.models import Job

pytestmark = [
    pytest.mark.redis,
    pytest.mark.postgres,  # a worker of another process sees no SQLite in memory
    pytest.mark.usefixtures("committed"),
]

WORKER = """
import time, django
django.setup()
from owes import jobs

@jobs.job("powoli")
def slowly(row, progress):
    progress(1, 2)
    time.sleep(row.params["sekund"])
    return "wynik.txt", b"zrobione"

from owes.celery import app
app.worker_main(["worker", "--pool", "solo", "--loglevel", "error", "--without-mingle"])
"""


@pytest.fixture
def redis_url():
    """An empty database of Redis for each process of the test run, counted down from the last."""
    number = 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
    url = urlsplit(os.environ["TEST_REDIS_URL"])._replace(path=f"/{number}").geturl()
    redis.Redis.from_url(url).flushdb()
    return url


@pytest.fixture
def broker(monkeypatch):
    """The web side publishes to Redis as in production; a dead address may be given instead."""

    def use(url):
        monkeypatch.setitem(app.conf, "broker_url", url)
        monkeypatch.setitem(app.conf, "broker_transport_options", {"socket_connect_timeout": 1})
        monkeypatch.setitem(app.conf, "task_always_eager", False)
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        monkeypatch.setitem(jobs.HANDLERS, "powoli", None)

    return use


@pytest.fixture
def start_worker(redis_url):
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "owes.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(settings.VAR_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
    }
    workers = []

    def start():
        workers.append(
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", WORKER],
                cwd=settings.BASE_DIR,
                env=environment,
            )
        )
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_for(row, state, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        row.refresh_from_db()
        if row.state == state:
            return
        time.sleep(0.1)
    pytest.fail(f"the row is {row.state}, not {state}, after {seconds} s")


def test_worker_behind_redis_does_the_work(broker, redis_url, start_worker):
    broker(redis_url)
    start_worker()
    row = jobs.order("powoli", params={"sekund": 0})
    wait_for(row, Job.State.DONE)
    assert Path(row.file.path).read_bytes() == b"zrobione"


def test_work_of_a_killed_worker_is_done_by_the_next(broker, redis_url, start_worker):
    broker(redis_url)
    worker = start_worker()
    row = jobs.order("powoli", params={"sekund": 60})
    wait_for(row, Job.State.RUNNING)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    Job.objects.filter(pk=row.pk).update(params={"sekund": 0}, lease_until=row.created_at)
    start_worker()
    jobs.requeue_stale()
    wait_for(row, Job.State.DONE)
    assert row.attempt == 2


def test_work_ordered_while_redis_is_down_waits_for_it(broker, redis_url, start_worker):
    broker("redis://127.0.0.1:1/0")
    row = jobs.order("powoli", params={"sekund": 0})
    assert row.state == Job.State.QUEUED
    broker(redis_url)
    start_worker()
    Job.objects.update(created_at=row.created_at - 2 * jobs.WAIT)
    jobs.requeue_stale()
    wait_for(row, Job.State.DONE)
