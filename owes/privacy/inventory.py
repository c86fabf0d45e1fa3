"""The register of personal data: whose each column is, what it is for and how long it stays.

`inventory.toml` is written by people and read by them; this module reads it for the program.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

FILE = Path(__file__).with_name("inventory.toml")
NOT_PERSONAL = "nieosobowe"
FILLED = {"search_text", "sort_key"}  # made of other columns
# What the library of history adds to the columns of a table; other columns of it are of nobody.
OF_HISTORY = {"history_user": "konto", "history_change_reason": "teksty"}


@dataclass(frozen=True)
class PersonalTable:
    """A table with its personal columns of one purpose, in words."""

    name: str
    columns: str


@dataclass(frozen=True)
class Purpose:
    """Why personal data of a kind are kept, and the `tables` that hold them."""

    key: str
    name: str
    whose: str
    purpose: str
    basis: str
    retention: str
    tables: list[PersonalTable] = field(default_factory=list)


@cache
def register() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def purposes() -> list[Purpose]:
    """All purposes in the order of the register, with their tables."""
    found = {
        key: Purpose(
            key, told["nazwa"], told["kogo"], told["cel"], told["podstawa"], told["okres"]
        )
        for key, told in register()["grupy"].items()
    }
    for model in _described():
        purpose_of = columns_of(model)
        for key, purpose in found.items():
            columns = [name for name, own in purpose_of.items() if own == key]
            if columns:
                purpose.tables.append(PersonalTable(_words(model), _listed(model, columns)))
    return list(found.values())


def columns_of(model: Any) -> dict[str, str]:
    """`{column: key of its purpose, or NOT_PERSONAL}` as the register says; empty without it."""
    told = register()["tabele"].get(model._meta.app_label, {}).get(model._meta.model_name, {})
    return {column: key for key, columns in told.items() for column in columns}


def _described() -> Iterator[Any]:
    """Models of the register, in its order."""
    for app, tables in register()["tabele"].items():
        yield from (apps.get_model(app, name) for name in tables)


def _words(model: Any) -> str:
    return str(model._meta.verbose_name_plural)


def _listed(model: Any, columns: list[str]) -> str:
    shown = [name for name in columns if name not in FILLED]
    return ", ".join(str(model._meta.get_field(name).verbose_name) for name in shown)
