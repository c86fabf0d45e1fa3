"""An earlier state of a record, with which its own form opens: `?restore=` is a row of history.

Nothing is saved until somebody looks the form over and saves it, so a restoring is judged,
rehearsed and given a reason as any change is.
"""

from typing import Any

from django.http import HttpRequest

from owes.formatting import moment
from owes.history import LONGEST
from owes.versions import fields_of

ASKED = "restore"


class EarlierState:
    """What the address asks for; `row` is the row of history, None where there is none."""

    def __init__(self, request: HttpRequest) -> None:
        self.asked = request.GET.get(ASKED, "")
        self.is_sent = request.method == "POST"
        self.row: Any = None

    def fill(self, record: Any, typed_reason: str) -> None:
        """Gives the record the values of then, or on saving the reason that says so."""
        if not (record.pk and self.asked.isdecimal() and len(self.asked) < 10):
            return
        rows = record.history.exclude(history_type="-").select_related("history_user")
        self.row = rows.filter(history_id=self.asked).first()
        if self.row is None:
            return
        if self.is_sent:
            told = f"przywrócono stan z {moment(self.row.history_date)}"
            record._change_reason = ": ".join(filter(None, (told, typed_reason)))[:LONGEST]
            return
        for field in fields_of(type(record)):
            value = getattr(self.row, field.attname)
            if not field.is_relation or _is_there(field, value):
                setattr(record, field.attname, value)


def _is_there(field: Any, key: Any) -> bool:
    """Whether what a field led to may still be led to."""
    return key is None or field.related_model._base_manager.filter(pk=key).exists()
