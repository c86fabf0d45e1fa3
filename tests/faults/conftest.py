"""Installations that are broken on purpose, and what is printed of each scenario."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.browser import Browser
from tests.faults.processes import POSTGRES, Installation

MISSING = [
    name
    for name, is_there in {
        "PostgreSQL (apt-get install -y postgresql)": POSTGRES,
        "redis-server (apt-get install -y redis-server)": shutil.which("redis-server"),
    }.items()
    if not is_there
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/faults" in str(item.path):
            item.add_marker("faults")


def pytest_terminal_summary(terminalreporter):
    for outcome, word in (("passed", "tak"), ("failed", "NIE"), ("error", "NIE")):
        for report in terminalreporter.stats.get(outcome, []):
            for scenario, told in report.user_properties:
                terminalreporter.write_line(f"{scenario} | {told} | {word}")


@pytest.fixture
def evidence(record_property):
    """Says what a scenario saw; printed at the end beside its outcome."""
    return record_property


@contextmanager
def installed(has_postgres):
    """In a folder where the user of PostgreSQL may come too."""
    folder = Path(tempfile.mkdtemp(prefix="owes-faults-"))
    made = Installation(folder)
    try:
        if has_postgres:
            made.use_postgres()
            made.start_redis()
        made.fill()
        made.start_web()
        yield made
    finally:
        made.end_all()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def installation():
    """Making one takes most of a minute, so that scenarios share it."""
    if MISSING:
        pytest.skip(f"brak: {', '.join(MISSING)}")
    with installed(has_postgres=True) as made:
        yield made


@pytest.fixture(scope="session")
def on_sqlite():
    with installed(has_postgres=False) as made:
        yield made


@pytest.fixture
def web(installation):
    """Its pages, with no work left over; a scenario starts the worker itself."""
    installation.postgres.query("DELETE FROM owes_job; DELETE FROM owes_cache")
    yield installation
    if "worker" in installation.processes:
        installation.end("worker")


@pytest.fixture
def browser(web):
    return Browser(web.port).sign_in()
