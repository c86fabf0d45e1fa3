"""Files that no row knows, and rows whose file is not there: found every night, never deleted."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models

from owes.formatting import plural
from owes.operating.letters import tell_administrators

YOUNG = 3600  # seconds; a file is written before its row
TOLD = "strays-told"
SUBJECT = "Pliki i zapisy, które się nie zgadzają"


@dataclass(frozen=True)
class Strays:
    """Paths below the folder of files, and rows as "evidence 7: evidence/2024/01/x.pdf"."""

    files: list[str]
    rows: list[str]

    @property
    def sentence(self) -> str:
        if not (self.files or self.rows):
            return "Każdy zapis ma swój plik, a każdy plik zapis."
        files = plural(len(self.files), "plik,pliki,plików")
        rows = plural(len(self.rows), "zapis,zapisy,zapisów")
        return f"Bez zapisu: {files}. Bez pliku: {rows}."


def find_strays() -> Strays:
    """One query a column of files; a former version of a record keeps its file too."""
    root = Path(settings.MEDIA_ROOT)
    rows, known = [], set()
    for model, column in _columns():
        for pk, name in model._base_manager.exclude(**{column: ""}).values_list("pk", column):
            known.add(name)
            if not (root / name).is_file():
                rows.append(f"{model._meta.model_name} {pk}: {name}")
        if hasattr(model, "history"):
            known.update(model.history.order_by().values_list(column, flat=True).distinct())
    return Strays(sorted(set(_old_files(root)) - known), sorted(rows))


def _columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field.name


def _old_files(root: Path) -> Iterator[str]:
    """What is being written is left alone; half a file of a killed process is a stray too."""
    before = time.time() - YOUNG
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield str(path.relative_to(root))


def sweep_and_tell() -> None:
    """Writes to the administrators, once of the same strays; names of files may name people."""
    strays = find_strays()
    found = f"{strays.files} {strays.rows}"
    if not (strays.files or strays.rows) or cache.get(TOLD) == found:
        return
    cache.set(TOLD, found, None)
    tell_administrators(SUBJECT, f"{strays.sentence}\n\nSpis: manage.py sweep_files")
