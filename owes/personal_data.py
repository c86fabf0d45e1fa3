"""What in a text may lead to a person: a phone, an e-mail, eleven digits, somebody's name."""

import re
from functools import cache

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
WORD = re.compile(r"[a-z]+")


def contacts_in(text):
    """The kinds of contacts a text holds, as a sentence names them."""
    return [words for words, pattern in CONTACTS.items() if pattern.search(text)]


def personal_data_in(text, people=()):
    """The same, and whether it names one of the people, pairs of a first and a last name."""
    return [PERSON] * bool(names_in(text, people)) + contacts_in(text)


def told_of(what, found):
    """The sentence of a text that is printed and holds what was found."""
    return f"{what}: {', '.join(found)}. Ten tekst drukują dokumenty, czyta go zleceniodawca."


def names_in(text, people):
    """Those of the people, pairs of a first and a last name, whom the text names in any case.

    Both names stand side by side, in either order: "z Anną Kowalską" is Anna Kowalska, a kowalska
    kuchnia is nobody.
    """
    words = WORD.findall(fold(text))
    pairs = list(zip(words, words[1:], strict=False))
    return [person for person in people if pairs and _is_among(pairs, *map(_folded, person))]


_folded = cache(fold)


def _is_among(pairs, first, last):
    return any(
        (_is_form(one, first) and _is_form(other, last))
        or (_is_form(one, last) and _is_form(other, first))
        for one, other in pairs
    )


def _is_form(word, name):
    """Whether the word is the name with an ending of its own: "markiem" of "marek"."""
    changing = 2 if len(name) > 4 else int(name.endswith("a"))
    longest = len(name) + (2 if name.endswith("a") else 3)
    return word.startswith(name[: len(name) - changing]) and len(word) <= longest
