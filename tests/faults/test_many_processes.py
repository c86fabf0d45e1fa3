"""R20: two processes of pages and three workers behind a proxy, each killed in turn under load."""

import threading
from contextlib import suppress
from dataclasses import dataclass

import pytest

from owes.jobs import LEASE
from tests.faults.browser import Browser, fields
from tests.faults.processes import HAPROXY, children, free_port, until
from tests.faults.test_database import TABLE, Writers
from tests.faults.test_work import REPORTS, files, swept

PAGES, WORKERS = ["web1", "web2"], ["worker1", "worker2", "worker3"]
BETWEEN, ORDER_EVERY = 3, 3  # seconds
LEASE_AND_TWO_MINUTES = LEASE.total_seconds() + 120
# Work that is taken is held for a day, whatever became of the one who took it.
NO_END_OF_LEASE = """
CREATE FUNCTION hold_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.lease_until := now() + interval '1 day'; RETURN NEW; END $$;
CREATE TRIGGER hold_for_ever BEFORE UPDATE ON owes_job FOR EACH ROW
WHEN (NEW.state = 'running') EXECUTE FUNCTION hold_for_ever()
"""
LEASE_AGAIN = "DROP TRIGGER hold_for_ever ON owes_job; DROP FUNCTION hold_for_ever()"

pytestmark = pytest.mark.skipif(not HAPROXY, reason="brak: haproxy (apt-get install -y haproxy)")


class Orders:
    """A browser that orders reports; `keys` of those whose order was told as taken."""

    def __init__(self, port):
        self.browser, self.keys, self.is_over = Browser(port).sign_in(), [], threading.Event()
        self.thread = threading.Thread(target=self._order)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        self.thread.join()

    def _order(self):
        while not self.is_over.wait(ORDER_EVERY):
            page = self.browser.open(REPORTS)
            if page.status == 200:
                page = self.browser.open(REPORTS, fields(page, REPORTS) | {"format": "xlsx"})
            if page.status == 302:
                self.keys.append(int(page.headers["Location"].strip("/").split("/")[-1]))


@dataclass
class Killed:
    """What was found when each process had been killed once."""

    answers: dict
    lost: set  # names whose saving was told and that are not there
    doubled: list
    ordered: int
    again: int  # jobs begun more than once
    unfinished: int
    files: int

    def __str__(self):
        return (
            f"odpowiedzi {self.answers}, zgubionych zapisów {len(self.lost)}, podwójnych "
            f"{len(self.doubled)}; prac {self.ordered}, podjętych ponownie {self.again}, "
            f"niezrobionych {self.unfinished}, plików {self.files}"
        )


class Cluster:
    """Pages and workers that are started again once they are gone, as a supervisor does."""

    def __init__(self, web):
        self.web, self.ports = web, {name: free_port() for name in PAGES}
        self.started = dict.fromkeys(PAGES, self._start_web)
        self.started |= dict.fromkeys(WORKERS, web.start_one_of_workers)

    def _start_web(self, name):
        self.web.start_web(name, port=self.ports[name])

    def __enter__(self):
        for name, start in self.started.items():
            start(name)
        self.web.start_beat()
        self.port = self.web.start_proxy(self.ports.values())
        return self

    def __exit__(self, *error):
        for name in ["proxy", "beat", *self.started]:
            if name in self.web.processes:
                self.web.end(name)

    def kill_each(self):
        """A worker while it makes a report; pages while people save."""
        pause = threading.Event()
        for name, start in self.started.items():
            process = self.web.processes[name]
            if name in WORKERS:
                until(lambda pid=process.pid: children(pid), 60, f"{name} has work")
            self.web.end(name)
            pause.wait(BETWEEN)
            start(name)
            pause.wait(BETWEEN)


def killed_in_turn(web, first):
    """Under four who save, whose names begin with the number `first`, and one who orders."""
    swept(web)
    with Cluster(web) as cluster:
        with Writers(cluster.port, 4, first) as writers, Orders(cluster.port) as orders:
            cluster.kill_each()
        wait_for_jobs(web)
        names = web.postgres.query(f"SELECT name FROM {TABLE}").splitlines()
        sent = {text for text, _ in writers.answers}
        return Killed(
            answers=writers.statuses(),
            lost=writers.saved() - set(names),
            doubled=[text for text in sent if names.count(text) > 1],
            ordered=len(orders.keys),
            again=jobs(web, orders.keys, "attempt > 1"),
            unfinished=jobs(web, orders.keys, "state <> 'done' OR file = ''"),
            files=len(files(web)),
        )


def jobs(web, keys, condition):
    keys = ", ".join(map(str, keys))
    asked = f"SELECT count(*) FROM owes_job WHERE id IN ({keys}) AND ({condition})"
    return int(web.postgres.query(asked))


def wait_for_jobs(web):
    """Until none is left, or nobody can be at work any more."""
    left = "SELECT count(*) FROM owes_job WHERE state IN ('queued', 'running')"
    with suppress(AssertionError):
        until(lambda: web.postgres.query(left) == "0", LEASE_AND_TWO_MINUTES, "jobs are done")


def test_r20_each_process_is_killed_under_load_and_nothing_is_lost(web, evidence):
    found = killed_in_turn(web, first=20)
    evidence("R20", str(found))
    assert set(found.answers) <= {302, 502, 503, 504}
    assert found.answers[302] > 20
    assert (found.lost, found.doubled) == (set(), [])
    assert found.again >= len(WORKERS)
    assert (found.unfinished, found.files) == (0, found.ordered)


@pytest.fixture
def careless(web):
    """Saves are told before they are kept, and a lease has no end."""
    web.postgres.query(NO_END_OF_LEASE)
    web.environment["DJANGO_SETTINGS_MODULE"] = "tests.faults.early_settings"
    yield web
    del web.environment["DJANGO_SETTINGS_MODULE"]
    web.postgres.query(LEASE_AGAIN)


def test_r20_sees_what_a_careless_program_loses(careless, evidence):
    found = killed_in_turn(careless, first=30)
    evidence("R20, zasadzone błędy", str(found))
    assert found.lost
    assert found.unfinished >= len(WORKERS)
