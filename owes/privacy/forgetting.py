"""Takes the personal data of one record out of the whole database, for good.

Each app empties what it keeps of the record (`settings.FORGETTERS`); then the texts of all tables,
history among them, and files (`settings.REDACTORS`) lose the names and the contacts. The record,
its code and all that counts stay. Every record whose history is written anew gets a tombstone:
without one the database refuses.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.module_loading import import_string

from owes.free_text import withheld
from owes.models import Tombstone
from owes.privacy.leftovers import drop_drafts
from owes.privacy.redaction import Redaction
from owes.privacy.texts import redact_texts


@dataclass
class Forgetting:
    """What is known of one anonymisation while it goes on.

    `names`, `contacts`, `codes` and birthdays (`days`) are all that the record ever had; `files`
    are deleted at its end.
    """

    record: Any
    label: str = ""
    names: set[tuple[str, str]] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    files: list[Any] = field(default_factory=list)

    def bury(self, model: Any, keys: Collection[int]) -> None:
        """Lets the history of the records be written anew."""
        label = model._meta.label_lower
        graves = [Tombstone(model=label, record=key) for key in keys]
        Tombstone.objects.bulk_create(graves, ignore_conflicts=True)

    def rewrite(self, model: Any, keys: Collection[int], **values: Any) -> None:
        """Gives columns of the records, and of all rows of their history, these values.

        The records are anonymised then: it happens again after a restore.
        """
        self.bury(model, keys)
        graves = Tombstone.objects.filter(model=model._meta.label_lower, record__in=keys)
        graves.update(is_anonymised=True)
        model._base_manager.filter(pk__in=keys).update(**values)
        if hasattr(model, "history"):
            History = model.history.model
            kept = {name: own for name, own in values.items() if name in _names_of(History)}
            own = History.objects.filter(**{f"{model._meta.pk.name}__in": keys})
            own.update(**kept)


def _names_of(model: Any) -> set[str]:
    return {column.name for column in model._meta.concrete_fields}


@transaction.atomic
def forget(record: Model) -> None:
    """Anonymises a record of one of the `settings.ANONYMISED` models."""
    forgetting = Forgetting(record)
    with withheld(False):
        for name in settings.FORGETTERS:
            import_string(name)(forgetting)
        others = {pair for name in settings.ALL_NAMES for pair in import_string(name)()}
        redaction = Redaction(forgetting.names, forgetting.contacts, others, forgetting.label)
        redact_texts(redaction, forgetting.bury)
        for name in settings.REDACTORS:
            import_string(name)(forgetting, redaction)
        drop_drafts(redaction)
    transaction.on_commit(lambda: _delete(forgetting.files))


def _delete(files: list[Any]) -> None:
    for storage, name in dict.fromkeys(files):
        storage.delete(name)


def record_of(model: str, key: int) -> Any:
    """The record of a tombstone or a proposal; None where it is gone or is of no such model."""
    if model not in settings.ANONYMISED:
        return None
    return apps.get_model(model)._base_manager.filter(pk=key).first()
