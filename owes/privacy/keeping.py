"""Why the data of people stay, asked of every app at once for any number of records."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Kept:
    """A reason in a sentence. Two people may decide against it, unless it `is_hold`."""

    sentence: str
    is_hold: bool = False


def kept_of(model: Any, keys: Collection[int], on: date) -> dict[int, list[Kept]]:
    """`{key: reasons}` of the records that stay on the day; the others are not in it.

    The number of queries does not grow with the records.
    """
    kept: dict[int, list[Kept]] = defaultdict(list)
    for name in settings.DATA_KEPT:
        for key, reason in import_string(name)(model, keys, on):
            kept[key].append(reason)
    return dict(kept)
