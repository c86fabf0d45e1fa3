"""Reads the environment for the settings; what is missing or wrong stops the start.

The person who starts the program gets the variable's name and a sentence, not a traceback.
"""

import os
import platform
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

SECRET_KEY_LENGTH = 50
TOKEN_LENGTH = 20


def stop(name: str, sentence: str) -> NoReturn:
    raise SystemExit(f"{name}: {sentence}")


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        stop(name, "podaj 1 (tak) albo 0 (nie).")
    return value in {"1", "true", "yes", "on"} if value else default


def count(name: str) -> int:
    """A number from 0 to 9; "yes" is one, as it was while there could be but one."""
    value = os.environ.get(name, "").strip().lower()
    words = {"": 0, "false": 0, "no": 0, "off": 0, "true": 1, "yes": 1, "on": 1}
    if value in words:
        return words[value]
    if len(value) != 1 or value not in "0123456789":
        stop(name, "podaj liczbę od 0 do 9.")
    return int(value)


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):
        stop(name, f"podaj liczbę całkowitą, na przykład {default}.")
    return int(value)


def names(name: str, default: Iterable[str] = ()) -> list[str]:
    """Values parted by commas."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()] or [
        *default
    ]


def folder(name: str, default: Path) -> Path:
    path = Path(os.environ.get(name) or default)
    if not path.is_absolute():
        stop(name, "podaj pełną ścieżkę katalogu, od ukośnika.")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(name, f"nie można utworzyć katalogu {path} ({error.strerror}).")
    return path


def optional_folder(name: str) -> Path | None:
    """An absolute path, or None; whether the folder can be written to is told when it is used."""
    path = Path(os.environ.get(name) or "/")
    if not path.is_absolute():
        stop(name, "podaj pełną ścieżkę katalogu, od ukośnika.")
    return path if os.environ.get(name) else None


def numbers(name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    """As many whole numbers from 0 up, parted by commas, as the default has."""
    parts = names(name, map(str, default))
    if len(parts) != len(default) or not all(part.isdecimal() for part in parts):
        example = ",".join(map(str, default))
        stop(name, f"podaj liczby po przecinku, na przykład {example}.")
    return tuple(map(int, parts))


def secret_key(demo_file: Path | None) -> str:
    """The key of SECRET_KEY, or, for the demo only, one made once and kept in its file."""
    key = os.environ.get("SECRET_KEY", "")
    if not key and demo_file is not None:
        if not demo_file.exists():
            demo_file.touch(mode=0o600)
            demo_file.write_text(secrets.token_urlsafe(SECRET_KEY_LENGTH), encoding="ascii")
        key = demo_file.read_text(encoding="ascii").strip()
    if not key:
        stop("SECRET_KEY", "brak wartości. Podaj tajny klucz: 50 losowych znaków lub więcej.")
    if len(key) < SECRET_KEY_LENGTH:
        stop("SECRET_KEY", "klucz jest za krótki. Podaj 50 losowych znaków lub więcej.")
    return key


def fernet_keys(name: str) -> list[str]:
    keys = names(name)
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            stop(
                name, "klucz ma mieć 32 bajty zapisane w base64; tworzy go docs/bezpieczenstwo.md."
            )
    return keys


def token(name: str) -> str:
    """A secret that a program shows; empty where nobody may."""
    value = os.environ.get(name, "").strip()
    if value and len(value) < TOKEN_LENGTH:
        stop(name, f"podaj {TOKEN_LENGTH} losowych znaków lub więcej.")
    return value


def metrics_folder(var: Path) -> Path:
    """Where the processes of this machine count for Prometheus, whose library reads the variable.

    It must stand before the library is imported.
    """
    path = var / "metrics" / platform.node()
    path.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(path)
    return path


def contact(name: str) -> str:
    """An address of the web or of letters, as security.txt writes it."""
    value = os.environ.get(name, "").strip()
    if not value or re.fullmatch(r"(https://|mailto:)\S+", value):
        return value
    if not re.fullmatch(r"[^\s:@]+@[^\s:@]+", value):
        stop(name, "podaj adres e-mail albo https://...")
    return f"mailto:{value}"


def database(name: str, default: str) -> dict[str, Any]:
    url = os.environ.get(name) or default
    if urlsplit(url).scheme not in {"sqlite", "postgres", "postgresql"}:
        stop(name, "podaj adres bazy: sqlite:////ścieżka/plik albo postgres://...")
    try:
        config = env.db_url_config(url)
    except (ImproperlyConfigured, ValueError):
        config = {}
    if not config.get("NAME"):
        stop(name, "w adresie bazy brakuje jej nazwy albo jest błąd.")
    return config


def redis_url(name: str) -> str:
    url = os.environ.get(name, "")
    if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        stop(name, "podaj adres redis://... albo zostaw puste (kolejka w plikach).")
    return url


def email(name: str, default: str) -> dict[str, Any]:
    """Letters to files go to the folder of the address, which is from the root."""
    try:
        config = env.email_url_config(os.environ.get(name) or default)
        if path := config.get("EMAIL_FILE_PATH"):
            config["EMAIL_FILE_PATH"] = f"/{path.lstrip('/')}"
        return config
    except (ImproperlyConfigured, ValueError):
        return stop(name, "podaj adres smtp+tls://..., filemail:///katalog albo consolemail://.")
