"""Takes somebody's names and contacts out of texts."""

import re
from collections.abc import Iterable
from typing import Any

from owes.folding import fold
from owes.personal_data import Names

SHORTEST_PHONE = 7  # digits


class Redaction:
    """Puts `label` in place of the names, in any grammatical case, and of the contacts.

    A name that some of the `others` may bear as well stays: only where it is written exactly as
    that of the person and of nobody else is it theirs for sure.
    """

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        contacts: Iterable[str],
        others: Iterable[tuple[str, str]],
        label: str,
    ) -> None:
        known = {_key(person): person for person in others}
        own = {_key(person): person for person in names if all(person)}
        self.namesakes = [known[key] for key in own if key in known]
        self.own = [person for key, person in own.items() if key not in known]
        self.label = label
        self._names, self._others = Names(self.own), Names(known.values())
        self._exact = _pattern(self.own)
        self._contacts = [_contact(each) for each in contacts if each]

    def beginnings(self) -> set[str]:
        """Of each text that is changed at least one of these is a part, in any case."""
        starts = {person[1][: 3 if len(person[1]) > 4 else 2] for person in self.own}
        return starts.union(*(begins for begins, _ in self._contacts))

    def text(self, text: str) -> str:
        for _, pattern in self._contacts:
            text = pattern.sub(self.label, text)
        if self._exact:
            text = self._exact.sub(self.label, text)
        doubtful = set(self._others.spans(text))
        for start, end in reversed(self._names.spans(text)):
            if (start, end) not in doubtful:
                text = text[:start] + self.label + text[end:]
        return text

    def is_about(self, text: str) -> bool:
        """Whether both names of the person, or a contact, stand anywhere in the text."""
        folded = fold(text)
        return any(pattern.search(text) for _, pattern in self._contacts) or any(
            all(fold(name) in folded for name in person) for person in self.own
        )

    def value(self, value: Any) -> Any:
        """The same of all texts of a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return {self.value(name): self.value(each) for name, each in value.items()}
        return value


def _key(person: tuple[str, str]) -> tuple[str, str]:
    return fold(person[0]), fold(person[1])


def _pattern(people: list[tuple[str, str]]) -> re.Pattern | None:
    orders = [order for first, last in people for order in ((first, last), (last, first))]
    exact = [r"\s+".join(map(re.escape, " ".join(order).split())) for order in orders]
    return re.compile(rf"(?<!\w)(?:{'|'.join(exact)})(?!\w)", re.IGNORECASE) if exact else None


def _contact(contact: str) -> tuple[set[str], re.Pattern]:
    """What a text that holds the contact holds of it, and its pattern: a phone in any groups."""
    digits = re.sub(r"\D", "", contact)
    if "@" in contact or len(digits) < SHORTEST_PHONE:
        return {contact}, re.compile(re.escape(contact), re.IGNORECASE)
    digits = digits[-9:]
    groups = r"[\s().-]*".join(digits)
    begins = {digits[:3], *(f"{digits[:2]}{sign}" for sign in " -)")}
    return begins, re.compile(rf"(?<!\d)(?:(?:\+|00)?48[\s-]*)?{groups}(?!\d)")
