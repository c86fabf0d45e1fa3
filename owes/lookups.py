"""Rows found by what people type or choose in a form."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Q

from owes.folding import search_words, sort_key
from owes.ranking import CODE_IN_BRACKETS, near


def typed(text):
    """Text of a field without doubled and outer spaces."""
    return " ".join((text or "").replace("\x00", "").split())


def label_of(row):
    """How a chosen row stands in a field: names repeat, so the code goes with the name.

    A row that its text already names by a number says itself what it is `picked_as`.
    """
    return getattr(row, "picked_as", None) or f"{row} ({row.code})"


class Lookup:
    """Finds the rows that texts mean, all of them in one query, or two more when one means none.

    A text is `Name (CODE)`, a code, or a full name, blind to case, quotes and dashes. It means a
    row of `among`, or of the whole register.
    """

    model = None
    missing = "Nie ma w rejestrze: {text}."
    unclear = "„{text}” nie wskazuje jednego wpisu. Wybierz podobny z listy albo podaj kod."
    ambiguous = "Więcej niż jeden wpis o tej nazwie. Wybierz z listy wpis z właściwym kodem."
    question = "Co masz na myśli?"

    def __init__(self, texts, among=None):
        self.among = among
        self.texts = {typed(text) for text in texts} - {""}
        codes, keys, numbers = set(), set(), set()
        for text in self.texts:
            codes |= {self._code(text), text, self._code(text).upper(), text.upper()}
            keys |= set(self._keys(text))
            numbers |= set(search_words(text))
        self.rows = list(self._found(codes, keys - {""}, numbers)) if self.texts else []
        self.by_code = {row.code: row for row in self.rows}

    def allowed(self):
        """The rows among which is what a text means."""
        return self.model.objects.all() if self.among is None else self.among

    def _found(self, codes, keys, numbers):
        return self.allowed().filter(Q(code__in=codes) | Q(sort_key__in=keys))

    def _code(self, text):
        found = CODE_IN_BRACKETS.search(text)
        return found[1].strip() if found else text

    def _keys(self, text):
        return [sort_key(text)]

    def meant(self, text):
        """The rows a text may mean by its code, number or full name: one when it is clear."""
        text = typed(text)
        for code in (self._code(text), text):
            # Codes of the program are in capitals; one typed small means the same.
            for spelt in (code, code.upper()):
                if spelt in self.by_code:
                    return [self.by_code[spelt]]
        return self._named(text)

    def one(self, text):
        """The row the text means.

        Raises `ValidationError` when none or several: its `candidates` are the rows it may mean.
        """
        text = typed(text)
        named = self.meant(text)
        if len(named) == 1:
            return named[0]
        candidates = named or self._near.get(text, [])
        message = self.ambiguous if named else self.unclear if candidates else self.missing
        error = ValidationError(message.format(text=text), code="unknown_reference")
        error.candidates = candidates
        raise error

    @cached_property
    def _near(self):
        """`{text: rows}` for all the texts that mean none."""
        return near(self.allowed(), [text for text in self.texts if not self.meant(text)])

    def _named(self, text):
        keys = self._keys(text)
        return [row for row in self.rows if row.sort_key in keys]
