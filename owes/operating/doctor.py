"""What an installation lacks, part by part: for `manage.py doctor` and the administrator's page.

Nothing here is of people, and no value of a setting is told, only whether it is there.
"""

import platform
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import django
from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.mail import get_connection
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from kombu.exceptions import OperationalError

from owes.chain.models import ChainLink
from owes.formatting import badge, number, plural
from owes.operating import health, schema
from owes.pdf import APT_LINE, missing_libraries

EXAMPLE = "example.org"
OLDEST_POSTGRESQL = 14
MOST_NAMED = 5
CLOCKS_AGREE = 5  # seconds
OWN_STATIC = settings.BASE_DIR / "static"
SILENT = {"owes.W001"}  # told by a part of its own


class Level(Enum):
    """`WRONG` does not work or is not safe; `WATCH` works, and somebody should know."""

    WELL = ("ok", "check", "w porządku")
    WATCH = ("watch", "watch", "do sprawdzenia")
    WRONG = ("risk", "risk", "do naprawy")

    @property
    def words(self) -> str:
        return self.value[2]

    @property
    def badge(self) -> str:
        return badge(*self.value)

    @property
    def order(self) -> int:
        """The worst comes first."""
        return [Level.WRONG, Level.WATCH, Level.WELL].index(self)


@dataclass(frozen=True)
class Diagnosis:
    """One sentence on one part, and what to do about it."""

    part: str
    sentence: str
    level: Level = Level.WELL
    remedy: str = ""


def diagnoses() -> list[Diagnosis]:
    """Of every part, in one order; without the database the parts that ask it are left out."""
    found: list[Diagnosis] = []
    for part in (*OF_MACHINE, *OF_DATABASE):
        try:
            found += part()
        except (DatabaseError, InterfaceError):
            remedy = "Sprawdź DATABASE_URL i czy serwer bazy działa."
            return [*found, Diagnosis("Baza danych", "Nie odpowiada.", Level.WRONG, remedy)]
    return found


def _judged(part: str, sentence: str, is_well: bool, remedy: str) -> Diagnosis:
    """What is well needs no remedy."""
    if is_well:
        return Diagnosis(part, sentence)
    return Diagnosis(part, sentence, Level.WRONG, remedy)


def _versions() -> Iterator[Diagnosis]:
    sentence = f"Python {platform.python_version()}, Django {django.get_version()}."
    yield Diagnosis("Wersje", sentence)


# Settings that may stay empty, and what is lost then.
UNSET = [
    ("BACKUP_DIR", "Program nie robi kopii sam.", "Ustaw BACKUP_DIR (docs/kopie.md)."),
    ("BACKUP_KEYS", "Kopia nie powstanie: nie ma klucza.", "Ustaw BACKUP_KEYS (docs/kopie.md)."),
    (
        "SECRETS_KEYS",
        "Sekrety drugiego składnika chroni tylko SECRET_KEY.",
        "Ustaw SECRETS_KEYS (docs/bezpieczenstwo.md).",
    ),
    (
        "SECURITY_CONTACT",
        "Nie wiadomo, komu zgłosić dziurę: nie ma security.txt.",
        "Ustaw SECURITY_CONTACT.",
    ),
]


def _settings() -> Iterator[Diagnosis]:
    for name, lost, remedy in UNSET:
        if not getattr(settings, name):
            yield Diagnosis("Ustawienia", lost, Level.WATCH, remedy)
    if settings.DEMO or settings.DEBUG:
        mode = "OWES_DEMO" if settings.DEMO else "DEBUG"
        remedy = f"Na serwerze usuń {mode}."
        yield Diagnosis("Ustawienia", f"Program działa z {mode}.", Level.WATCH, remedy)
        return
    if any(EXAMPLE in name for name in [*settings.ALLOWED_HOSTS, settings.SITE_ADDRESS]):
        sentence = f"Została nazwa z przykładu: {EXAMPLE}."
        yield Diagnosis("Ustawienia", sentence, Level.WRONG, "Popraw ALLOWED_HOSTS i adresy.")
    if settings.SITE_ADDRESS.startswith("http://"):
        sentence = "Odnośniki w listach prowadzą pod adres bez https."
        yield Diagnosis("Ustawienia", sentence, Level.WRONG, "Ustaw SITE_ADDRESS.")
    for message in checks.run_checks(include_deployment_checks=True):
        if message.id not in SILENT:
            level = Level.WRONG if message.is_serious() else Level.WATCH
            words = " ".join(message.msg.split())
            yield Diagnosis("Ustawienia", f"{message.id}: {words}", level, message.hint or "")


def _static_files() -> Iterator[Diagnosis]:
    """Whether those of this version were collected; else every page fails."""
    names = [path.relative_to(OWN_STATIC).as_posix() for path in OWN_STATIC.rglob("*.*")]
    try:
        for name in names:
            staticfiles_storage.url(name)
    except ValueError:
        remedy = "Wykonaj manage.py collectstatic --noinput."
        yield Diagnosis("Pliki stron", "Brakuje plików tej wersji.", Level.WRONG, remedy)
    else:
        yield Diagnosis("Pliki stron", "Są wszystkie.")


def _letters() -> Iterator[Diagnosis]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        sentence = "Listy nie wychodzą: trafiają do pliku albo na ekran."
        yield Diagnosis("Poczta", sentence, Level.WATCH, "Ustaw EMAIL_URL=smtp+tls://...")
        return
    try:
        with get_connection():
            yield Diagnosis("Poczta", "Serwer poczty przyjmuje połączenie.")
    except (smtplib.SMTPException, OSError) as error:
        sentence = f"Serwer poczty nie przyjmuje połączenia ({type(error).__name__})."
        yield Diagnosis("Poczta", sentence, Level.WRONG, "Sprawdź EMAIL_URL.")


