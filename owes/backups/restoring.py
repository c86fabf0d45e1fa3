"""Reads a backup: proves it, or puts it back into an empty place and proves what stands there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

from owes.backups.archive import MEDIA, Manifest, sum_of, unpack
from owes.backups.databases import check_dump, is_empty, load_dump, table_counts
from owes.backups.keys import BackupError, decrypt
from owes.backups.work import in_words, workplace
from owes.chain.verifying import differences
from owes.operating import absence
from owes.privacy.graves import NAME, forget_again, read_list

NO_LIST = (
    f"Obok kopii nie ma pliku {NAME}, który mówi, czyje dane usunięto już po jej zrobieniu. "
    "Skopiuj go z katalogu kopii; gdy go nie ma, podaj --without-tombstones."
)
NOT_THE_SAME = "Odtworzone dane nie są tymi z kopii: {}. Nie używaj ich."


def verify(path: Path, key: Path | None) -> Manifest:
    """Reads the whole file and compares it with its own manifest."""
    with _unpacked(path, key) as (_, manifest):
        return manifest


def restore(path: Path, key: Path | None, *, is_without_list: bool = False) -> Manifest:
    """Puts the database and the files into an empty place.

    Whom the list beside the backup names is anonymised again, and the numbers are compared once
    more.

    A backup of an older version of the program is brought up to this one by its migrations. What
    stands there then is compared with the manifest: rows, files, and the numbers of every day.
    """
    media = Path(settings.MEDIA_ROOT)
    if not is_empty():
        raise BackupError("W bazie są już konta, a kopię odtwarza się tylko do pustej bazy.")
    if media.exists() and any(media.iterdir()):
        raise BackupError(f"Katalog plików {media} nie jest pusty.")
    graves = [] if is_without_list else _graves(path.parent)
    with _unpacked(path, key) as (folder, manifest), in_words("Nie można zapisać"):
        _demand_known(manifest)
        # The database comes last, at once: an interrupted work leaves none that looks whole.
        if (folder / MEDIA).exists():
            copytree(folder / MEDIA, media, dirs_exist_ok=True)
        load_dump(folder / manifest.database)
        if table_counts() != manifest.tables:
            raise BackupError(NOT_THE_SAME.format("różni się liczba wierszy"))
    call_command("migrate", interactive=False, verbosity=0)
    absence.forget_life()
    _demand_equal(manifest, media)
    _demand_history()
    if forget_again(graves):
        _demand_numbers(manifest)
    return manifest


def _graves(folder: Path) -> list[dict[str, Any]]:
    if not (folder / NAME).exists():
        raise BackupError(NO_LIST)
    return read_list(folder)


def _demand_known(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BackupError(
            f"Kopia jest bazy {manifest.vendor}, a program używa {connection.vendor}."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    if any(tuple(each) not in known for each in manifest.migrations):
        raise BackupError("Kopię zrobiła nowsza wersja programu. Najpierw zaktualizuj program.")


def _demand_equal(manifest: Manifest, media: Path) -> None:
    for name, told in manifest.files.items():
        if sum_of(media / name) != told:
            raise BackupError(NOT_THE_SAME.format(f"plik {name}"))
    _demand_numbers(manifest)


def _demand_numbers(manifest: Manifest) -> None:
    if import_string(settings.BACKUP_NUMBERS)() != manifest.numbers:
        raise BackupError(NOT_THE_SAME.format("inaczej liczą się wskaźniki"))


def _demand_history() -> None:
    """The chain of history, which came with the database, proves every row of it."""
    if found := next(differences(), None):
        raise BackupError(NOT_THE_SAME.format(f"inna jest historia ({found})"))


@contextmanager
def _unpacked(path: Path, key: Path | None) -> Iterator[tuple[Path, Manifest]]:
    with workplace() as work:
        folder = work / "content"
        folder.mkdir()
        with in_words("Nie można odczytać kopii"):
            plain = _plain(path, key, work / "plain.tar")
            with plain.open("rb") as file:
                manifest = unpack(file, folder)
        check_dump(folder / manifest.database)
        yield folder, manifest


def _plain(path: Path, key: Path | None, target: Path) -> Path:
    """The file itself, or what it says when the key opens it."""
    with path.open("rb") as source:
        is_encrypted = source.read(len(AGE)) == AGE
        source.seek(0)
        if not is_encrypted:
            return path
        if key is None:
            raise BackupError("Kopia jest zaszyfrowana: podaj plik klucza po --key.")
        with target.open("wb") as plain:
            decrypt(source, plain, key)
    return target


AGE = b"age-encryption.org/"
