"""Parts of the suite that need something of the machine, and what is said when it is not there."""

import gc
import json
import logging
import os
import re
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from owes.operating.log_lines import JsonLines
from owes.pdf import APT_LINE, load_weasyprint, missing_libraries
from tests.factories import MembershipFactory, UserFactory, sputnik
from tests.loaded import Loaded

# Without a window its lighter build does the same in two thirds of the time.
BUILDS = ["chromium"] if os.environ.get("HEADED") else ["chromium-headless-shell", "chromium"]
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BUILDS)), None)
FAULTS = Path(__file__).parent / "faults"
REQUIRED = os.environ.get("REQUIRE_ALL_PARTS") == "1"


def left_out():
    """Marker of each part that cannot run here, with the reason."""
    parts = {}
    if not os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
        parts["postgres"] = "PostgreSQL: podaj TEST_DATABASE_URL=postgres://..."
    if not os.environ.get("TEST_REDIS_URL"):
        parts["redis"] = "Redis: podaj TEST_REDIS_URL=redis://..."
    if not CHROMIUM:
        parts["browser"] = f"przeglądarka: apt-get install -y {BUILDS[0]}"
    if missing_libraries():
        parts["pdf"] = f"dokumenty PDF: {APT_LINE}"
    return parts


LEFT_OUT = left_out()


def pytest_report_header():
    database = "SQLite" if "postgres" in LEFT_OUT else "PostgreSQL"
    return [f"baza: {database}"] + [f"pominięto {reason}" for reason in LEFT_OUT.values()]


def commits(item):
    """Whether what the test writes stays written."""
    return bool({"transactional_db", "live_server"} & set(item.fixturenames))


def wants(item):
    """What is to stand in the database when the test begins; None without a database."""
    if "demo" in item.fixturenames:
        return "demonstration"
    return "reference" if commits(item) or "db" in item.fixturenames else None


def pytest_itemcollected(item):
    if wants(item):
        item.add_marker("database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    # Tests come in a random order, but those that commit after all others, those that want the
    # demonstration together, and of each kind the long ones first.
    items.sort(
        key=lambda item: (
            commits(item),
            wants(item) == "demonstration",
            item.get_closest_marker("long") is None,
        )
    )
    # pytest-playwright is not installed and the sync API runs its own loop, so Django would take
    # every query of a browser test for one made inside asynchronous code.
    if any(item.get_closest_marker("browser") for item in items):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_finish(session):
    """Four thousand collected tests live to the end: they are not looked through again and again
    for what may be freed.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_ignore_collect(collection_path, config):
    """The faults kill processes and take minutes: they run when they are asked for by path."""
    is_asked = any("faults" in str(argument) for argument in config.args)
    return True if collection_path == FAULTS and not is_asked else None


def pytest_runtest_setup(item):
    for part, reason in LEFT_OUT.items():
        if item.get_closest_marker(part):
            if REQUIRED:
                pytest.fail(f"pominięto {reason}", pytrace=False)
            pytest.skip(f"pominięto {reason}")


def pytest_terminal_summary(terminalreporter):
    for reason in LEFT_OUT.values():
        terminalreporter.write_line(f"Pominięto {reason}", yellow=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of one test are not seen by the next."""
    settings.MEDIA_ROOT = tmp_path / "media"


class Lines(logging.Handler):
    """Lines of the log as production writes them, of one test."""

    def __init__(self):
        super().__init__()
        self.setFormatter(JsonLines())
        self.written = []

    def emit(self, record):
        self.written.append(self.format(record))


# Of people and keys that factories and the demonstration make: never in a line of the log.
PERSONAL = re.compile(r'@|Łucja|Próbna|(?<!"request": ")\b\d{9,}\b|\?\w+=')


@pytest.fixture(autouse=True)
def said():
    """Lines that the test made the program write, read back; no test makes it tell of people."""
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lambda: [json.loads(line) for line in lines.written]
    logging.getLogger().removeHandler(lines)
    assert [line for line in lines.written if PERSONAL.search(line)] == []


# What a test commits is put right before the next that needs it: see `stands`.
TransactionTestCase._fixture_teardown = lambda self: None


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """Tables are made of the models: the migrations take forty seconds, and lead to the same.

    `tests/test_migrations.py` holds that they do.
    """
    return False


@pytest.fixture(scope="session")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        return Loaded(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(autouse=True)
def stands(request, media, settings, django_db_blocker):
    """Comes before the transaction of the test."""
    wanted = wants(request.node)
    if not wanted:
        return
    loaded = request.getfixturevalue("loaded")
    settings.DEMO = wanted == "demonstration"
    with django_db_blocker.unblock():
        loaded.bring(wanted)
    loaded.is_touched = commits(request.node)


@pytest.fixture
def demo(db):
    """The project of the demonstration."""
    return sputnik()


@pytest.fixture
def committed(transactional_db):
    """A database whose transactions end."""


class Undrawn:
    """A document whose HTML was made and read; drawing it would take half a second."""

    def __init__(self):
        self.pages, self.metadata = [], self

    def copy(self, pages):
        return self

    def write_pdf(self, **options):
        return b"%PDF-1.7\n"


@pytest.fixture
def undrawn(monkeypatch):
    weasyprint = load_weasyprint()
    monkeypatch.setattr(weasyprint.HTML, "render", lambda self, **options: Undrawn())
    monkeypatch.setattr(weasyprint, "CSS", lambda **options: None)


def _member(role, name):
    return MembershipFactory(role=role, user__name=name).user


@pytest.fixture
def project(db):
    """SPUTNIK II, as the reference data load it."""
    return sputnik()


@pytest.fixture
def staff(db):
    return _member("staff", "Ewa Piórkowska")


@pytest.fixture
def coordinator(db):
    return _member("coordinator", "Kinga Łącka")


@pytest.fixture
def auditor(db):
    return _member("auditor", "Anna Wgląd")


@pytest.fixture
def administrator(db):
    return UserFactory(name="Adam Konto", is_administrator=True)


@pytest.fixture
def query_count(client):
    """How many queries a page makes, the session and the roles warmed by a first visit."""

    def count(url, **data):
        client.get(url, data)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, data).status_code == 200
        return len(queries)

    return count