def _libraries() -> Iterator[Diagnosis]:
    if missing := missing_libraries():
        sentence = f"Dokumenty PDF nie powstaną, brakuje: {', '.join(missing)}."
        yield Diagnosis("Biblioteki PDF", sentence, Level.WRONG, APT_LINE)
    else:
        yield Diagnosis("Biblioteki PDF", "Są wszystkie.")


def _broker() -> Iterator[Diagnosis]:
    if not settings.REDIS_URL:
        yield Diagnosis("Kolejka", "Zlecenia idą przez pliki: dobre dla jednego serwera.")
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1)
    except (OperationalError, OSError):
        remedy = "Sprawdź REDIS_URL; zlecenia czekają w bazie."
        yield Diagnosis("Kolejka", "Redis nie odpowiada.", Level.WRONG, remedy)


def _disk() -> Iterator[Diagnosis]:
    part = health.disk()
    sentence = f"Wolne {number(part['free_mb'])} MB na najpełniejszym z dysków programu."
    yield _judged("Dysk", sentence, part["ok"], "Zwolnij miejsce.")


def _server() -> Iterator[Diagnosis]:
    if connection.vendor == "sqlite":
        sentence = "SQLite: dobra do prób i dla kilku osób."
        yield Diagnosis("Baza danych", sentence, Level.WATCH, "Dla ośrodka wybierz PostgreSQL.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), getdatabaseencoding()")
        version, encoding = cursor.fetchone()
    old = int(version.split(".")[0]) < OLDEST_POSTGRESQL
    remedy = f"Potrzebny jest PostgreSQL {OLDEST_POSTGRESQL} lub nowszy i baza UTF8."
    words = f"PostgreSQL {version}, {encoding}."
    yield _judged("Baza danych", words, encoding == "UTF8" and not old, remedy)


def _migrations() -> Iterator[Diagnosis]:
    missing = health.migrations()["missing"]
    if missing:
        sentence = f"Brakuje {plural(missing, 'migracji,migracji,migracji')}."
        yield Diagnosis("Migracje", sentence, Level.WRONG, "Wykonaj manage.py migrate.")
    else:
        yield Diagnosis("Migracje", "Zastosowano wszystkie.")


def _schema() -> Iterator[Diagnosis]:
    """Of indexes, constraints and triggers, by their names."""
    remedy = "Wykonaj manage.py migrate, a jeśli to nie pomoże, odtwórz bazę z kopii."
    for part, names in (
        ("Indeksy i warunki", schema.missing_constraints()),
        ("Wyzwalacze", schema.missing_triggers()),
    ):
        if names:
            told = ", ".join(names[:MOST_NAMED])
            sentence = f"Nie ma {number(len(names))}: {told}."
            yield Diagnosis(part, sentence, Level.WRONG, remedy)
        else:
            yield Diagnosis(part, "Są wszystkie.")


def _history() -> Iterator[Diagnosis]:
    """Whether the role of the program is refused what `history_grants` takes from it."""
    if connection.vendor == "sqlite":
        return  # it has no roles
    with connection.cursor() as cursor:
        table = ChainLink._meta.db_table
        cursor.execute("SELECT has_table_privilege(%s, 'DELETE')", [table])
        [may] = cursor.fetchone()
    if may:
        sentence = "Rola programu mogłaby wyłączyć to, co broni historii."
        remedy = "Daj programowi własną rolę: manage.py history_grants (docs/bezpieczenstwo.md)."
        yield Diagnosis("Prawa do historii", sentence, Level.WATCH, remedy)
    else:
        yield Diagnosis("Prawa do historii", "Rola programu nie może jej usunąć.")


def _clock() -> Iterator[Diagnosis]:
    now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" if connection.vendor == "sqlite" else "now()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({now} AS text)")
        [told] = cursor.fetchone()
    moment = parse_datetime(told)
    apart = abs(round((timezone.now() - moment).total_seconds())) if moment else 0
    sentence = f"Zegary programu i bazy różnią się o {number(apart)} s."
    yield _judged("Zegar", sentence, apart <= CLOCKS_AGREE, "Włącz synchronizację czasu (NTP).")


def _queue() -> Iterator[Diagnosis]:
    part = health.queue()
    sentence = f"Najdłużej czekające zlecenie: {number(part['oldest_s'])} s."
    yield _judged("Zlecenia", sentence, part["ok"], WORKERS)


WORKERS = "Uruchom procesy worker i beat."


def _worker() -> Iterator[Diagnosis]:
    part = health.worker()
    if part["ok"]:
        yield Diagnosis("Worker i beat", f"Działały {number(part['seen_s'])} s temu.")
    else:
        yield Diagnosis("Worker i beat", "Nie dają znaku życia.", Level.WRONG, WORKERS)


def _backup() -> Iterator[Diagnosis]:
    part: dict[str, Any] = health.backup()
    if not part.get("is_made_here", True):
        return  # told with the settings
    if part["age_h"] is None:
        words = "Nie ma żadnej dobrej."
    else:
        words = f"Ostatnia dobra ma {plural(part['age_h'], 'godzinę,godziny,godzin')}."
    yield _judged("Kopia zapasowa", words, part["ok"], "Zobacz docs/kopie.md.")


OF_MACHINE = [_versions, _settings, _static_files, _letters, _libraries, _broker, _disk]
OF_DATABASE = [_server, _migrations, _schema, _history, _clock, _queue, _worker, _backup]
