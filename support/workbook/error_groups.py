"""Errors of a file as they are told: equal ones in one sentence, with their rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from owes.formatting import enumerated

SAME = ("sheet", "column", "message", "value")


def grouped(errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The errors in their order, equal ones as one, each with its `rows` in words."""
    numbers: dict[tuple, list[int]] = {}
    for error in errors:
        rows = numbers.setdefault(tuple(error[name] for name in SAME), [])
        if error["row"]:
            rows.append(error["row"])
    return [
        dict(zip(SAME, same, strict=True)) | {"rows": rows_in_words(rows)}
        for same, rows in numbers.items()
    ]


def rows_in_words(numbers: Sequence[int]) -> str:
    """ "wiersz 2", "wiersze 2 i 4", "wiersze 2–40 i 57"; numbers that follow are a span."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        elif not spans or number > spans[-1][1]:
            spans.append([number, number])
    if not spans:
        return ""
    words = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return f"{'wiersz' if len(set(numbers)) == 1 else 'wiersze'} {enumerated(words)}"
