"""Where a backup is put together, and how what goes wrong with files and databases is said."""

import errno
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from django.conf import settings

from owes.backups.keys import BackupError

PREFIX = "backup-work-"
ABANDONED = 6 * 3600  # seconds; no backup takes so long
WORDS = {
    errno.ENOSPC: "brak miejsca na dysku",
    errno.EFBIG: "plik jest za duży dla tego dysku",
    errno.EACCES: "brak uprawnień",
    errno.EPERM: "brak uprawnień",
    errno.EROFS: "dysk jest tylko do odczytu",
    errno.EEXIST: "to nie jest katalog",
    errno.ENOTDIR: "to nie jest katalog",
    errno.EISDIR: "to katalog, a nie plik",
    errno.ENOENT: "nie ma takiego miejsca",
}


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder in VAR_DIR that is gone afterwards, also when the process is told to end.

    What a killed process left there before is deleted first: it is not encrypted.
    """
    sweep(Path(settings.VAR_DIR), f"{PREFIX}*")
    with _ended_by_exception(), TemporaryDirectory(dir=settings.VAR_DIR, prefix=PREFIX) as name:
        yield Path(name)


def sweep(folder: Path, pattern: str) -> None:
    """Deletes what has stood there since long before any work that still goes on."""
    for path in folder.glob(pattern):
        if path.stat().st_mtime < time.time() - ABANDONED:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _ended_by_exception() -> Iterator[None]:
    """SIGTERM ends the main thread as Ctrl-C does: through every `finally`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


@contextmanager
def in_words(act: str) -> Iterator[None]:
    """Turns an error of the disk into a `BackupError`: what was being done, where, and why not."""
    try:
        yield
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        words = WORDS.get(error.errno or 0, error.strerror or str(error))
        raise BackupError(f"{act}{where}: {words}.") from error
