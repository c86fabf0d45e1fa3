"""Rows found by what people type or choose in a form."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q

from owes.folding import sort_key

SUGGESTED = 30
CODE_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


def typed(text):
    """Text of a field without doubled and outer spaces."""
    return " ".join((text or "").replace("\x00", "").split())


def typed_in(request):
    """What is typed in the field that asks for its options."""
    return typed(request.GET.get(request.htmx.trigger_name or "q", ""))


def label_of(row):
    """How a chosen row stands in a field: names repeat, so the code goes with the name."""
    return f"{row} ({row.code})"


class Lookup:
    """Finds the rows that texts mean, all of them in one query.

    A text is `Name (CODE)`, a code, or a full name, blind to case, quotes and dashes.
    """

    model = None
    missing = "Nie ma w rejestrze: {text}."
    ambiguous = "Więcej niż jeden wpis o tej nazwie. Wybierz z listy wpis z właściwym kodem."

    def __init__(self, texts):
        texts = {typed(text) for text in texts} - {""}
        codes, keys, numbers = set(), set(), set()
        for text in texts:
            codes |= {self._code(text), text, self._code(text).upper(), text.upper()}
            keys |= set(self._keys(text))
            numbers.add(re.sub(r"[\s-]", "", text))
        self.rows = list(self._found(codes, keys - {""}, numbers)) if texts else []
        self.by_code = {row.code: row for row in self.rows}

    def _found(self, codes, keys, numbers):
        return self.model.objects.filter(Q(code__in=codes) | Q(sort_key__in=keys))

    def _code(self, text):
        found = CODE_IN_BRACKETS.search(text)
        return found[1].strip() if found else text

    def _keys(self, text):
        return [sort_key(text)]

    def one(self, text):
        """The row the text means; raises `ValidationError` when none or several."""
        text = typed(text)
        for code in (self._code(text), text):
            # Codes of the program are in capitals; one typed small means the same.
            for spelt in (code, code.upper()):
                if spelt in self.by_code:
                    return self.by_code[spelt]
        named = self._named(text)
        if len(named) != 1:
            message = self.ambiguous if named else self.missing.format(text=text)
            raise ValidationError(message, code="unknown_reference")
        return named[0]

    def _named(self, text):
        keys = self._keys(text)
        return [row for row in self.rows if row.sort_key in keys]
