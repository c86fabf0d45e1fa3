"""Ties words that a line break must not part with hard spaces, before a page is drawn.

Polish print leaves no one-letter word at the end of a line, parts no number from its unit and no
abbreviation from what it is of. Only the texts of a page are touched, whoever wrote them.
"""

import re
from xml.etree.ElementTree import Element

from owes.formatting import HARD_SPACE

# Their texts are no sentences of the page.
LEFT_ALONE = {"head", "script", "style", "code", "pre"}
MONTHS = (
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada"
    "|grudnia"
)
UNITS = r"zł|gr|tys|mln|h|min|godz|km|m|r|os|szt|proc|%"
ABBREVIATIONS = r"art|ust|poz|lit|s|str|ul|al|pl|os|tel|woj|gm|pow|inż|prof|Dz|św|godz|Sp"
PARTED = [
    re.compile(pattern)
    for pattern in (
        # w domu, „i dalej”, (z nimi
        r"(?<![\w.,/-])([aiouwzAIOUWZ])\s+",
        # nr 5, art. 18, § 4, Dz. U.
        rf"(?<!\w)((?:{ABBREVIATIONS})\.|§|[Nn]r|pkt|dr|mgr)\s+(?=[\w„])",
        # 5 kwietnia, kwietnia 2022
        rf"(?<!\w)(\d{{1,2}})\s+(?={MONTHS})",
        rf"(?<=\d[\s{HARD_SPACE}])({MONTHS})\s+(?=\d{{4}})",
        # 2022 r., 45 min, 25 000,00 zł
        rf"(?<=\d)()\s+(?=(?:{UNITS})(?!\w))",
        r"(?<=\d)()\s+(?=\d{3}(?!\d))",
        # w okresie: 42. at the end, so that the number does not make a line
        r"(?<=\w:)()\s+(?=\d+\.?$)",
        # J. Nowak, J. R. Nowak
        r"(?<!\w)([A-ZĄĆĘŁŃÓŚŹŻ]\.)\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ])",
    )
]


def tied(text: str) -> str:
    """The text with hard spaces where a line may not end."""
    for pattern in PARTED:
        text = pattern.sub(rf"\1{HARD_SPACE}", text)
    return text


def tie(element: Element) -> None:
    """Ties all texts inside an element of a parsed page."""
    if element.tag in LEFT_ALONE or not isinstance(element.tag, str):
        return
    if element.text:
        element.text = tied(element.text)
    for child in element:
        tie(child)
        if child.tail:
            child.tail = tied(child.tail)
