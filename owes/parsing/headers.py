"""Headers of columns as people write them, compared by the words that say what a column holds."""

import re
from collections.abc import Collection

from owes.folding import fold

# Words that do not say what a column holds.
QUALIFIERS = {"nr", "numer", "adres", "do", "kontaktu", "kontaktowy", "glowny", "sluzbowy", "twoj"}
SIGNS = re.compile(r"[.:*?()\[\]]")


def whole_header(header: str) -> str:
    """All the folded words, without signs: "Godz. do" is "godz do"."""
    return " ".join(SIGNS.sub(" ", fold(header)).split())


def bare_header(header: str, owners: Collection[str] = ()) -> str:
    """The folded words before the first comma, without qualifiers and those that say whose it is.

    "Adres e-mail uczestnika*" is "e mail", when `owners` hold "uczestnika".
    """
    words = SIGNS.sub(" ", fold(header).partition(",")[0]).split()
    return " ".join(word for word in words if word not in QUALIFIERS and word not in owners)
