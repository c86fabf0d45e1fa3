import socket
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from entities.models import Entity
from owes import jobs
from owes.models import Job
from owes.operating import schema
from owes.operating.doctor import Level, diagnoses

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def told(settings, monkeypatch):
    """Sentences of a part that are not well, in production unless a test says otherwise."""
    settings.SITE_ADDRESS = "https://owes.test"
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # of tests in a browser

    def ask(part):
        return [
            each.sentence
            for each in diagnoses()
            if each.part == part and each.level is not Level.WELL
        ]

    return ask


def test_each_part_is_told_once_at_least_and_in_order():
    jobs.requeue_stale()
    parts = list(dict.fromkeys(each.part for each in diagnoses()))
    assert parts == [
        "Wersje",
        "Ustawienia",
        "Pliki stron",
        "Poczta",
        "Biblioteki PDF",
        "Kolejka",
        "Dysk",
        "Baza danych",
        "Migracje",
        "Indeksy i warunki",
        "Wyzwalacze",
        *["Prawa do historii"] * (connection.vendor == "postgresql"),
        "Zegar",
        "Zlecenia",
        "Worker i beat",
    ]


def test_a_database_of_this_code_lacks_nothing():
    assert (schema.missing_constraints(), schema.missing_triggers()) == ([], [])


def test_a_dropped_index_and_a_dropped_trigger_are_named(told):
    index, trigger = Entity._meta.indexes[0].name, "owes_look_kept_on_update"
    on_table = " ON owes_look" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX "{index}"')
        cursor.execute(f'DROP TRIGGER "{trigger}"{on_table}')
    assert told("Indeksy i warunki") == [f"Nie ma 1: {index}."]
    assert told("Wyzwalacze") == [f"Nie ma 1: {trigger}."]


@pytest.mark.postgres
def test_a_role_that_could_change_history_is_told(told):
    assert told("Prawa do historii") == ["Rola programu mogłaby wyłączyć to, co broni historii."]
    role = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f'REVOKE DELETE ON owes_chainlink FROM "{role}"')
    assert told("Prawa do historii") == []


@pytest.mark.postgres
def test_a_trigger_switched_off_is_not_there(told):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE owes_look DISABLE TRIGGER owes_look_kept_on_update")
    assert told("Wyzwalacze") == ["Nie ma 1: owes_look_kept_on_update."]


def test_settings_left_empty_are_told_by_what_is_lost(told, settings, tmp_path):
    settings.BACKUP_DIR, settings.BACKUP_KEYS = tmp_path, ["age1"]
    settings.SECRETS_KEYS, settings.SECURITY_CONTACT = ["x"], "mailto:a@example.org"
    settings.SECRET_KEY = "".join(map(chr, range(48, 112)))
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD, settings.SECURE_HSTS_SECONDS = True, 3600
    assert told("Ustawienia") == []
    settings.BACKUP_KEYS, settings.SITE_ADDRESS = [], "http://localhost:8000"
    assert told("Ustawienia") == [
        "Kopia nie powstanie: nie ma klucza.",
        "Odnośniki w listach prowadzą pod adres bez https.",
    ]
    settings.DEBUG = True
    assert told("Ustawienia") == ["Kopia nie powstanie: nie ma klucza.", "Program działa z DEBUG."]


def test_a_name_left_from_the_example_is_told(told, settings):
    settings.ALLOWED_HOSTS = ["owes.example.org"]
    assert "Została nazwa z przykładu: example.org." in told("Ustawienia")


def test_pages_whose_files_were_not_collected_are_told(told, settings, tmp_path):
    assert told("Pliki stron") == []
    of_production = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": of_production}}
    assert told("Pliki stron") == ["Brakuje plików tej wersji."]


def test_letters_that_go_nowhere_are_told(told, settings):
    assert told("Poczta") == ["Listy nie wychodzą: trafiają do pliku albo na ekran."]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
        refused = "Serwer poczty nie przyjmuje połączenia (ConnectionRefusedError)."
        assert told("Poczta") == [refused]


def test_workers_that_are_silent_are_told(told, time_machine):
    time_machine.move_to(datetime(2026, 1, 5, 12, tzinfo=UTC), tick=False)
    assert told("Worker i beat") == ["Nie dają znaku życia."]
    jobs.requeue_stale()
    time_machine.shift(timedelta(minutes=3))
    assert told("Worker i beat") == []
    time_machine.shift(timedelta(seconds=1))
    assert told("Worker i beat") == ["Nie dają znaku życia."]


def test_work_that_nobody_does_is_told(told):
    Job.objects.create(key="1")
    assert told("Zlecenia") == []
    Job.objects.update(created_at=datetime(2026, 1, 5, tzinfo=UTC))
    [sentence] = told("Zlecenia")
    assert sentence.startswith("Najdłużej czekające zlecenie: ")


def test_clocks_that_differ_are_told(told, time_machine):
    assert told("Zegar") == []
    time_machine.move_to(datetime.now(UTC) + timedelta(seconds=60), tick=False)
    [sentence] = told("Zegar")
    assert sentence in {f"Zegary programu i bazy różnią się o {apart} s." for apart in (59, 60)}


def test_a_database_that_is_gone_is_the_last_that_is_told(monkeypatch):
    def refuse():
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", refuse)
        last = diagnoses()[-1]
    assert (last.part, last.sentence, last.level) == ("Baza danych", "Nie odpowiada.", Level.WRONG)


def test_the_command_ends_with_1_when_something_is_wrong(settings):
    def doctor():
        out = StringIO()
        try:
            call_command("doctor", stdout=out)
        except SystemExit as end:
            return end.code, out.getvalue()
        return 0, out.getvalue()

    settings.DEBUG = True
    code, lines = doctor()
    assert code == 1
    silence = "[do naprawy] Worker i beat: Nie dają znaku życia.\n"
    assert f"{silence}    Uruchom procesy worker i beat.\n" in lines
    jobs.requeue_stale()
    assert doctor()[0] == 0
