"""Finds personal data in texts: a phone, an e-mail, eleven digits, the name of somebody.

Names are those of the people of the register, which `settings.PEOPLE_NAMED` tells; a text is asked
about all of them, for who reads it may know anybody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from owes.folding import fold

CONTACTS = {
    "adres e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "ciąg 11 cyfr": re.compile(r"(?<![\d+])\d{11}(?!\d)"),
    "numer telefonu": re.compile(
        r"(?<!\d)(?:(?:\+|00)?48[ -]?)?"
        r"(?:\d{3}[ -]?\d{3}[ -]?\d{3}|\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2})(?!\d)"
    ),
}
PERSON = "imię i nazwisko"
WORD = re.compile(r"[^\W\d_]+")
TITLE = re.compile(r"p|pan(?:a|u|em|ow|i|ia|ie|stw[oau])?")
# After it a surname is the name of a place.
ADDRESS = re.compile(
    r"ul(?:ic[aye])?|ale(?:ja|i)|al|pl(?:acu?)?|os(?:iedl[eu])?|im(?:ienia)?|sw"
    r"|powiatu?|powiecie|gmin(?:a|y|ie)"
)
ADJECTIVE = re.compile(r"(\w{2,}(?:sk|ck|zk))[ia]")
ADJECTIVE_ENDS = {"i", "a", "iego", "iemu", "im", "iej", "ich", "imi"}
LOSES_A_VOWEL = re.compile(r"(?:io|ze|ie)[cln]$")


def contacts_in(text: str) -> list[str]:
    """The kinds of contacts a text holds, as a sentence names them."""
    return [words for words, pattern in CONTACTS.items() if pattern.search(text)]


def personal_data_in(text: str) -> list[str]:
    """The kinds of contacts, and of names of people in the register, that a text holds."""
    if not text:
        return []
    return [PERSON] * bool(registered().in_text(text)) + contacts_in(text)


def told_of(what: str, kinds: Iterable[str]) -> str:
    """The sentence of a text that is printed and holds such personal data."""
    return f"{what}: {', '.join(kinds)}. Ten tekst drukują dokumenty, czyta go zleceniodawca."


_read: ContextVar[list | None] = ContextVar("names of the register, once read", default=None)


@contextmanager
def names_read_once() -> Iterator[None]:
    """Reads the names of the register at most once inside, when the first text needs them."""
    token = _read.set([] if _read.get() is None else _read.get())
    try:
        yield
    finally:
        _read.reset(token)


def registered() -> "Names":
    """The `Names` of the register."""
    held = _read.get()
    if held:
        return held[0]
    names = Names(import_string(settings.PEOPLE_NAMED)())
    if held is not None:
        held.append(names)
    return names


class Word(NamedTuple):
    """A word of a text: folded, and whether it was written with a capital."""

    text: str
    is_capital: bool


class Names:
    """People, pairs of a first and a last name, found where a text names them in any case.

    Both names stand side by side, in either order: "z Anną Kowalską" is Anna Kowalska, a kowalska
    kuchnia is nobody. A last name says enough after a title or an initial ("pani Kowalskiej",
    "A. Kowalska"), and, being an adjective, with a capital ("sprawa Kowalskiej").
    """

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        self._by_stem = defaultdict(list)
        for person in dict.fromkeys(people):
            first, last = (_folded(name).split() for name in person)
            for name in last:
                self._by_stem[_stem(name)].append((name, first, person))

    def in_text(self, text: str) -> list[tuple[str, str]]:
        """Those of the people whom the text names, in their order in it."""
        return list(dict.fromkeys(person for person, _ in self._places(_words(text))))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the text names any of the people: of their last names and the first ones near."""
        found, words = list(WORD.finditer(text)), _words(text)
        spans = []
        for (first, _), place in self._places(words):
            own = _folded(first).split()
            near = range(max(place - 2, 0), min(place + 2, len(words)))
            named = [at for at in near if any(_is_form(words[at], name) for name in own)]
            spans.append((found[min([place, *named])].start(), found[max([place, *named])].end()))
        return sorted(set(spans))

    def _places(self, words: list[Word]) -> Iterator[tuple[tuple[str, str], int]]:
        """The people that the words name, each with the place of the last name."""
        for place, word in enumerate(words):
            for last, first, person in self._of_last_name(word):
                if _is_alone(words, place, last) or _is_beside(words, place, last, first):
                    yield person, place

    def _of_last_name(self, word: Word) -> Iterator[tuple]:
        """Those whose last name the word may be."""
        for length in range(1, len(word.text) + 1):
            for row in self._by_stem.get(word.text[:length], ()):
                if _is_form(word, row[0]):
                    yield row


def _words(text: str) -> list[Word]:
    return [Word(_folded(word), word[0].isupper()) for word in WORD.findall(text)]


def _is_alone(words: list[Word], place: int, last: str) -> bool:
    """Whether a last name names somebody without the first."""
    before = words[place - 1].text if place else ""
    if not words[place].is_capital or ADDRESS.fullmatch(before):
        return False
    adjective = ADJECTIVE.fullmatch(last)
    ending = adjective and words[place].text.removeprefix(adjective[1])
    return bool(TITLE.fullmatch(before)) or ending in ADJECTIVE_ENDS


def _is_beside(words: list[Word], place: int, last: str, first: list[str]) -> bool:
    """Whether one of the first names stands by the last, or before another one between them."""
    near = words[max(place - 1, 0) : place] + words[place + 1 : place + 2]
    if place > 1 and words[place - 1].is_capital:
        near.append(words[place - 2])
    return any(_are_both(word, name, words[place], last) for word in near for name in first)


def _are_both(word: Word, first: str, beside: Word, last: str) -> bool:
    if word.is_capital and beside.is_capital:
        return _is_form(word, first) or word.text == first[0]
    return _is_form(word, first, most=1) and _is_form(beside, last, most=1)


_folded = cache(fold)


@cache
def _stem(name: str, most: int = 3) -> str:
    """The beginning of a name that all its grammatical cases share: "mar" of "marek".

    `most` letters are left out at its end: small words say less than those with a capital.
    """
    if len(name) > 4:
        changing = 3 if LOSES_A_VOWEL.search(name) and len(name) > 5 else 2
    else:
        changing = name.endswith("a") + (len(name) == 4)
    return name[: len(name) - min(changing, most)]


def _is_form(word: Word, name: str, most: int = 3) -> bool:
    """Whether the word is the name with an ending of its own: "markiem" of "marek"."""
    longest = len(name) + (2 if name.endswith("a") else 3)
    return word.text.startswith(_stem(name, most)) and len(word.text) <= longest
