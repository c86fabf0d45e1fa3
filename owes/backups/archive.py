"""The file of a backup: a tar of a database, of files, and of a manifest that proves them.

`manifest.json` is the last member, so a file that was cut has none. Of every other member it holds
the size and the SHA-256; of the database the rows of each table, the migrations, and the numbers
that the program counts from it.
"""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from owes.backups.keys import CUT, BackupError
from owes.formatting import moment, plural

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA = "media/"


@dataclass
class Manifest:
    """`members`: `{name: [bytes, SHA-256]}`; `numbers` as of the setting `BACKUP_NUMBERS`."""

    made_at: str
    vendor: str
    migrations: list[list[str]]
    tables: dict[str, int]
    numbers: dict[str, Any]
    members: dict[str, list] = field(default_factory=dict)
    format: int = FORMAT

    def __str__(self) -> str:
        """What is in it, for the person who proves or restores it."""
        rows = plural(sum(self.tables.values()), "wiersz,wiersze,wierszy")
        files = plural(len(self.files), "plik,pliki,plików")
        return f"{moment(datetime.fromisoformat(self.made_at))}: {rows} bazy, {files}"

    @property
    def database(self) -> str:
        """The name of the member that is the database."""
        return next(name for name in self.members if not name.startswith(MEDIA))

    @property
    def files(self) -> dict[str, list]:
        """The members that are uploaded and made files, by their path below MEDIA_ROOT."""
        return {
            name.removeprefix(MEDIA): told
            for name, told in self.members.items()
            if name.startswith(MEDIA)
        }


class Hashed:
    """A file being read, that remembers how much was read and what it sums up to."""

    def __init__(self, file: BinaryIO):
        self._file, self._sum, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._sum.update(content)
        self.size += len(content)
        return content

    @property
    def told(self) -> list:
        return [self.size, self._sum.hexdigest()]


def pack(target: BinaryIO, members: Iterable[tuple[str, Path]], manifest: Manifest) -> None:
    """Writes the members and then the manifest.

    A file deleted since it was listed is left out: no row of the database names it any more.
    """
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, path in members:
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = path.stat().st_size, 0o600
                hashed = Hashed(file)
                tar.addfile(entry, hashed)  # type: ignore[arg-type]
                manifest.members[name] = hashed.told
        content = json.dumps(asdict(manifest), ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))


def unpack(source: BinaryIO, folder: Path) -> Manifest:
    """Writes the members into the folder and compares each with the manifest."""
    found = {}
    try:
        with tarfile.open(fileobj=source, mode="r:") as tar:
            for entry in tar:
                found[entry.name] = _extract(tar, entry, folder)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(CUT) from error
    manifest = _manifest(folder / MANIFEST)
    del found[MANIFEST]
    if found.keys() != manifest.members.keys():
        raise BackupError(CUT)
    for name, told in manifest.members.items():
        if found[name] != told:
            raise BackupError(f"W kopii jest uszkodzony plik {name}.")
    return manifest


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> list:
    """Size and sum of the member; nothing is written outside the folder."""
    target = (folder / entry.name).resolve()
    if not entry.isreg() or not target.is_relative_to(folder.resolve()):
        raise BackupError(f"Kopia zawiera coś, co nie jest plikiem: {entry.name}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    hashed = Hashed(tar.extractfile(entry))  # type: ignore[arg-type]
    with target.open("wb") as file:
        shutil.copyfileobj(hashed, file)
    return hashed.told


def _manifest(path: Path) -> Manifest:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(CUT) from error
    if told.get("format") != FORMAT:
        raise BackupError("Kopię zrobiła nowsza wersja programu. Najpierw zaktualizuj program.")
    return Manifest(**told)


def sum_of(path: Path) -> list:
    with path.open("rb") as file:
        hashed = Hashed(file)
        while hashed.read(1024 * 1024):
            pass
    return hashed.told
