"""Rows of history that carry the reason somebody gave for a whole change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from simple_history.models import HistoricalRecords

from owes.free_text import FreeCharField

LONGEST = 100  # the column of every history table

_given = ContextVar("reason of the change", default="")


@contextmanager
def explained_by(reason: str) -> Iterator[None]:
    """Gives the reason to each row of history written inside that has none of its own."""
    token = _given.set(reason)
    try:
        yield
    finally:
        _given.reset(token)


def given_reason() -> str:
    """The reason of the current change; empty when none was given."""
    return _given.get()


class History(HistoricalRecords):
    def get_change_reason_for_object(
        self, instance: Any, history_type: str, using: str | None
    ) -> str | None:
        own = super().get_change_reason_for_object(instance, history_type, using)
        return own or _given.get()[:LONGEST] or None

    def _get_history_change_reason_field(self) -> FreeCharField:
        return FreeCharField(max_length=LONGEST, null=True)
