"""All columns of texts in which somebody may be named, and their rewriting."""

import json
from collections.abc import Callable, Collection, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from simple_history.models import HistoricalChanges

from owes.models import Searchable
from owes.privacy.inventory import FILLED, OF_HISTORY, columns_of
from owes.privacy.redaction import Redaction

# Purposes whose columns are texts that may name anybody. Names of others are in the rest.
TEXTS = {"teksty", "dokumenty", "raporty", "robocze"}


def redact_texts(redaction: Redaction, bury: Callable[[Any, Collection[int]], None]) -> None:
    """Rewrites every text that names the person; few rows are read, by the first letters."""
    starts = redaction.beginnings()
    if not starts:
        return
    for model, columns in text_columns():
        for row in list(_rows_with(model, columns, starts)):
            changed = _changed(row, columns, redaction)
            if changed:
                _keep(row, changed, bury)


def text_columns() -> Iterator[tuple[Any, list[Any]]]:
    """`(model, columns)` of every table and every history that has such columns."""
    for model in apps.get_models():
        is_history = issubclass(model, HistoricalChanges)
        source = getattr(model, "instance_type", model)
        purposes = columns_of(source) | (OF_HISTORY if is_history else {})
        columns = [
            column
            for column in model._meta.concrete_fields
            if purposes.get(column.name) in TEXTS
            and column.name not in FILLED
            and isinstance(column, models.CharField | models.TextField | models.JSONField)
            and not column.choices
        ]
        if columns:
            yield model, columns


def _rows_with(model: Any, columns: list[Any], starts: set[str]) -> Any:
    conditions = []
    rows = model._base_manager.order_by("pk")
    for column in columns:
        name = f"{column.name}_as_text"
        rows = rows.annotate(**{name: Cast(column.name, models.TextField())})
        for start in starts:
            spelt = {start, start.lower(), start.upper(), start.capitalize()}
            if isinstance(column, models.JSONField):
                spelt |= {json.dumps(each)[1:-1] for each in spelt}
            conditions += [Q(**{f"{name}__contains": each}) for each in spelt]
    return rows.filter(reduce(or_, conditions))


def _changed(row: Any, columns: list[Any], redaction: Redaction) -> dict[str, Any]:
    changed = {}
    for column in columns:
        value = getattr(row, column.attname)
        became = redaction.value(value)
        if became != value:
            is_cut = isinstance(became, str) and column.max_length
            changed[column.attname] = became[: column.max_length] if is_cut else became
    return changed


def _keep(row: Any, changed: dict[str, Any], bury: Callable) -> None:
    """Past `save`: what is closed, reported or history stays what it is but for the name."""
    model = type(row)
    source = getattr(model, "instance_type", None)
    if source:
        bury(source, [getattr(row, source._meta.pk.attname)])
    model._base_manager.filter(pk=row.pk).update(**changed)
    if isinstance(row, Searchable):
        fill_search_of(model, [row.pk])


def fill_search_of(model: Any, keys: Collection[int]) -> None:
    """Makes the folded texts of the rows anew, without a row of history."""
    for row in model._base_manager.filter(pk__in=keys):
        row.fill_search()
        model._base_manager.filter(pk=row.pk).update(
            **{name: getattr(row, name) for name in (*FILLED, *_folded_of(model))}
        )


def _folded_of(model: Any) -> list[str]:
    return [column.name for column in model._meta.concrete_fields if column.name == "folded_name"]
