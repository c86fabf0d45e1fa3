"""The one order in which rows of the registers are offered for a typed text.

Every word of the text must be held by the row. Whole words come first, then beginnings of words,
in the order they were typed, then fragments; among equals those favoured, then the Polish order.
It is made here and not in SQL: both databases and the candidates of a wrong text share it.
"""

import re
from collections.abc import Iterable
from heapq import nsmallest
from typing import Any

from django.db.models import QuerySet

from owes.folding import search_words

SUGGESTED = 30
NEAR = 5
WORD_BEGINS = r"(?:^|(?<=[\s(/|]))"
WORD_ENDS = r"(?=$|[\s),./;:|])"
CODE_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


class Ranking:
    """How well folded texts of rows (`search_text`) hold the words of one typed text."""

    def __init__(self, text: str, *, in_order: bool = True) -> None:
        self.words = search_words(text)
        words = [re.escape(word) for word in self.words]
        self._whole = [re.compile(f"{WORD_BEGINS}{word}{WORD_ENDS}") for word in words]
        self._begun = [re.compile(f"{WORD_BEGINS}{word}") for word in words]
        ordered = ".*".join(f"{WORD_BEGINS}{word}" for word in words)
        self._ordered = re.compile(ordered) if in_order and len(words) > 1 else None

    @classmethod
    def of(cls, model: Any, text: str) -> "Ranking":
        """A person is named by either name first, so there the order of words says nothing."""
        return cls(text, in_order=model.words_in_order)

    def holds(self, search_text: str) -> bool:
        return all(word in search_text for word in self.words)

    def place(self, search_text: str) -> tuple[int, int, int, bool]:
        """A key to sort by, the best first.

        Counts words that only another record holds (a service is found by its recipient), then
        those that are fragments, then those that only begin a word.
        """
        elsewhere = fragments = beginnings = 0
        for word, whole, begun in zip(self.words, self._whole, self._begun, strict=True):
            if word not in search_text:
                elsewhere += 1
            elif not begun.search(search_text):
                fragments += 1
            elif not whole.search(search_text):
                beginnings += 1
        is_ordered = self._ordered is None or self._ordered.search(search_text) is not None
        return elsewhere, fragments, beginnings, not is_ordered


def ranked(
    queryset: Any, text: str, favoured: Iterable = (), *, latest_first: bool = False
) -> list:
    """The first `SUGGESTED` of the rows that `matching` finds, best first; two queries.

    `favoured` are conditions, the strongest first: of rows that hold the text alike those that
    meet them come first, then the Polish order, or the latest.
    """
    conditions = {f"is_favoured_{place}": condition for place, condition in enumerate(favoured)}
    ranking = Ranking.of(queryset.model, text)
    candidates = queryset.matching(text).order_by().annotate(**conditions)

    def place(row: tuple) -> tuple:
        key, search_text, sort_key, *favours = row
        last = (-key,) if latest_first else (sort_key, key)
        return ranking.place(search_text), [not is_met for is_met in favours], last

    known = candidates.values_list("pk", "search_text", "sort_key", *conditions)
    keys = [row[0] for row in nsmallest(SUGGESTED, known, key=place)]
    rows = queryset.in_bulk(keys)
    return [rows[key] for key in keys]


def near(queryset: QuerySet, texts: Iterable[str]) -> dict[str, list]:
    """`{text: rows}`: the first `NEAR` that each text may mean, best first; two queries for all.

    They hold every word; where none does, words are taken for mistyped and rows are near whose
    words begin with the same three letters; then those that share with the text a rare word.
    """
    known = list(queryset.order_by().values_list("pk", "search_text", "sort_key"))
    best = {text: _near(queryset.model, known, text) for text in texts}
    rows = queryset.in_bulk({key for keys in best.values() for key in keys})
    return {text: [rows[key] for key in keys] for text, keys in best.items()}


def _near(model: Any, known: list[tuple], text: str) -> list:
    bare = CODE_IN_BRACKETS.sub("", text)
    whole = Ranking.of(model, bare)
    rows = [row for row in known if whole.words and whole.holds(row[1])]
    if not rows and all(len(word) >= 3 for word in whole.words):
        cut = Ranking(" ".join(word[:3] for word in whole.words), in_order=False)
        places = ((row, cut.place(row[1])) for row in known if cut.holds(row[1]))
        rows = [row for row, (elsewhere, fragments, *_) in places if not elsewhere + fragments]
    rows = rows or _sharing_a_rare_word(model, known, whole.words)
    best = nsmallest(NEAR, rows, key=lambda row: (whole.place(row[1]), row[2], row[0]))
    return [row[0] for row in best]


def _sharing_a_rare_word(model: Any, known: list[tuple], words: Iterable[str]) -> list[tuple]:
    """The fewest rows, at most `NEAR`, that hold one whole word of the text."""
    shared = []
    for word in words:
        ranking = Ranking.of(model, word)
        rows = [row for row in known if ranking.holds(row[1]) and not any(ranking.place(row[1]))]
        if len(word) >= 3 and 0 < len(rows) <= NEAR:
            shared.append(rows)
    return min(shared, key=len, default=[])
