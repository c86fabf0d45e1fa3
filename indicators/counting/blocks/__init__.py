"""The blocks that rules of indicators are made of, and their JSON.

A rule is one base, and any of what narrows its rows, asks for more of them, and says who counts.
Their order is that of the machine, whatever the order of the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError

from indicators.counting.blocks.bases import (
    Adopted,
    Base,
    Cooperating,
    Founded,
    Present,
    Supported,
    Trained,
)
from indicators.counting.blocks.block import Block, value_of
from indicators.counting.blocks.conditions import (
    Age,
    Forms,
    InArea,
    LocalGovernmentInArea,
    PesForm,
    PsStatus,
    SeatIn,
    Sex,
)
from indicators.counting.blocks.services import AtLeast, Modes, Themes, Types
from indicators.counting.blocks.sums import Heads, Hours, Participations, Services

BASES: tuple[type[Base], ...] = (
    *(Supported, Present, Founded, Cooperating, Adopted, Trained),
    *(Hours, Participations, Services, Heads),
)
BLOCKS: dict[str, type[Block]] = {
    block.code: block
    for block in (
        *BASES,
        *(Types, Themes, Modes),
        *(PesForm, InArea, Forms, SeatIn, LocalGovernmentInArea, Sex, PsStatus, Age),
        AtLeast,
    )
}
ORDER = {code: number for number, code in enumerate(BLOCKS)}


def blocks_of(kept: Iterable[dict[str, Any]]) -> tuple[Block, ...]:
    """The blocks of a rule's JSON in the order of the machine.

    Raises `ValidationError` with every sentence: rules are checked before they are kept.
    """
    if not isinstance(kept, list) or not all(isinstance(each, dict) for each in kept):
        raise ValidationError("Zasada musi być listą bloków.")
    blocks, errors = [], []
    for each in kept:
        try:
            blocks.append(_block_of(each))
        except ValidationError as error:
            errors += error.messages
    if not errors:
        errors = list(_errors_together(blocks))
    if errors:
        raise ValidationError(errors)
    return tuple(sorted(blocks, key=lambda block: ORDER[block.code]))


def _block_of(kept):
    values = {name: value for name, value in kept.items() if name != "block"}
    kind = BLOCKS.get(kept.get("block", ""))
    if kind is None:
        raise ValidationError(f"Nie ma bloku „{kept.get('block', '')}”.")
    known = {field.name: field for field in fields(kind)}
    if unknown := [name for name in values if name not in known]:
        raise ValidationError(f"{kind.label}: nie ma pola „{unknown[0]}”.")
    block = kind(
        **{name: value_of(kind.label, known[name], value) for name, value in values.items()}
    )
    if errors := block.errors():
        raise ValidationError([f"{kind.label}: {error}" for error in errors])
    return block


def _errors_together(blocks):
    bases = [block for block in blocks if isinstance(block, Base)]
    if len(bases) != 1:
        yield "Wybierz, co się liczy." if not bases else "Zasada może liczyć jedną rzecz."
        return
    often = Counter(block.code for block in blocks if not block.is_repeatable)
    for block in blocks:
        if block.suits and bases[0].code not in block.suits:
            yield f"„{block.label}” nie pasuje do: {bases[0].label}."
        if often.pop(block.code, 1) > 1:
            yield f"„{block.label}” jest w zasadzie dwa razy."
