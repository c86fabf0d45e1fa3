"""Makes a backup, says how it went, and deletes those that need not be kept."""

import math
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.module_loading import import_string

from owes.backups.archive import MEDIA, Manifest, pack
from owes.backups.databases import dump, still, table_counts
from owes.backups.keys import BackupError, encrypt, recipients
from owes.backups.work import in_words, sweep, workplace
from owes.chain.sealing import seal
from owes.models import Backup
from owes.operating.storage import UNFINISHED
from owes.privacy.graves import keep_list

NAME = re.compile(r"owes-(\d{8}-\d{6})\.tar(\.age)?")
STAMP = "%Y%m%d-%H%M%S"
YOUNG = timedelta(days=2)


def make_backup(folder: Path, *, is_plain: bool = False) -> Backup:
    """Writes one file into the folder; its row says how it went, also when it did not.

    The folder may be another machine's: nothing that is not encrypted is written there, unless
    `is_plain` says so. Raises `BackupError`, after the row of the failure is kept.
    """
    began, moment = time.monotonic(), timezone.localtime()
    suffix = ".tar" if is_plain else ".tar.age"
    path = folder / f"owes-{moment:{STAMP}}{suffix}"
    row = Backup(made_at=moment, name=path.name, is_encrypted=not is_plain)
    try:
        with in_words("Nie można zapisać kopii w"):
            _write(path, moment, [] if is_plain else _public_keys())
            row.size = path.stat().st_size
    except BackupError as error:
        row.trouble = str(error)
        raise
    except DatabaseError as error:
        row.trouble = f"Baza danych nie odpowiada albo nie jest gotowa: {error}."
        raise BackupError(row.trouble) from error
    finally:
        row.seconds = math.ceil(time.monotonic() - began)
        # Where the database does not answer, what was raised says it.
        with suppress(DatabaseError):
            row.save()
    return row


def _public_keys() -> list[str]:
    if not settings.BACKUP_KEYS:
        raise BackupError(
            "Brak klucza, którym szyfruje się kopię: ustaw BACKUP_KEYS (manage.py new_backup_key)."
        )
    recipients(settings.BACKUP_KEYS)  # a wrong one is told before the work
    return settings.BACKUP_KEYS


def _write(path: Path, moment: datetime, public_keys: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent, "owes-*.part")
    seal()  # what the backup holds is proved by the chain it carries
    with workplace() as work:
        plain = work / "plain.tar"
        with still() as snapshot:
            manifest = _manifest(moment)
            database = dump(work, snapshot)
        with plain.open("wb") as file:
            pack(file, [(database.name, database), *_files()], manifest)
        _seal(plain, path, public_keys)
    keep_list(path.parent)


def _seal(plain: Path, path: Path, public_keys: list[str]) -> None:
    """The whole file appears at once, readable by its owner alone."""
    part = path.with_name(f"{path.name}.part")
    try:
        with plain.open("rb") as source, open(part, "wb", opener=_private) as target:
            if public_keys:
                encrypt(source, target, public_keys)
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
    """`(name, path)` of all that was uploaded or made; not of what is being written."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.parent != root / UNFINISHED:
            yield f"{MEDIA}{path.relative_to(root)}", path


def delete_superfluous(folder: Path) -> list[str]:
    """Deletes old files that `BACKUP_KEEP` does not keep; returns their names.

    Only those that this installation made and that are older than two days: whoever makes one
    more backup after a mistake keeps the one from before it.
    """
    own = set(Backup.objects.good().values_list("name", flat=True))
    made = {}
    for path in folder.iterdir():
        if path.name in own and (found := NAME.fullmatch(path.name)):
            made[datetime.strptime(found[1], STAMP)] = path
    young = timezone.localtime().replace(tzinfo=None) - YOUNG
    kept = set(kept_of(made, settings.BACKUP_KEEP))
    superfluous = {moment for moment in made.keys() - kept if moment < young}
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
