"""What a name says as people and programs write it: the name itself, and what stands around it.

Meeting programs add brackets, people add titles, roles and the organisation. These are peeled off
before a name is compared; what may still tell who it is, a code or a maiden name, is kept.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from entities.spelling import FORM_WORDS
from owes.folding import fold

TITLES = {
    *("dr", "hab", "prof", "mgr", "inz", "lic", "lek", "med", "mec", "ks"),
    *("pan", "pani", "p", "druh", "druhna", "siostra", "ojciec"),
}
ROLES = {
    *("prezes", "prezeska", "wiceprezes", "wiceprezeska", "skarbnik", "skarbniczka", "sekretarz"),
    *("przewodniczacy", "przewodniczaca", "wiceprzewodniczacy", "wiceprzewodniczaca", "zarzadu"),
    *("czlonek", "czlonkini", "dyrektor", "dyrektorka", "kierownik", "kierowniczka", "naczelnik"),
    *("lider", "liderka", "koordynator", "koordynatorka", "soltys", "soltyska", "wojt"),
    *("burmistrz", "radny", "radna", "starosta", "wolontariusz", "wolontariuszka", "trener"),
    *("trenerka", "animator", "animatorka", "prowadzacy", "prowadzaca", "ksiegowa"),
    *("uczestnik", "uczestniczka", "przedstawiciel", "przedstawicielka", "reprezentant"),
    *("reprezentantka", "pelnomocnik", "zalozyciel", "zalozycielka", "komendant"),
}
# Roles that stand before a name also with a capital letter: they are hardly anybody's surname.
LEADING_ROLES = {role for role in ROLES if role.startswith(("prezes", "wice", "przewodnicz"))}
# Words of meeting programs in brackets; they do not help to find the person.
REMARKS = {
    *("gosc", "guest", "niezweryfikowany", "niezweryfikowana", "unverified", "ja", "me", "you"),
    *("organizator", "gospodarz", "host", "co host", "wspolgospodarz", "prezenter"),
    *("external", "zewnetrzny", "zewnetrzna", "zewn", "on line", "online", "zdalnie"),
}
BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
MAIDEN = re.compile(r"(?:z\s*d(?:omu|\.)|zd\.|de domo|d\.|dawniej)\s*([^\W\d_][\w'’-]*)", re.I)
MAIDEN_AFTER = re.compile(rf"(?<=\w\s){MAIDEN.pattern}", re.I)
SEPARATED = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*[,;|/]\s*")


class WrittenName(NamedTuple):
    """The words of a name as the register would keep them.

    `bracket` is what stood in brackets and is no remark; `maiden` a former surname.
    """

    words: list[str]
    bracket: str = ""
    maiden: str = ""

    @classmethod
    def read(cls, text: str) -> "WrittenName":
        bracket = next(
            (inside for inside in map(str.strip, BRACKET.findall(text)) if not _is_remark(inside)),
            "",
        )
        bare = BRACKET.sub(" ", text)
        born = MAIDEN.fullmatch(bracket) or MAIDEN_AFTER.search(bare)
        words = _without_additions(MAIDEN_AFTER.sub(" ", bare))
        return cls([_in_letters(word) for word in words], bracket, born[1] if born else "")


def _is_remark(inside: str) -> bool:
    words = fold(inside).replace("/", " ").replace(",", " ")
    return not words.strip() or words.strip() in REMARKS or set(words.split()) <= REMARKS


def _without_additions(text: str) -> list[str]:
    """The words of the name: without titles, roles, an organisation after it, numbers."""
    first, *others = [part.split() for part in SEPARATED.split(text.strip(" -–—,;|/"))]
    words = first
    for part in others:
        if _is_addition(part):
            continue
        if len(first) == 1 and len(words) < 3:
            words = [*words, *part]
        elif len(part) == 1 and len(words) > 1:
            # "Anna Nowak - Kowalska": half of a surname.
            words = [*words[:-1], f"{words[-1]}-{part[0]}"]
    return _peeled(words)


def _is_addition(words: list[str]) -> bool:
    """A role, a title, an organisation or an address, and no part of a name."""
    folded = [fold(word).strip(" .") for word in words]
    return (
        all(word in TITLES or word in ROLES for word in folded)
        or folded[0] in ROLES
        or bool(FORM_WORDS & set(folded))
        or not words[0][:1].isupper()
        or any(not any(map(str.isalpha, word)) or "@" in word for word in words)
    )


def _peeled(words: list[str]) -> list[str]:
    words = [word for word in words if any(map(str.isalpha, word)) and "@" not in word] or words
    while len(words) > 1 and is_title(words[0]) and (len(words) > 2 or len(words[0]) > 2):
        words = words[1:]  # "P. Próbna" has an initial, "p. Anna Próbna" a title
    while len(words) > 2 and (_is_role(words[0]) or fold(words[0]) in LEADING_ROLES):
        words = words[1:]
    for place, word in enumerate(words[2:], start=2):
        if fold(word).strip(".") in FORM_WORDS:
            words = words[:place]
            break
    while len(words) > 2 and (is_title(words[-1]) or _is_role(words[-1])):
        words = words[:-1]
    return words


def is_title(word: str) -> bool:
    return fold(word).strip(" .,") in TITLES


def _is_role(word: str) -> bool:
    """With a small letter: with a capital one it may be a surname."""
    return word.islower() and fold(word).strip(" .,") in ROLES


def _in_letters(word: str) -> str:
    """ŻÓRAWSKA becomes Żórawska, as names are written in the register."""
    return word.title() if word.isupper() and len(word) > 1 else word


def split_name(
    text: str, first_names: Collection[str] = (), *, is_turned: bool | None = None
) -> tuple[str, str]:
    """`(first name, last name)` of a name of one cell; `first_names` are folded known ones.

    `is_turned` says that the last name comes first. When it is not known, a name is turned whose
    last word alone is a known first name. Of several words the first names are the known ones.
    """
    words = text.split()
    if len(words) < 2:
        return text.strip(), ""
    if is_turned is None:
        is_turned = fold(words[0]) not in first_names and fold(words[-1]) in first_names
        if is_turned:
            return words[-1], " ".join(words[:-1])
    if is_turned:
        known = [place for place in range(1, len(words)) if fold(words[place]) in first_names]
        place = known[0] if known else len(words) - 1
        return " ".join(words[place:]), " ".join(words[:place])
    place = 1
    while place < len(words) - 1 and {fold(words[0]), fold(words[place])} <= set(first_names):
        place += 1
    return " ".join(words[:place]), " ".join(words[place:])
