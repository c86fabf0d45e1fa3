"""Text as it is searched and ordered: alike on every database.

SQLite knows no Polish letters and PostgreSQL's order hangs on its locale, so both are given keys
made here.
"""

import re
import unicodedata

QUOTES = re.compile("[\"'`´„”“‟«»‚‘’‛]|,,")
DASHES = re.compile("[-‐‑‒–—―−_]")
SPACED_NUMBER = re.compile("\\b(nip|krs|regon)?:? *(?:pl *)?((?:[0-9]+ ?)+)(?![a-z])")
REGISTER_LENGTHS = {9, 10, 14}
LETTERS_WITHOUT_PARTS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss"})

ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
POLISH_KEYS: dict[str, str] = {}
for _letter in ALPHABET:
    _base = unicodedata.normalize("NFD", _letter)[0].translate(LETTERS_WITHOUT_PARTS)
    POLISH_KEYS[_letter] = f"{_base}{sum(key[0] == _base for key in POLISH_KEYS.values())}"
POLISH_KEYS |= {digit: f"1{digit}" for digit in "0123456789"} | {" ": "00"}


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).casefold()
    text = DASHES.sub(" ", QUOTES.sub("", text))
    return " ".join(text.split())


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.translate(LETTERS_WITHOUT_PARTS))
    return "".join(part for part in parts if not unicodedata.combining(part))


def fold(text: str) -> str:
    """Without case, diacritics, quotes, dashes and doubled spaces: "KGW „Łąka”" is "kgw laka"."""
    return _without_marks(_plain(text))


def search_words(text: str) -> list[str]:
    """The folded words of a query; a number of a register is one word however it is typed.

    "NIP 774-000-14-54", "PL 774 000 14 54" and "7740001454" are the same: groups of digits that
    make up a NIP, a KRS (10 digits) or a REGON (9, 14) are joined and lose the name before them.
    """
    folded = fold(text)
    number = folded.replace(" ", "").removeprefix("pl")
    if number.isdigit():
        return [number]
    return SPACED_NUMBER.sub(_joined, folded).split()


def _joined(match: re.Match) -> str:
    number = match[2].replace(" ", "")
    return f" {number} " if len(number) in REGISTER_LENGTHS else match[0]


def sort_key(text: str) -> str:
    """A key in the Polish order of letters, of ASCII letters and digits alone.

    Each character becomes a letter and a digit (a a0, ą a1, ..., ź z1, ż z2), so that the key
    sorts alike under any collation. Marks other than letters, digits and spaces do not count.
    """
    keys = []
    for character in _plain(text):
        if character not in POLISH_KEYS:
            character = _without_marks(character)
        keys.append(POLISH_KEYS.get(character, ""))
    return "".join(keys)
