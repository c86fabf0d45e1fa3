"""The list of whom was anonymised, which stands beside the backups and outlives them.

A backup made before an anonymisation holds the person whole; `restore` reads this list and
anonymises again, before anybody can sign in. It holds keys and moments, no personal data.
"""

import json
import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from owes.models import Tombstone
from owes.privacy.forgetting import forget, record_of

NAME = "owes-zanonimizowani.json"
logger = logging.getLogger(__name__)


def keep_list(folder: Path) -> None:
    """Adds to the list in the folder; what stands in it stays."""
    path = folder / NAME
    graves = read_list(folder) if path.exists() else []
    known = {(grave["model"], grave["record"], grave["made_at"]) for grave in graves}
    own = Tombstone.objects.filter(model__in=settings.ANONYMISED, is_anonymised=True)
    for grave in own.order_by("pk"):
        told = {"model": grave.model, "record": grave.record}
        made = {"made_at": grave.made_at.isoformat()}
        if (*told.values(), *made.values()) not in known:
            graves.append(told | {"began": _began(grave.model, grave.record)} | made)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(graves, indent=1), encoding="utf-8")
    os.replace(part, path)


def keep_list_of_now() -> None:
    """After an anonymisation; where the folder does not answer, the next backup does it."""
    if settings.BACKUP_DIR is None:
        return
    try:
        settings.BACKUP_DIR.mkdir(parents=True, exist_ok=True)
        keep_list(settings.BACKUP_DIR)
    except OSError as error:
        logger.warning("The list of the anonymised was not written: %s", error)


def read_list(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / NAME).read_text(encoding="utf-8"))


def forget_again(graves: list[dict[str, Any]]) -> int:
    """Anonymises those whom the database still knows; how many.

    A record of another installation may have the same key: it did not begin at the same moment.
    """
    done = 0
    for grave in graves:
        record = record_of(grave["model"], grave["record"])
        if record is None or _began(grave["model"], record.pk) != grave["began"]:
            continue
        own = Tombstone.objects.of_anonymised(record)
        if own.exists():
            continue
        forget(record)
        own.update(made_at=datetime.fromisoformat(grave["made_at"]))
        done += 1
    return done


def _began(label: str, key: int) -> str:
    """When a record was made, as both the restored database and that of now know it.

    History knows it of one that was merged into another too.
    """
    model = apps.get_model(label)
    if not hasattr(model, "history"):
        return model._base_manager.get(pk=key).date_joined.isoformat()
    rows = model.history.model.objects.filter(**{model._meta.pk.attname: key})
    return rows.earliest("history_id").history_date.isoformat()
