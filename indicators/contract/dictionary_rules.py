"""Entries of dictionaries that rules of indicators name by their keys."""

from collections.abc import Iterable
from typing import Any

from indicators.catalogue import CATALOGUE
from indicators.counting.blocks import blocks_of
from indicators.counting.blocks.block import Block
from indicators.models import IndicatorRule


def naming(entry: Any) -> list[str]:
    """The rules that name an entry, whenever they hold, and indicators of the catalogue."""
    rules = IndicatorRule.objects.select_related("indicator__project").order_by(
        "indicator__project__slug", "indicator__position", "valid_from"
    )
    of_projects = [
        f"wskaźnik „{rule.indicator.short_name or rule.indicator.name}”, projekt "
        f"{rule.indicator.project.name}, zasada od {rule.valid_from:%d.%m.%Y}"
        for rule in rules
        if _names(rule.blocks, entry)
    ]
    return of_projects + [
        f"wskaźnik „{row['words']['short_name']}” z katalogu"
        for row in CATALOGUE.values()
        if _names(row["blocks"], entry)
    ]


def unknown_keys(blocks: Iterable[Block]) -> list[str]:
    """A sentence for each block that names what no dictionary has."""
    return [
        f"{block.label}: nie ma w słowniku: {', '.join(map(str, unknown))}."
        for block in blocks
        for model, keys in block.dictionary_keys().items()
        if (unknown := [key for key in keys if not model._default_manager.filter(pk=key)])
    ]


def _names(kept, entry):
    return any(
        entry.pk in block.dictionary_keys().get(type(entry), ()) for block in blocks_of(kept)
    )
