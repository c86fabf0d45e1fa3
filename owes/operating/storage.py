"""The storage of uploaded and made files: whole or not there at all."""

import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

UNFINISHED = ".unfinished"


class WholeFiles(FileSystemStorage):
    """Writes a file aside, on the same disk, and moves it to its name when all of it is there.

    A full disk or a killed process leaves neither half a file nor an empty folder under a name
    that a row may have.
    """

    def _save(self, name: str, content: File) -> str:
        aside = Path(self.location, UNFINISHED, uuid.uuid4().hex)
        try:
            _write(aside, content)
            with aside.open("rb") as whole:
                return super()._save(name, _Moved(whole, aside))  # type: ignore[misc]
        except OSError:
            _drop_empty_folders(Path(self.path(name)).parent, Path(self.location))
            raise
        finally:
            aside.unlink(missing_ok=True)
            _drop_empty_folders(aside.parent, Path(self.location))


class _Moved(File):
    """A file that Django moves instead of copying it."""

    def __init__(self, file: Any, path: Path) -> None:
        super().__init__(file)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


def _write(path: Path, content: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        for chunk in content.chunks():
            target.write(chunk.encode() if isinstance(chunk, str) else chunk)
        target.flush()
        os.fsync(target.fileno())


def _drop_empty_folders(folder: Path, root: Path) -> None:
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent
