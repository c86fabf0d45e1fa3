"""Encryption to a public key of age: the server writes backups that it cannot read.

The secret key is kept away from the server; without it no encrypted backup can be restored.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519

CUT = "Plik kopii jest ucięty albo uszkodzony."


class BackupError(Exception):
    """What went wrong with a backup, in a Polish sentence for the person who makes or reads it."""


def recipients(public_keys: Iterable[str]) -> list[x25519.Recipient]:
    """Of the lines `age1...`."""
    found = []
    for key in public_keys:
        try:
            found.append(x25519.Recipient.from_str(key))
        except pyrage.RecipientError as error:
            words = f"BACKUP_KEYS: „{key}” nie jest kluczem publicznym age (age1…)."
            raise BackupError(words) from error
    return found


def write_new_key(path: Path) -> str:
    """Makes a pair; the secret half goes to a file that only its owner reads.

    Returns the public half. An existing file is never overwritten (FileExistsError).
    """
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def read_key(path: Path) -> x25519.Identity:
    """The secret key of a file as `age-keygen` and `write_new_key` write it."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"Nie można odczytać pliku klucza {path}.") from error
    secret = next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
    try:
        return x25519.Identity.from_str(secret.strip())
    except pyrage.IdentityError as error:
        raise BackupError(f"W pliku {path} nie ma klucza „AGE-SECRET-KEY-…”.") from error


def encrypt(plain: BinaryIO, target: BinaryIO, public_keys: Iterable[str]) -> None:
    pyrage.encrypt_io(plain, target, recipients(public_keys))


class _Target:
    """What is written to, and the error of the disk that the library would hide."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.trouble: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            return self._file.write(content)
        except OSError as error:
            self.trouble = error
            raise

    def flush(self) -> None:
        self._file.flush()


def decrypt(source: BinaryIO, plain: BinaryIO, key: Path) -> None:
    identity, target = read_key(key), _Target(plain)
    try:
        pyrage.decrypt_io(source, target, [identity])
    except (pyrage.DecryptError, OSError) as error:
        if target.trouble:
            raise target.trouble from error
        if "No matching keys" in str(error):
            words = "Ten klucz nie otwiera tej kopii albo jej początek jest uszkodzony."
            raise BackupError(words) from error
        raise BackupError(CUT) from error
