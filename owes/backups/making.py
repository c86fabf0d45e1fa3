"""Makes a backup, says how it went, and deletes those that need not be kept."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.module_loading import import_string

from owes.backups.archive import MEDIA, Manifest, pack
from owes.backups.databases import dump, still, table_counts
from owes.backups.keys import BackupError, encrypt, recipients
from owes.models import Backup

NAME = re.compile(r"owes-(\d{8}-\d{6})\.tar(\.age)?")
STAMP = "%Y%m%d-%H%M%S"


def make_backup(folder: Path) -> Backup:
    """Writes one file into the folder; its row says how it went, also when it did not.

    The folder may be another machine's: nothing that is not encrypted is ever written there when
    a key is set. Raises `BackupError` after the row of the failure is kept.
    """
    began, moment = time.monotonic(), timezone.localtime()
    suffix = ".tar.age" if settings.BACKUP_KEYS else ".tar"
    path = folder / f"owes-{moment:{STAMP}}{suffix}"
    row = Backup(made_at=moment, name=path.name, is_encrypted=bool(settings.BACKUP_KEYS))
    try:
        _write(path, moment)
        row.size = path.stat().st_size
    except (BackupError, OSError) as error:
        row.trouble = sentence_of(error)
        raise BackupError(row.trouble) from error
    finally:
        row.seconds = round(time.monotonic() - began)
        row.save()
    return row


def sentence_of(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"Nie można zapisać kopii: {error.strerror or error}."
    return str(error)


def _write(path: Path, moment: datetime) -> None:
    recipients(settings.BACKUP_KEYS)  # a wrong key is told before the work
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.VAR_DIR, prefix="backup-") as work:
        plain = Path(work) / "plain.tar"
        with still() as snapshot:
            manifest = _manifest(moment)
            database = dump(Path(work), snapshot)
        with plain.open("wb") as file:
            pack(file, [(database.name, database), *_files()], manifest)
        _seal(plain, path)


def _seal(plain: Path, path: Path) -> None:
    """The whole file appears at once, readable by its owner alone."""
    part = path.with_name(f"{path.name}.part")
    try:
        with plain.open("rb") as source, open(part, "wb", opener=_private) as target:
            if settings.BACKUP_KEYS:
                encrypt(source, target, settings.BACKUP_KEYS)
            else:
                shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _manifest(moment: datetime) -> Manifest:
    return Manifest(
        made_at=moment.isoformat(timespec="seconds"),
        vendor=connection.vendor,
        migrations=sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        tables=table_counts(),
        numbers=import_string(settings.BACKUP_NUMBERS)(),
    )


def _files() -> Iterator[tuple[str, Path]]:
    """`(name, path)` of all that was uploaded or made."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield f"{MEDIA}{path.relative_to(root)}", path


def delete_superfluous(folder: Path) -> list[str]:
    """Deletes the files that `kept_of` does not keep; returns their names."""
    made = {}
    for path in folder.iterdir():
        if found := NAME.fullmatch(path.name):
            made[datetime.strptime(found[1], STAMP)] = path
    superfluous = made.keys() - set(kept_of(made, settings.BACKUP_KEEP))
    for moment in superfluous:
        made[moment].unlink()
    return sorted(made[moment].name for moment in superfluous)


def kept_of(moments: Iterable[datetime], keep: Sequence[int]) -> Iterator[datetime]:
    """The last backup of each of the last days, weeks and months that have one.

    `keep`: how many days, weeks and months.
    """
    newest_first = sorted(moments, reverse=True)
    for number, part_of in zip(keep, PARTS, strict=True):
        last_of: dict[object, datetime] = {}
        for moment in newest_first:
            last_of.setdefault(part_of(moment.date()), moment)
        yield from list(last_of.values())[:number]


PARTS: list[Callable[[date], object]] = [
    lambda day: day,
    lambda day: day.isocalendar()[:2],
    lambda day: (day.year, day.month),
]
