"""Where a typed text matches a shown one, marked blind to case, diacritics, quotes and dashes."""

import re
import unicodedata

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from owes.folding import fold, search_words
from owes.ranking import WORD_BEGINS

register = template.Library()
SHORTEST_FRAGMENT = 3


@register.filter
def marked(text: str, typed_text: str) -> str:
    """HTML of a text with what was typed marked: beginnings of words, else a longer fragment."""
    folded, origins = _folded(text)
    spans = []
    for word in search_words(typed_text):
        matches = list(re.finditer(WORD_BEGINS + re.escape(word), folded))
        if not matches and len(word) >= SHORTEST_FRAGMENT:
            matches = list(re.finditer(re.escape(word), folded))[:1]
        spans += [(origins[match.start()], origins[match.end() - 1] + 1) for match in matches]
    parts, done = [], 0
    for start, end in sorted(spans):
        if start < done:
            continue
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of its origin in the text."""
    letters, origins = [], []
    for place, letter in enumerate(unicodedata.normalize("NFC", text)):
        for part in " " if letter.isspace() else fold(letter) or _blank(letter):
            letters.append(part)
            origins.append(place)
    return "".join(letters), origins


def _blank(letter: str) -> str:
    """A dash folds to a space, a quote to nothing."""
    return " " if fold(f"a{letter}b") == "a b" else ""
