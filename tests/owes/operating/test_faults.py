import errno
import sqlite3

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from owes.operating import faults
from owes.operating.faults import Fault, again_after_collision, fault_of


class FromServer(Exception):
    """What a driver raises: the code of the server is all that is read of it."""

    def __init__(self, **codes):
        self.__dict__ |= codes


def told(kind, **codes):
    try:
        raise kind from FromServer(**codes)
    except kind as error:
        return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (told(OperationalError, pgcode="57P01"), Fault.AWAY),
        (told(OperationalError, pgcode="08006"), Fault.AWAY),
        (told(OperationalError, pgcode="40001"), Fault.BUSY),
        (told(OperationalError, pgcode="55P03"), Fault.BUSY),
        (told(OperationalError, pgcode="53100"), Fault.FULL),
        (told(OperationalError, sqlite_errorname="SQLITE_BUSY_SNAPSHOT"), Fault.BUSY),
        (told(OperationalError, sqlite_errorname="SQLITE_FULL"), Fault.FULL),
        (told(OperationalError, sqlite_errorname="SQLITE_IOERR_WRITE"), Fault.AWAY),
        (told(OperationalError, sqlite_errorname="SQLITE_ERROR"), None),
        (told(IntegrityError, pgcode="23505"), None),
        (DatabaseError(), None),
        (OSError(errno.ENOSPC, ""), Fault.FULL),
        (OSError(errno.ENOENT, ""), None),
        (ValueError(), None),
        (None, None),
    ],
)
def test_only_what_passes_by_itself_is_a_fault(error, fault):
    assert fault_of(error) is fault


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_error_without_a_code_is_a_server_gone_on_postgresql_alone(kind):
    expected = {"postgresql": Fault.AWAY, "sqlite": None}[connection.vendor]
    assert fault_of(told(kind)) is expected


@pytest.mark.usefixtures("db")
def test_a_missing_table_is_an_error_of_the_program():
    rows = connection.cursor()
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        rows.execute("SELECT * FROM nie_ma_takiej")
    assert fault_of(raised.value) is None


@pytest.mark.postgres
@pytest.mark.usefixtures("db")
def test_a_statement_that_takes_too_long_is_a_busy_database():
    with transaction.atomic(), connection.cursor() as rows:
        rows.execute("SET LOCAL statement_timeout = 10")
        with pytest.raises(OperationalError) as raised:
            rows.execute("SELECT pg_sleep(5)")
        transaction.set_rollback(True)
    assert fault_of(raised.value) is Fault.BUSY


@pytest.mark.once
def test_a_locked_file_of_sqlite_is_a_busy_database(tmp_path):
    first, second = (sqlite3.connect(tmp_path / "x", timeout=0) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as raised:
        second.execute("BEGIN IMMEDIATE")
    error = OperationalError()
    error.__cause__ = raised.value
    assert fault_of(error) is Fault.BUSY


def colliding(times, code="40001"):
    tries = []

    @again_after_collision
    def work(word):
        tries.append(word)
        if len(tries) <= times:
            raise told(OperationalError, pgcode=code)
        return word

    return work, tries


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(faults, "FIRST_WAIT", 0)


@pytest.mark.usefixtures("committed", "at_once")
def test_a_collision_is_tried_again_to_its_end():
    work, tries = colliding(2)
    assert (work("a"), tries) == ("a", ["a"] * 3)


@pytest.mark.usefixtures("committed", "at_once")
@pytest.mark.parametrize(
    ("times", "code", "tried"), [(99, "40P01", faults.TRIES), (1, "55P03", 1)]
)
def test_what_goes_on_colliding_or_is_another_error_is_told(times, code, tried):
    work, tries = colliding(times, code)
    with pytest.raises(OperationalError):
        work("a")
    assert len(tries) == tried


@pytest.mark.usefixtures("db", "at_once")
def test_a_part_of_a_transaction_is_not_tried_again():
    work, tries = colliding(1)
    with pytest.raises(OperationalError):
        work("a")
    assert tries == ["a"]
