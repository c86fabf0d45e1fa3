"""Who was at a meeting held by a program, for how long: its report, or answers of a form.

Reports of Teams, Zoom, ClickMeeting and Google Meet, and answers of Google Forms are known by the
headers of their table. Above it may stand a summary, below it another table: of single joinings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from owes.folding import fold
from owes.parsing.headers import bare_header
from support.services.pasted_rows import header_of
from support.workbook.cells import as_text

DEEPEST_HEADER = 30  # rows above the table in which a summary may stand
LENGTHS = {
    *("czas trwania", "czas trwania w spotkaniu", "czas w spotkaniu", "czas obecnosci"),
    *("czas trwania minuty", "laczny czas trwania minuty", "duration", "duration minutes"),
    *("total duration minutes", "in meeting duration", "time in call", "attended duration"),
}
JOINED = {
    *("pierwsze dolaczenie", "godzina dolaczenia", "czas wejscia", "czas dolaczenia", "dolaczyl"),
    *("join time", "first join", "time joined", "joined"),
}
LEFT = {
    *("ostatnie opuszczenie", "godzina opuszczenia", "czas wyjscia", "czas opuszczenia"),
    *("leave time", "last leave", "time exited", "left"),
}
SECTION = re.compile(r"\d+\. ")
DAYS = ("%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
DAY = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d{2}-\d{2}")
CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
WORDS = re.compile(
    r"(?:(\d+)\s*(?:godz|g|h)\w*\.?)?\s*(?:(\d+)\s*m\w*\.?)?\s*(?:(\d+)\s*s\w*\.?)?"
)


class NoReport(ValueError):
    """The file holds no table of people; the message is for the person who gave it."""


@dataclass(frozen=True)
class Participant:
    """Somebody of a report. `minutes` of presence, all joinings together; None when not told."""

    name: str
    email: str = ""
    phone: str = ""
    sex: str = ""
    entity: str = ""
    minutes: int | None = None

    @property
    def row(self) -> str:
        """As a row that is pasted, in the order of `pasted_rows.COLUMNS`."""
        return "\t".join((self.name, self.entity, self.sex, self.phone, self.email))


@dataclass(frozen=True)
class MeetingReport:
    """The people in the order of the file, each once; `days` on which they joined."""

    people: list[Participant]
    days: set[date] = field(default_factory=set)

    @classmethod
    def of(cls, rows: list[list[Any]]) -> "MeetingReport":
        """Raises `NoReport` of rows in which nobody's name can be found."""
        table = [[as_text(cell) for cell in row] for row in rows]
        found = ((place, header_of(row)) for place, row in enumerate(table[:DEEPEST_HEADER]))
        place, columns = next(((place, names) for place, names in found if names), (0, None))
        if columns is None:
            raise NoReport(
                "W pliku nie ma kolumny z imieniem i nazwiskiem. Zapisz raport obecności ze "
                "spotkania bez zmian albo nazwij kolumnę „Imię i nazwisko”."
            )
        times = _Times.of(table[place])
        people: dict[tuple[str, str], Participant] = {}
        days = set()
        for cells in takewhile(_is_of_table, table[place + 1 :]):
            person = _participant(dict(zip(columns, cells, strict=False)), times.minutes(cells))
            days |= times.days(cells)
            key = fold(person.name), person.email.casefold()
            people[key] = _together(people[key], person) if key in people else person
        if not people:
            raise NoReport("W pliku nie ma nikogo: pod nagłówkiem nie stoi żaden wiersz.")
        return cls(list(people.values()), days)

    def at_least(self, minutes: float) -> tuple[list[Participant], list[Participant]]:
        """`(present so long or for a time not told, present for less)`."""
        long, short = [], []
        for person in self.people:
            is_long = person.minutes is None or person.minutes >= minutes
            (long if is_long else short).append(person)
        return long, short


@dataclass(frozen=True)
class _Times:
    """The places of the columns of time in a table; None where there is no such column."""

    length: int | None
    joined: int | None
    left: int | None

    @classmethod
    def of(cls, header: list[str]) -> "_Times":
        names = [bare_header(cell) for cell in header]
        return cls(*(_place(names, known) for known in (LENGTHS, JOINED, LEFT)))

    def minutes(self, cells: list[str]) -> int | None:
        return length_of(_cell(cells, self.length))

    def days(self, cells: list[str]) -> set[date]:
        days = (day_of(_cell(cells, place)) for place in (self.joined, self.left))
        return {day for day in days if day}


def _place(names: list[str], known: set[str]) -> int | None:
    return next((place for place, name in enumerate(names) if name in known), None)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _is_of_table(cells: list[str]) -> bool:
    """Whether the row is one of people: the table ends by an empty row, or a title of another."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and not (len(filled) == 1 and SECTION.match(filled[0]))


def _participant(cells: dict[str, str], minutes: int | None) -> Participant:
    name = cells.get("name") or cells.get("turned_name") or ""
    name = name or f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
    told = {name: cells.get(name, "") for name in ("email", "phone", "sex", "entity")}
    return Participant(name or told["email"], minutes=minutes, **told)


def _together(first: Participant, again: Participant) -> Participant:
    """Somebody who joined more than once; the later of equal sessions adds its minutes."""
    if first.minutes is None or again.minutes is None:
        return replace(first, minutes=None)
    return replace(first, minutes=first.minutes + again.minutes)


def length_of(text: str) -> int | None:
    """Minutes, rounded: "2 godz. 5 min 28 s", "1h 2m", "02:02", "00:45:12", "62"; else None."""
    text = text.strip().casefold()
    if text.replace(",", ".").replace(".", "", 1).isdecimal():
        return round(float(text.replace(",", ".")))
    match = CLOCK.fullmatch(text) or WORDS.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 60 + minutes + round(seconds / 60)


def day_of(text: str) -> date | None:
    """The day that a moment begins with; None of one whose month and day may be either."""
    match = DAY.match(text.strip())
    return next(_days(match[0]), None) if match else None


def _days(text: str) -> Iterator[date]:
    for pattern in DAYS:
        try:
            yield datetime.strptime(text, pattern).date()
        except ValueError:
            continue
