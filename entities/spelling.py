"""How names and phones are compared: what is left of them, and how far apart two are."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from os.path import commonprefix

from owes.folding import fold

SHORT = {
    "kolo gospodyn wiejskich": "kgw",
    "kolo gospodyn": "kgw",
    "ochotnicza straz pozarna": "osp",
    "ochotniczej strazy pozarnej": "osp",
    "spoldzielnia socjalna": "ss",
    "spoldz socj": "ss",
    "spoldz socjalna": "ss",
    "sp socjalna": "ss",
    "warsztaty terapii zajeciowej": "wtz",
    "warsztat terapii zajeciowej": "wtz",
    "zaklad aktywnosci zawodowej": "zaz",
    "centrum integracji spolecznej": "cis",
    "klub integracji spolecznej": "kis",
    "lokalna grupa dzialania": "lgd",
    "uczniowski klub sportowy": "uks",
    "ludowy klub sportowy": "lks",
    "ludowy zespol sportowy": "lzs",
    "gminny klub sportowy": "gks",
    "miejski klub sportowy": "mks",
    "gminny osrodek pomocy spolecznej": "gops",
    "miejski osrodek pomocy spolecznej": "mops",
    "gminny osrodek kultury": "gok",
    "miejski osrodek kultury": "mok",
    "uniwersytet trzeciego wieku": "utw",
    "spolka z ograniczona odpowiedzialnoscia": "spzoo",
    "sp z o o": "spzoo",
    "sp z oo": "spzoo",
    "stow": "stowarzyszenie",
    "fund": "fundacja",
    "tow": "towarzystwo",
}
# `{pet form: first name}`.
WHOLE_NAMES = {
    "ala": "alicja",
    "ania": "anna",
    "asia": "joanna",
    "basia": "barbara",
    "bartek": "bartlomiej",
    "becia": "beata",
    "bogusia": "boguslawa",
    "danka": "danuta",
    "darek": "dariusz",
    "ela": "elzbieta",
    "ewka": "ewa",
    "gosia": "malgorzata",
    "grzesiek": "grzegorz",
    "hania": "hanna",
    "iza": "izabela",
    "jarek": "jaroslaw",
    "jola": "jolanta",
    "jurek": "jerzy",
    "kasia": "katarzyna",
    "krysia": "krystyna",
    "krzysiek": "krzysztof",
    "kuba": "jakub",
    "leszek": "leslaw",
    "maciek": "maciej",
    "magda": "magdalena",
    "malgosia": "malgorzata",
    "marysia": "maria",
    "mietek": "mieczyslaw",
    "ola": "aleksandra",
    "olek": "aleksander",
    "piotrek": "piotr",
    "renia": "renata",
    "rysiek": "ryszard",
    "staszek": "stanislaw",
    "slawek": "slawomir",
    "tadek": "tadeusz",
    "tomek": "tomasz",
    "ula": "urszula",
    "wiesia": "wieslawa",
    "wojtek": "wojciech",
    "zbyszek": "zbigniew",
    "zosia": "zofia",
}
LITTLE_WORDS = {"w", "we", "z", "ze", "im", "imienia", "i", "na", "rzecz", "dla", "przy"}
# Words that say in what state an entity is, and not which one.
STATES = re.compile(
    r"\b(?:non profit|w likwidacji|w organizacji|w upadlosci|z siedziba w|siedziba w)\b"
)
# Letters of a word that stay, and those that change when it is declined.
SHORTEST_STEM, LONGEST_ENDING = 3, 3
# What names of one legal form share anyway.
COMMON_WORDS = {*SHORT.values(), "stowarzyszenie", "fundacja", "towarzystwo", "klub", "grupa"}
COMMON_WORDS |= {"przyjaciol", "milosnikow", "inicjatywna", "spoldzielnia", "zwykle"}
# With which the name of an organisation begins, also after the name of a person.
FORM_WORDS = {
    *(COMMON_WORDS - {"przyjaciol", "milosnikow", "inicjatywna", "zwykle"}),
    *("stow", "fund", "ochotnicza", "kolo", "ops", "ngo", "pes", "ps", "gmina", "urzad"),
    *("powiat", "centrum", "osrodek", "zwiazek", "spolka", "parafia", "biblioteka", "szkola"),
}


def entity_words(name: str) -> str:
    """A name as it is compared: folded, legal forms abbreviated, without little words.

    What stands in brackets after it is left out.
    """
    text = re.sub(r"[^\w ]", " ", fold(re.sub(r"(?<=\S)\s*\([^()]*\)\s*$", "", name)))
    text = STATES.sub(" ", " ".join(text.split()))
    text = " ".join(text.split())
    for words, short in SHORT.items():
        text = re.sub(rf"\b{words}\b", short, text)
    return " ".join(word for word in text.split() if word not in LITTLE_WORDS)


def own_words(name: str) -> str:
    """The words that are the entity's own; all of them when it has no other."""
    own = [word for word in name.split() if word not in COMMON_WORDS]
    return " ".join(own) or name


def pieces(text: str) -> set[str]:
    return {text[place : place + 3] for place in range(len(text) - 2)} or {text} - {""}


def common_share(pieces: set[str], others: set[str]) -> float:
    """The size of the intersection divided by the size of the union."""
    return len(pieces & others) / len(pieces | others or {""})


def are_declined(name: str, other_name: str) -> bool:
    """Whether the words of two names differ by their endings alone: "lack", "lacku"."""
    pairs = list(zip(name.split(), other_name.split(), strict=False))
    is_whole = len(name.split()) == len(other_name.split()) == len(pairs) > 0
    return is_whole and all(word == other or _is_stem_shared(word, other) for word, other in pairs)


def _is_stem_shared(word: str, other_word: str) -> bool:
    stem = len(commonprefix([word, other_word]))
    longest = max(len(word), len(other_word))
    return stem >= SHORTEST_STEM and longest - stem <= LONGEST_ENDING


@lru_cache(maxsize=4096)
def letters_apart(word: str, other_word: str) -> int:
    """How many letters are wrong, missing, too many or swapped with the next one."""
    rows = [list(range(len(other_word) + 1))]
    for n, letter in enumerate(word):
        row = [n + 1]
        for m, other in enumerate(other_word):
            cost = min(rows[-1][m + 1] + 1, row[m] + 1, rows[-1][m] + (letter != other))
            if n and m and (letter, word[n - 1]) == (other_word[m - 1], other):
                cost = min(cost, rows[-2][m - 1] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def without_a_letter(text: str) -> set[str]:
    """The text and each text with one letter less: two that meet are a letter or a swap apart."""
    return {text} | {text[:place] + text[place + 1 :] for place in range(len(text))} - {""}


def similarity(word: str, other_word: str) -> float:
    return SequenceMatcher(None, word, other_word).ratio()


def digits(phone: str | None) -> str:
    """The digits of a phone without the prefix of Poland; too few of them are no number."""
    number = re.sub(r"\D", "", phone or "")
    if len(number) > 9:
        number = number.removeprefix("00").removeprefix("48")
    return number if len(number) >= 9 else ""
