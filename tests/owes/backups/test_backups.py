"""Backups: a file that proves itself, and a database that is put back as it was."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as program
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.utils import timezone

from entities.models import Person
from indicators.counting.verifying import numbers_by_day
from owes import environment
from owes.backups import archive, databases, keys, making, nightly, restoring, work
from owes.chain.sealing import seal
from owes.chain.triggers import rewriting
from owes.models import Anonymisation, Backup
from owes.operating import absence
from owes.privacy.deciding import approve, propose
from support.models import Service
from tests.factories import EntityFactory, UserFactory
from tests.parallel import in_a_file


@pytest.fixture
def place(settings, tmp_path):
    """An empty folder of the server, with a file in its media and none of its backups."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.BACKUP_KEYS, settings.BACKUP_DIR = [], None
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "evidence").mkdir(parents=True, exist_ok=True)
    (tmp_path / "media" / "evidence" / "lista.pdf").write_bytes(b"%PDF lista")
    return tmp_path


@pytest.fixture
def key(settings, place):
    path = place / "kopie.key"
    settings.BACKUP_KEYS = [keys.write_new_key(path)]
    return path


# The file


def manifest(**changed):
    made_at = "2026-11-30T02:30:00+01:00"
    told = archive.Manifest(made_at, "sqlite", [["owes", "0001"]], {"t": 2}, {})
    return replace(told, **changed)


def packed(folder, **changed):
    """A file with a database and a document."""
    content = b"baza"
    for name in ("database.sqlite3", "lista.pdf"):
        (folder / name).write_bytes(content)
    members = [("database.sqlite3", folder / "database.sqlite3")]
    members += [("media/a/lista.pdf", folder / "lista.pdf"), ("media/gone", folder / "gone")]
    file = io.BytesIO()
    archive.pack(file, members, manifest(**changed))
    return file.getvalue()


def test_what_is_packed_is_unpacked_and_a_file_deleted_meanwhile_is_left_out(tmp_path):
    told = archive.unpack(io.BytesIO(packed(tmp_path)), tmp_path / "out")
    assert (tmp_path / "out" / "media" / "a" / "lista.pdf").read_bytes() == b"baza"
    assert (told.database, list(told.files), told.tables) == (
        "database.sqlite3",
        ["a/lista.pdf"],
        {"t": 2},
    )
    assert str(told) == "30.11.2026, 02:30: 2\u00a0wiersze bazy, 1\u00a0plik"


@pytest.mark.parametrize("length", [0, 100, 600, 1800, 2600, 3000])
def test_a_file_that_was_cut_is_told(tmp_path, length):
    with pytest.raises(keys.BackupError, match="ucięty albo uszkodzony"):
        archive.unpack(io.BytesIO(packed(tmp_path)[:length]), tmp_path / "out")


def test_a_changed_byte_is_told(tmp_path):
    content = packed(tmp_path).replace(b"baza", b"bazy", 1)
    with pytest.raises(keys.BackupError, match=r"uszkodzony plik database\.sqlite3"):
        archive.unpack(io.BytesIO(content), tmp_path / "out")


def test_a_member_that_is_not_in_the_manifest_is_told(tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        inner = tarfile.TarInfo("obcy")
        tar.addfile(inner, io.BytesIO())
    content = packed(tmp_path)
    with pytest.raises(keys.BackupError, match="ucięty albo uszkodzony"):
        archive.unpack(io.BytesIO(file.getvalue()[:512] + content), tmp_path / "out")


@pytest.mark.parametrize("name", ["../obok", "/tmp/obok"])
def test_nothing_is_written_outside_the_folder(tmp_path, name):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    file.seek(0)
    with pytest.raises(keys.BackupError, match="nie jest plikiem"):
        archive.unpack(file, tmp_path / "out")
    assert not (tmp_path / "obok").exists()


def test_a_file_of_a_newer_program_is_refused(tmp_path):
    content = packed(tmp_path, format=2)
    with pytest.raises(keys.BackupError, match="nowsza wersja programu"):
        archive.unpack(io.BytesIO(content), tmp_path / "out")


# Keys


def sealed(key, content=b"dane osobowe" * 9000):
    target = io.BytesIO()
    keys.encrypt(io.BytesIO(content), target, program.BACKUP_KEYS)
    return target.getvalue()


def test_only_the_secret_key_reads_and_nothing_is_read_without_it(key, place):
    content, plain = sealed(key), io.BytesIO()
    assert b"dane" not in content
    keys.decrypt(io.BytesIO(content), plain, key)
    assert plain.getvalue() == b"dane osobowe" * 9000
    other = place / "inny.key"
    keys.write_new_key(other)
    with pytest.raises(keys.BackupError, match="klucz nie otwiera"):
        keys.decrypt(io.BytesIO(content), io.BytesIO(), other)
    with pytest.raises(keys.BackupError, match="ucięty albo uszkodzony"):
        keys.decrypt(io.BytesIO(content[:-20]), io.BytesIO(), key)


def test_the_secret_key_is_its_owners_and_never_overwritten(key):
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="Kluczy się nie nadpisuje"):
        call_command("new_backup_key", key)


