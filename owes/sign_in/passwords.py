"""Passwords that are guessed first: common words, the centre's own, and what is typed in a row.

Not the whole password is looked for in a list, as a list cannot hold "OWESPlock2024": what is easy
is taken out of it, and enough has to be left.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from owes.folding import fold
from owes.formatting import enumerated
from owes.models import Centre

LIST = Path(__file__).with_name("common_words.txt")
# Different characters that have to be left.
ENOUGH = 5
SHORTEST_WORD = 3

ROWS = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
]
# Up and down the columns of the keyboard, with digits and without.
COLUMNS = [
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qazxsw23edcvfr45tgbnhy67ujm",
    "zaq12wsxcde34rfv",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
]
ROWS += [row[::-1] for row in ROWS]
COLUMNS += [column[::-1] for column in COLUMNS]
# Words have as much of a column: "plo" of "plony".
SHORTEST_ROW, SHORTEST_COLUMN = 3, 4
YEAR = re.compile(r"(?:19|20)\d\d")
AROUND = re.compile(r"^[\W_]*\d*[\W_]*|[\W_]*\d*[\W_]*$")
LOOKALIKES = str.maketrans("013457@$!", "oieast" + "asi")

COMMON = "częste słowa"
CENTRE = "słowa z nazw ośrodka i projektów"
OWN = "Twoje imię, nazwisko lub adres"
ROW = "znaki kolejne albo powtórzone"
NUMBERS = "cyfry"


class GuessedFirstValidator:
    """Refuses a password of which little is left when all that is guessed first is taken out."""

    def validate(self, password: str, user: Any = None) -> None:
        words = {CENTRE: centre_words(), OWN: words_of(user), COMMON: common_words()}
        kinds = found_easy(password, words)
        if kinds:
            raise ValidationError(
                f"Tego hasła łatwo się domyślić. To prawie same {enumerated(kinds)}. "
                "Wybierz kilka słów, które nic nie mówią o Tobie ani o ośrodku, "
                "albo losowe znaki.",
                code="guessed_first",
            )

    def get_help_text(self) -> str:
        return (
            "Twoje hasło nie może się składać z częstych słów, nazw ośrodka i projektów, Twojego "
            "imienia ani znaków po kolei."
        )


def found_easy(password: str, words: dict[str, set[str]]) -> list[str]:
    """The kinds of what is easy in a password too easy; none in another one."""
    plain = fold(password)
    for text in (plain, plain[::-1]):
        rest, kinds = _without_easy(text, words)
        if len(set(rest)) < ENOUGH:
            return list(dict.fromkeys(kinds)) or [ROW]
    return []


@cache
def common_words() -> set[str]:
    lines = LIST.read_text(encoding="ascii").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def centre_words() -> set[str]:
    centre = Centre.current()
    projects = import_string(settings.NAMES_OF_PROJECTS)()
    return _words([centre.name, centre.address, *projects])


def words_of(user: Any) -> set[str]:
    return _words([user.name, user.email]) if user else set()


def _words(texts: Iterable[str]) -> set[str]:
    found = {word for text in texts for word in re.findall("[a-z]+", fold(text))}
    return {word for word in found if len(word) >= SHORTEST_WORD}


def _without_easy(text: str, words: dict[str, set[str]]) -> tuple[str, list[str]]:
    """Letters and digits that are left, and the kinds of what was taken out."""
    kinds = [NUMBERS] if re.search(r"^\d|\d$", text) else []
    text, rows = _without_rows(AROUND.sub("", text))
    text = YEAR.sub(" ", text).translate(LOOKALIKES)
    for kind, known in words.items():
        longest_first = sorted(known, key=lambda word: (-len(word), word))
        text, count = re.subn("|".join(longest_first) or "(?!)", " ", text)
        kinds += [kind] * bool(count)
    return re.sub(r"[\W_]", "", text), [*kinds, *([ROW] if rows else [])]


def _without_rows(text: str) -> tuple[str, bool]:
    """Without runs of characters that are neighbours or the same, and whether there were any."""
    rest = "".join(" " if _is_long_enough(run) else run for run in _runs(text))
    return rest, rest != text


def _runs(text: str) -> Iterator[str]:
    """The text cut into the longest runs, from its beginning."""
    while text:
        length = 1
        while length < len(text) and _is_run(text[: length + 1], [*ROWS, *COLUMNS]):
            length += 1
        yield text[:length]
        text = text[length:]


def _is_run(piece: str, rows: list[str]) -> bool:
    return len(set(piece)) == 1 or any(piece in row for row in rows)


def _is_long_enough(run: str) -> bool:
    return len(run) >= (SHORTEST_ROW if _is_run(run, ROWS) else SHORTEST_COLUMN)
