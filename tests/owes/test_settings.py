import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from owes import environment

KEY = "k" * 50


def start(tmp_path, **environment):
    """What `manage.py check` says in an environment of only these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "SECRET_KEY: brak wartości."),
        ({"SECRET_KEY": "krotki"}, "SECRET_KEY: klucz jest za krótki."),
        ({"SECRET_KEY": KEY, "DEBUG": "moze"}, "DEBUG: podaj 1 (tak) albo 0 (nie)."),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "mysql://a/b"}, "DATABASE_URL: podaj adres bazy"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "postgres://host"}, "DATABASE_URL: w adresie bazy"),
        ({"SECRET_KEY": KEY, "REDIS_URL": "http://a"}, "REDIS_URL: podaj adres redis://"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "poczta"}, "EMAIL_URL: podaj adres smtp"),
        ({"SECRET_KEY": KEY, "BEHIND_PROXY": "dwa"}, "BEHIND_PROXY: podaj liczbę"),
        (
            {"SECRET_KEY": KEY, "JOB_LOCK_TIMEOUT": "5 s"},
            "JOB_LOCK_TIMEOUT: podaj liczbę",
        ),
        ({"SECRET_KEY": KEY, "SECRETS_KEYS": "abc"}, "SECRETS_KEYS: klucz ma mieć 32 bajty"),
        ({"SECRET_KEY": KEY, "VAR_DIR": "var"}, "VAR_DIR: podaj pełną ścieżkę"),
        ({"SECRET_KEY": KEY, "VAR_DIR": "/proc/owes"}, "VAR_DIR: nie można utworzyć katalogu"),
    ],
)
def test_wrong_environment_stops_the_start_with_name_and_sentence(tmp_path, variables, sentence):
    result = start(tmp_path, **variables)
    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("address", ["filemail:///srv/listy", "filemail:////srv/listy"])
def test_letters_to_files_go_to_the_folder_that_was_named(monkeypatch, address):
    monkeypatch.setenv("EMAIL_URL", address)
    assert environment.email("EMAIL_URL", "")["EMAIL_FILE_PATH"] == "/srv/listy"


@pytest.mark.parametrize(
    ("value", "proxies"), [("", 0), ("0", 0), ("1", 1), ("yes", 1), ("2", 2), ("no", 0)]
)
def test_proxies_are_counted(monkeypatch, value, proxies):
    monkeypatch.setenv("BEHIND_PROXY", value)
    assert environment.count("BEHIND_PROXY") == proxies


def test_demo_makes_its_key_once(tmp_path):
    keys = set()
    for _ in range(2):
        assert start(tmp_path, OWES_DEMO="1").returncode == 0
        keys.add((tmp_path / "secret_key").read_text())
    assert len(keys) == 1
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_production_is_clean_for_django(tmp_path):
    """`check --deploy` on nothing but a key and a host."""
    environment = {"SECRET_KEY": "Zq9-" + "a1B2c3D4" * 8, "ALLOWED_HOSTS": "owes.example.org"}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, "no issues" in result.stdout) == (0, True), result.stderr


LIMITS = "from django.conf import settings as s; print(s.STATEMENT_TIMEOUT, s.LOCK_TIMEOUT)"


@pytest.mark.parametrize(
    ("process", "variables", "limits"),
    [
        ("import django", {}, "900 60"),
        ("import owes.wsgi", {}, "20 5"),
        ("import owes.wsgi", {"STATEMENT_TIMEOUT": "0", "LOCK_TIMEOUT": "7"}, "0 7"),
        ("import django", {"JOB_STATEMENT_TIMEOUT": "60", "JOB_LOCK_TIMEOUT": "0"}, "60 0"),
    ],
)
def test_pages_have_less_time_than_jobs_and_commands(tmp_path, process, variables, limits):
    told = {"DJANGO_SETTINGS_MODULE": "owes.settings", "SECRET_KEY": KEY} | variables
    result = subprocess.run(
        [sys.executable, "-c", f"{process}; {LIMITS}"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | told,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == limits


@pytest.mark.postgres
@pytest.mark.usefixtures("db")
def test_postgresql_is_told_how_long_it_may_work():
    with connection.cursor() as rows:
        rows.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        assert rows.fetchone() == ("15min", "1min")
