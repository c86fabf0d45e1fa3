"""All that is kept about a person, table by table, for the person who asks (art. 15 and 20).

Tables are found by their keys, so a new one is never left out; history is told too.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from simple_history.models import HistoricalChanges

from owes.formatting import day, moment
from owes.privacy.inventory import FILLED

# Columns that libraries name in English.
LABELS = {
    "id": "numer wiersza",
    "history_id": "numer zmiany",
    "history_date": "kiedy zmieniono",
    "history_type": "co zrobiono",
    "history_change_reason": "powód zmiany",
    "history_user": "kto zmienił",
}


@dataclass(frozen=True)
class AccessTable:
    """A table, and what each of its rows says of the person: pairs of a label and a value."""

    name: str
    rows: list[list[tuple[str, str]]]

    def as_json(self) -> dict[str, Any]:
        return {"tabela": self.name, "zapisy": [dict(row) for row in self.rows]}


def tables_about(model: Any, keys: Collection[int]) -> list[AccessTable]:
    """The rows of the keys and all rows that point at them; empty tables are left out."""
    found = []
    for table, condition in _tables(model, keys):
        columns = [column for column in table._meta.concrete_fields if column.name not in FILLED]
        related = [column.name for column in columns if column.is_relation]
        rows = table._base_manager.filter(condition).order_by("pk").select_related(*related)
        told = [[_told(row, column) for column in columns] for row in rows]
        if told:
            is_history = issubclass(table, HistoricalChanges)
            source = table.instance_type if is_history else table
            name = f"{source._meta.verbose_name_plural}{': historia zmian' * is_history}"
            found.append(AccessTable(name, told))
    return found


def _tables(model: Any, keys: Collection[int]) -> Iterator[tuple[Any, Q]]:
    yield model, Q(pk__in=keys)
    yield model.history.model, Q(**{f"{model._meta.pk.attname}__in": keys})
    for table in apps.get_models():
        condition = Q()
        for column in table._meta.concrete_fields:
            if column.is_relation and column.related_model is model:
                condition |= Q(**{f"{column.name}__in": keys})
        if condition:
            yield table, condition


def _told(row: Any, column: Any) -> tuple[str, str]:
    value = getattr(row, column.name)
    if column.choices:
        value = getattr(row, f"get_{column.name}_display")()
    elif column.get_internal_type() == "DateTimeField":
        value = moment(value)
    elif column.get_internal_type() == "DateField":
        value = day(value)
    label = LABELS.get(column.name, str(column.verbose_name))
    return label, "" if value is None else str(value)
