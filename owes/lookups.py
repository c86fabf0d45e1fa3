"""Rows found by what people type or choose in a form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q

from owes.folding import search_words, sort_key
from owes.ranking import CODE_IN_BRACKETS, near, ranked


def typed(text: str | None) -> str:
    """Text of a field without doubled and outer spaces."""
    # A NUL of an address comes as the unknown character: `owes.middleware.readable_addresses`.
    return " ".join((text or "").translate({0: None, 0xFFFD: None}).split())


def label_of(row: Any) -> str:
    """How a chosen row stands in a field: names repeat, so the code goes with the name.

    A row that its text already names by a number says itself what it is `picked_as`.
    """
    return getattr(row, "picked_as", None) or f"{row} ({row.code})"


@dataclass
class Option:
    """A row as a picker offers it: `text` is what the field then holds.

    `line` tells two of one name apart, `data` goes with the event `picker:chosen`; an exact option
    is taken by Enter without a highlight, for the text means it and nothing else.
    """

    text: str
    name: str
    line: str = ""
    code: str = ""
    data: dict = field(default_factory=dict)
    is_exact: bool = False

    @classmethod
    def of(cls, row: Any, *facts: object, **data: Any) -> "Option":
        """`facts` make the line; empty ones are left out."""
        data = {"code": row.code, "name": str(row), **data}
        line = " · ".join(str(fact) for fact in facts if fact)
        return cls(label_of(row), str(row), line, row.code, data)


class Lookup:
    """Finds the rows that texts mean, all of them in one query, or two more when one means none.

    A text is `Name (CODE)`, a code, or a full name, blind to case, quotes and dashes. It means a
    row of `among`, or of the whole register.
    """

    model: ClassVar[Any] = None
    missing = "Nie ma w rejestrze: {text}."
    unclear = "„{text}” nie wskazuje jednego wpisu. Wybierz podobny z listy albo podaj kod."
    ambiguous = "Więcej niż jeden wpis o tej nazwie. Wybierz z listy wpis z właściwym kodem."
    question = "Co masz na myśli?"

    def __init__(self, texts: Iterable[str], among: Any = None) -> None:
        self.among = among
        self.texts = {typed(text) for text in texts} - {""}
        codes, keys, numbers = set(), set(), set()
        for text in self.texts:
            codes |= {self._code(text), text, self._code(text).upper(), text.upper()}
            keys |= set(self._keys(text))
            numbers |= set(search_words(text))
        self.rows = list(self._found(codes, keys - {""}, numbers)) if self.texts else []
        self.by_code = {row.code: row for row in self.rows}

    @classmethod
    def label(cls, code: str) -> str:
        """What a field holds when an address names the row by its code; a wrong code stays."""
        meant = cls([code]).meant(code)
        return label_of(meant[0]) if len(meant) == 1 else typed(code)

    def allowed(self) -> Any:
        """The rows among which texts are looked up."""
        return self.model.objects.all() if self.among is None else self.among

    def shown(self) -> Any:
        """The same rows with what their options show, so that options need no further queries."""
        return self.allowed()

    def option(self, row: Any, text: str) -> Option:
        """A row of `shown` as it is offered for the text."""
        return Option.of(row)

    def suggested(self, text: str, favoured: Iterable = ()) -> list:
        """Rows to offer for the text, best first; see `owes.ranking.ranked`."""
        return ranked(self.shown(), text, favoured)

    def _found(self, codes: set[str], keys: set[str], numbers: set[str]) -> Any:
        return self.allowed().filter(Q(code__in=codes) | Q(sort_key__in=keys))

    def _code(self, text: str) -> str:
        match = CODE_IN_BRACKETS.search(text)
        return match[1].strip() if match else text

    def _keys(self, text: str) -> list[str]:
        return [sort_key(text)]

    def meant(self, text: str) -> list:
        """The rows a text may mean by its code, number or full name: one when it is clear."""
        text = typed(text)
        for code in (self._code(text), text):
            # Codes of the program are in capitals; one typed small means the same.
            for spelt in (code, code.upper()):
                if spelt in self.by_code:
                    return [self.by_code[spelt]]
        return self._named(text)

    def one(self, text: str) -> Any:
        """The row the text means.

        Raises `ValidationError` when none or several: its `candidates` are the rows it may mean.
        """
        text = typed(text)
        named = self.meant(text)
        if len(named) == 1:
            return named[0]
        candidates = self._candidates.get(text, [])
        message = self.ambiguous if named else self.unclear if candidates else self.missing
        error = ValidationError(message.format(text=text), code="unknown_reference")
        error.candidates = candidates  # type: ignore[attr-defined]
        raise error

    @cached_property
    def _candidates(self) -> dict[str, list]:
        """`{text: rows}` for all the texts that mean none or several."""
        meant = {text: self.meant(text) for text in self.texts}
        several = {text: rows for text, rows in meant.items() if len(rows) > 1}
        shown = self.shown().in_bulk({row.pk for rows in several.values() for row in rows})
        suggestions = {text: [shown[row.pk] for row in rows] for text, rows in several.items()}
        missing = [text for text, rows in meant.items() if not rows]
        return suggestions | (near(self.shown(), missing) if missing else {})

    def _named(self, text: str) -> list:
        keys = self._keys(text)
        return [row for row in self.rows if row.sort_key in keys]