def test_a_full_disk_is_not_taken_for_a_damaged_backup(key, monkeypatch):
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    with (
        pytest.raises(keys.BackupError, match=r"^Nie można odczytać: brak miejsca na dysku\.$"),
        work.in_words("Nie można odczytać"),
    ):
        keys.decrypt(io.BytesIO(sealed(key)), Full(), key)


@pytest.mark.parametrize("content", ["", "AGE-SECRET-KEY-1XYZ", "ąę"])
def test_a_file_without_a_key_is_told(tmp_path, content):
    path = tmp_path / "zly.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(keys.BackupError, match="klucz"):
        keys.read_key(path)


def test_a_wrong_public_key_is_told_before_the_work(db, settings, place):
    settings.BACKUP_KEYS = ["ssh-ed25519 AAAA"]
    with pytest.raises(keys.BackupError, match="BACKUP_KEYS: „ssh-ed25519 AAAA” nie jest"):
        making.make_backup(place / "kopie")
    assert not (place / "kopie").exists()


def test_nothing_leaves_without_a_key_unless_it_is_asked_for(db, place):
    with pytest.raises(CommandError, match="Brak klucza, którym szyfruje się kopię"):
        call_command("backup", place / "kopie")
    assert not (place / "kopie").exists()
    with pytest.raises(CommandError, match="Podaj katalog kopii albo ustaw BACKUP_DIR"):
        call_command("backup")


# From the database and back


@pytest.fixture
def demo(transactional_db):
    """Committed, for the tools of the database have connections of their own."""


