"""What SQLite and PostgreSQL give to a backup, and how they take it back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.utils import ConnectionHandler

from owes.backups.keys import BackupError

TOOLS = "Brak programu {}. Zainstaluj klienta PostgreSQL: apt-get install postgresql-client."
DAMAGED = "Baza danych w kopii jest uszkodzona."
USERS = "owes_user"


@contextmanager
def still() -> Iterator[str]:
    """The database as of one moment: what others write meanwhile is not seen.

    Gives the name of the snapshot, which `dump` takes; empty on SQLite, where writers wait.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield ""
            return
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
        yield snapshot


def dump(folder: Path, snapshot: str) -> Path:
    """The file of the whole database, made in the folder."""
    if connection.vendor == "postgresql":
        path = folder / "database.dump"
        _run("pg_dump", f"--snapshot={snapshot}", "--format=custom", f"--file={path}")
        return path
    path = folder / "database.sqlite3"
    name = str(connection.settings_dict["NAME"])
    # Another connection: the one that keeps the writers waiting may not be copied.
    source = sqlite3.connect(name, uri=name.startswith("file:"))
    target = sqlite3.connect(path)
    try:
        source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(f"Nie można skopiować bazy: {error}.") from error
    finally:
        source.close()
        target.close()
    return path


def check_dump(path: Path) -> None:
    """Raises `BackupError` when the file is no whole database."""
    if path.suffix == ".dump":
        _run("pg_restore", "--list", str(path), has_database=False)
        return
    # With the functions of Django that its constraints call.
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    database = ConnectionHandler({"default": settings})["default"]
    try:
        with database.cursor() as cursor:
            [[answer]] = cursor.execute("PRAGMA integrity_check").fetchmany(1)
    except OperationalError as error:
        raise BackupError(f"Nie można sprawdzić bazy z kopii: {error}.") from error
    except DatabaseError as error:
        raise BackupError(DAMAGED) from error
    finally:
        database.close()
    if answer != "ok":
        raise BackupError(DAMAGED)


def load_dump(path: Path) -> None:
    """Puts the database in the place of the empty one."""
    if connection.vendor == "postgresql":
        options = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
        _run("pg_restore", *options, str(path))
        return
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    for old in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
        old.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    target.chmod(0o600)


def is_empty() -> bool:
    """Whether nobody has worked here yet: no account. What `migrate` makes may be there."""
    try:
        with connection.cursor() as cursor:
            if USERS not in connection.introspection.table_names(cursor):
                return True
            cursor.execute(f"SELECT NOT EXISTS (SELECT 1 FROM {USERS})")
            return bool(cursor.fetchone()[0])
    except OperationalError as error:
        raise BackupError(f"Baza danych nie odpowiada: {error}.") from error


def table_counts() -> dict[str, int]:
    """`{table: rows}` of every table of the database."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        counts = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = cursor.fetchone()[0]
    return counts


def _run(program: str, *arguments: str, has_database: bool = True) -> None:
    settings = connection.settings_dict
    told = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    environment = os.environ | {name: value for name, value in told.items() if value}
    options = ["--no-owner", "--no-privileges"] if has_database else []
    if has_database:
        options.append(f"--dbname={settings['NAME']}")
    try:
        done = subprocess.run(
            [program, *options, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise BackupError(TOOLS.format(program)) from error
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")