@pytest.fixture
def migrated(transactional_db, tmp_path):
    """The tables of tests are made without migrations; a backup tells which were applied."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with override_settings(MIGRATION_MODULES={}):
        for app, name in MigrationLoader(None).disk_migrations:
            recorder.record_applied(app, name)
    absence.sign_of_life()
    with in_a_file(tmp_path):
        yield
    with connection.schema_editor() as editor:
        editor.delete_model(recorder.Migration)


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another, empty installation."""
    folder = tmp_path / "elsewhere"
    url = f"sqlite:///{folder / 'owes.sqlite3'}"
    name = f"{connection.settings_dict['NAME']}_restored"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
        url = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{name}"
    yield {"DATABASE_URL": url, "VAR_DIR": str(folder), "SECRET_KEY": "x" * 50}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def manage(environ, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=program.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_backup_of_the_demonstration_is_restored_elsewhere(
    demo, migrated, elsewhere, key, place, settings
):
    folder = place / "kopie"
    call_command("backup", folder)
    [path] = folder.glob("owes-*.tar.age")
    [row] = Backup.objects.all()
    assert (row.name, row.size, row.is_encrypted) == (path.name, path.stat().st_size, True)
    assert path.stat().st_mode & 0o777 == 0o600
    told = restoring.verify(path, key)
    assert told.numbers == numbers_by_day()
    assert told.tables["support_service"] == Service.objects.count() > 400

    settings.BACKUP_DIR = folder
    person = Person.objects.filter(evidence__isnull=False).first()
    [file] = {row.file.name for row in person.evidence.all()}
    propose(person, "wniosek osoby", UserFactory())
    approve(Anonymisation.objects.get(), UserFactory())
    done = manage(elsewhere, "restore", path, "--key", key)
    assert done.returncode == 0, done.stderr
    shown = f"from entities.models import Person; print(Person.objects.get(pk={person.pk}))"
    assert manage(elsewhere, "shell", "-c", shown).stdout.endswith("osoba zanonimizowana\n")
    assert not (Path(elsewhere["VAR_DIR"]) / "media" / file).exists()
    equal = "Wiersze, pliki, historia i wskaźniki każdego dnia są równe. Gotowe.\n"
    assert done.stdout.endswith(equal)
    file = Path(elsewhere["VAR_DIR"]) / "media" / "evidence" / "lista.pdf"
    assert file.read_bytes() == b"%PDF lista"
    proved = manage(elsewhere, "verify_history")
    assert proved.stdout.startswith("Historia się zgadza; dołączono 0\xa0nowych wierszy.")
    # The worker that was seen worked on the other database.
    seen = "from owes.operating import health; print(health.worker()['seen_s'])"
    assert manage(elsewhere, "shell", "-c", seen).stdout.endswith("None\n")
    counted = manage(elsewhere, "verify_indicators")
    assert (counted.returncode, counted.stdout) == (0, "Wszystko się zgadza.\n")

    again = manage(elsewhere, "restore", path, "--key", key)
    assert (again.returncode, again.stderr) == (
        1,
        "CommandError: W bazie są już konta, a kopię odtwarza się tylko do pustej bazy.\n",
    )
    assert list(settings.VAR_DIR.iterdir()) == []


def test_a_restored_place_that_is_another_is_told(place, monkeypatch):
    told = manifest()
    told.members = {"media/evidence/lista.pdf": archive.sum_of(place / "media/evidence/lista.pdf")}
    monkeypatch.setattr(program, "BACKUP_NUMBERS", f"{__name__}.{no_numbers.__name__}")
    restoring._demand_equal(told, place / "media")
    told.numbers = {"sputnik-ii": {"pes": {"2024-01-01": 1}}}
    with pytest.raises(keys.BackupError, match="inaczej liczą się wskaźniki"):
        restoring._demand_equal(told, place / "media")
    (place / "media" / "evidence" / "lista.pdf").write_bytes(b"inna")
    with pytest.raises(keys.BackupError, match=r"plik evidence/lista\.pdf"):
        restoring._demand_equal(told, place / "media")


def test_a_restored_history_that_was_changed_is_told(db):
    entity = EntityFactory()
    seal()
    restoring._demand_history()
    with rewriting():
        entity.history.update(name="Inna nazwa")
    with pytest.raises(keys.BackupError, match="inna jest historia .*zmieniono jego treść"):
        restoring._demand_history()


def no_numbers():
    return {}


def test_restoring_demands_an_empty_place(db, place):
    with pytest.raises(keys.BackupError, match="Katalog plików .* nie jest pusty"):
        restoring.restore(place / "x.tar", None)
    UserFactory()
    assert not databases.is_empty()
    with pytest.raises(keys.BackupError, match="W bazie są już konta"):
        restoring.restore(place / "x.tar", None)


def test_a_backup_of_unknown_migrations_or_another_database_is_refused(db):
    told = manifest()
    told.vendor, told.migrations = connection.vendor, [["owes", "9999_later"]]
    with pytest.raises(keys.BackupError, match="nowsza wersja programu"):
        restoring._demand_known(told)
    told.vendor = "oracle"
    with pytest.raises(keys.BackupError, match="Kopia jest bazy oracle"):
        restoring._demand_known(told)


def test_a_file_that_is_not_there_is_told(place):
    with pytest.raises(CommandError, match="Nie można odczytać"):
        call_command("verify_backup", place / "nie-ma.tar")


def test_a_database_that_is_damaged_is_told(db, tmp_path):
    path = tmp_path / "database.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    with pytest.raises(keys.BackupError, match="Baza danych w kopii jest uszkodzona"):
        databases.check_dump(path)


# What is kept, and what failed


def test_the_last_of_each_day_week_and_month_is_kept():
    noon = datetime(2026, 11, 30, 12)
    moments = [noon - timedelta(days=day, hours=hour) for day in range(120) for hour in (0, 3)]
    kept = {moment.strftime("%d.%m %H") for moment in making.kept_of(moments, (3, 3, 3))}
    days = {"30.11 12", "29.11 12", "28.11 12"}
    assert kept == days | {"22.11 12", "31.10 12", "30.09 12"}


def test_only_own_backups_older_than_two_days_are_deleted(db, place, settings):
    settings.BACKUP_KEEP = (1, 0, 0)
    now = timezone.localtime()
    old, same_day, last = (
        f"owes-{now - age:{making.STAMP}}.tar.age"
        for age in (timedelta(days=5), timedelta(minutes=9), timedelta(0))
    )
    # Of another installation that keeps its backups here, and what is no backup.
    others = ["owes-20200101-023000.tar.age", "owes-notatki.txt"]
    for name in (old, same_day, last, *others):
        (place / name).write_text("")
    for name in (old, same_day, last):
        Backup.objects.create(name=name, made_at=now)
    assert making.delete_superfluous(place) == [old]
    assert {path.name for path in place.glob("owes-*")} == {same_day, last, *others}


def test_a_backup_that_failed_is_on_record_and_leaves_nothing(db, place, key):
    (place / "kopie").write_text("to nie katalog")
    with pytest.raises(CommandError, match=r"Nie można zapisać kopii w .*: to nie jest katalog\."):
        call_command("backup", place / "kopie")
    [row] = Backup.objects.all()
    assert (row.trouble[:25], row.size) == ("Nie można zapisać kopii w", 0)
    assert list(program.VAR_DIR.iterdir()) == []


def test_a_work_told_to_end_leaves_nothing_unencrypted(place):
    def killed():
        with work.workplace() as folder:
            (folder / "plain.tar").write_text("dane osobowe")
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        killed()
    assert list(program.VAR_DIR.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_a_killed_work_left_is_deleted_by_a_later_one(place):
    killed, running = (program.VAR_DIR / f"{work.PREFIX}{name}" for name in "ab")
    for folder in (killed, running):
        folder.mkdir()
        (folder / "plain.tar").write_text("dane osobowe")
    os.utime(killed, (0, 0))
    with work.workplace():
        assert (killed.exists(), running.exists()) == (False, True)


def test_a_backup_is_not_restored_without_the_list_of_the_anonymised(db, place):
    shutil.rmtree(place / "media")
    with pytest.raises(keys.BackupError, match="podaj --without-tombstones"):
        restoring.restore(place / "x.tar", None)
    with pytest.raises(keys.BackupError, match="Nie można odczytać kopii"):
        restoring.restore(place / "x.tar", None, is_without_list=True)


def test_an_interrupted_restoring_says_what_to_do(db, place, monkeypatch):
    def interrupted(path, key, is_without_list):
        raise KeyboardInterrupt

    monkeypatch.setattr("owes.management.commands.restore.restore", interrupted)
    with pytest.raises(CommandError, match="opróżnij oba i zacznij od nowa"):
        call_command("restore", place / "x.tar")


def test_administrators_are_written_to_when_the_nightly_one_fails(db, place, settings):
    UserFactory(is_administrator=True, email="admin@example.org")
    UserFactory(is_administrator=True, is_active=False)
    nightly.back_up_and_tell()
    assert not Backup.objects.exists()  # none is asked for
    folder = place / "kopie"
    folder.write_text("to nie katalog")
    settings.BACKUP_DIR, settings.BACKUP_KEYS = folder, [keys.write_new_key(place / "a.key")]
    nightly.back_up_and_tell()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["admin@example.org"], "Kopia zapasowa się nie udała")
    assert str(place / "kopie") in letter.body


def test_the_nightly_one_keeps_as_many_as_are_asked_for(monkeypatch):
    monkeypatch.setenv("BACKUP_KEEP", "7,4,12")
    assert environment.numbers("BACKUP_KEEP", (1, 1, 1)) == (7, 4, 12)
    for wrong in ("7", "7,4,x", "7,-4,1"):
        monkeypatch.setenv("BACKUP_KEEP", wrong)
        with pytest.raises(SystemExit, match="podaj liczby po przecinku, na przykład 1,1,1"):
            environment.numbers("BACKUP_KEEP", (1, 1, 1))
