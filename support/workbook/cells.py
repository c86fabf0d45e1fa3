"""How a cell of the exchange workbook is read.

A function that reads a cell takes the cell and what the database knows (`Known`). It answers the
value, or raises `ValidationError` with the kind of the error as its code.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Choices

from entities.identifiers import read_teryt
from entities.models import TerytCode
from owes.exports import FORMULA_STARTS
from owes.folding import fold
from owes.parsing.numbers import read_whole
from owes.parsing.text import read_text
from support.models import AdoptionKind, ServiceType, StaffMember, Theme

# What a spreadsheet shows where a formula failed or a column is too narrow, in English and Polish.
SHEET_ERROR = re.compile(
    r"""\#(?: N/A | N/D!? | GETTING_DATA | (?:DIV|DZIEL)/0! | (?:NAME|NAZWA)\?
    | (?:NULL|ZERO|VALUE|ARG|REF|ADR|NUM|LICZBA|ERROR|BŁĄD)!
    | (?:SPILL|ROZLANIE|ROZLANY|CALC|OBL|OBLICZ|FIELD|POLE|BLOCKED|CONNECT|UNKNOWN|BUSY)!
    | (?:EXTERNAL|PYTHON|TIMEOUT)! | \#\#+ )
    | ERR:[0-9]{3}""",
    re.VERBOSE | re.IGNORECASE,
)
TITLES = {"mgr", "dr", "inz", "hab", "prof", "lic"}
# Share of common letters from which one name may be a slip of another.
LIKE_A_NAME = 0.75
# The same of the words of a dictionary, of which a few are offered.
LIKE_A_WORD = 0.6
MOST_OFFERED = 3
MOST_LISTED = 12
FAILED_CELL = "W komórce jest błąd arkusza kalkulacyjnego. Popraw formułę albo wpisz wartość."
# Without the characters that end the lines of a cell.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
REPLACEMENT = "\ufffd"
# What an export writes before a text that a spreadsheet would take for a formula.
GUARDED = re.compile(f"'+[{re.escape(''.join(FORMULA_STARTS))}]")
BROKEN_CELL = (
    f"W komórce jest znak, którego nie da się zapisać ({REPLACEMENT}). Wpisz treść od nowa."
)

CellReader = Callable[[Any, "Known"], Any]


@dataclass(frozen=True)
class Known:
    """The dictionaries of the database that cells are read by."""

    types: dict[str, int]
    themes: dict[str, int]
    teryt: dict[str, int]
    staff: dict[str, list[str]]
    type_names: tuple[str, ...] = ()
    theme_names: tuple[str, ...] = ()
    adoption_kinds: dict[str, str] = field(default_factory=dict)
    adoption_names: tuple[str, ...] = ()

    @classmethod
    def load(cls) -> "Known":
        types = list(ServiceType.objects.values_list("name", "pk"))
        themes = list(Theme.objects.values_list("name", "pk"))
        kinds = list(AdoptionKind.objects.values_list("name", "pk"))
        return cls(
            types={dictionary_key(name): pk for name, pk in types},
            themes={dictionary_key(name): pk for name, pk in themes},
            teryt=dict(TerytCode.objects.values_list("code", "local_government_id")),
            staff=_names_by_words(StaffMember.objects.values_list("name", flat=True)),
            type_names=tuple(name for name, _ in types),
            theme_names=tuple(name for name, _ in themes),
            adoption_kinds={dictionary_key(name): pk for name, pk in kinds},
            adoption_names=tuple(name for name, _ in kinds),
        )


def as_text(value: Any) -> str:
    """The text of a cell: Excel gives 17 as 17.0, and a day it recognised as a date.

    `REPLACEMENT` stands for a control character, which not every database keeps.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "PRAWDA" if value else "FAŁSZ"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return hour_minute(value)
    text = read_text(CONTROL.sub(REPLACEMENT, str(value)))
    return text[1:] if GUARDED.match(text) else text


def fault_of(cell: Any) -> str:
    """Why no column takes the cell: an error instead of a value, a broken character; else ""."""
    text = as_text(cell) if isinstance(cell, str) else ""
    if any(SHEET_ERROR.fullmatch(item.strip()) for item in text.split(";")):
        return FAILED_CELL
    return BROKEN_CELL if REPLACEMENT in text else ""


def hour_minute(length: timedelta) -> str:
    """30:00 of a cell that Excel keeps as a length of time, as the cell shows it."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02}"


def dictionary_key(text: str) -> str:
    return " ".join(text.casefold().split())


def split_items(value: Any) -> tuple[str, ...]:
    """The items of a cell joined by `;`, each once, in their order."""
    items = (item.strip() for item in as_text(value).split(";"))
    return tuple(dict.fromkeys(item for item in items if item))


def text(value: Any, known: Known) -> str:
    return as_text(value)


def name(value: Any, known: Known) -> str:
    text = as_text(value)
    if not any(map(str.isalpha, text)):
        raise ValidationError("Podaj nazwę z literami.", "no_letters")
    return text


def codes(value: Any, known: Known) -> tuple[str, ...]:
    return split_items(value)


def staff_names(value: Any, known: Known) -> tuple[str, ...]:
    """The names of the list of staff that are meant: in either order, without titles, any marks.

    Nobody new is made of a misspelt name.
    """
    items = split_items(as_text(value).replace(",", ";"))
    return tuple(dict.fromkeys(_staff_name(item, known) for item in items))


def _staff_name(item: str, known: Known) -> str:
    names = known.staff.get(_words_of_name(item), [])
    if len(names) == 1 or item in names:
        return item if item in names else names[0]
    close = get_close_matches(_words_of_name(item), known.staff, 1, LIKE_A_NAME)
    hint = f" Czy to {known.staff[close[0]][0]}?" if close else ""
    raise ValidationError(
        f"Nie ma w kadrze: „{item}”.{hint} Popraw nazwisko albo dopisz tę osobę do kadry.",
        "unknown_reference",
    )


def _names_by_words(names: Iterable[str]) -> dict[str, list[str]]:
    by_words: dict[str, list[str]] = {}
    for name in names:
        by_words.setdefault(_words_of_name(name), []).append(name)
    return by_words


def _words_of_name(name: str) -> str:
    words = fold(name.replace(".", " ")).split()
    return " ".join(sorted(word for word in words if word not in TITLES))


def plain(read: Callable[[Any], Any]) -> CellReader:
    """A reader that needs nothing of the database."""
    return lambda value, known: read(value)


def _look_up(dictionary: Mapping[str, Any], item: str, names: Iterable[str]) -> Any:
    """The value of a word; `names` are the words as they are written, to be offered instead."""
    value = dictionary.get(dictionary_key(item))
    if value is None:
        message = f"Nie ma takiej wartości w słowniku: „{item}”.{_offer(item, list(names))}"
        raise ValidationError(message, "unknown_value")
    return value


def _offer(item: str, names: list[str]) -> str:
    """The words that are nearest to one that is unknown; where none is near, all of a few."""
    by_words = {fold(name): name for name in names}
    begun = [
        name
        for words, name in by_words.items()
        if fold(item) and all(f" {part}" in f" {words}" for part in fold(item).split())
    ]
    close = get_close_matches(fold(item), by_words, MOST_OFFERED, LIKE_A_WORD)
    near = list(dict.fromkeys([*(by_words[words] for words in close), *begun]))[:MOST_OFFERED]
    if near:
        return f" Może chodziło o: {', '.join(near)}."
    return f" Może być: {', '.join(names)}." if 0 < len(names) <= MOST_LISTED else ""


def choice(labels: Mapping[Any, Any]) -> CellReader:
    """A reader of one value of `{label: value}`; the label in lower or upper case."""
    dictionary = {dictionary_key(label): value for label, value in labels.items()}
    return lambda value, known: _look_up(dictionary, as_text(value), labels)


def choice_of(choices: type[Choices], without: Collection[Choices] = ()) -> CellReader:
    return choice({member.label: member.value for member in choices if member not in without})


def service_type(value: Any, known: Known) -> int:
    return _look_up(known.types, as_text(value), known.type_names)


def themes(value: Any, known: Known) -> tuple[int, ...]:
    names = known.theme_names
    return tuple(dict.fromkeys(_look_up(known.themes, item, names) for item in split_items(value)))


def adoption_kind(value: Any, known: Known) -> str:
    key: str = _look_up(known.adoption_kinds, as_text(value), known.adoption_names)
    return key


def teryt_of(lengths: Collection[int], message: str) -> CellReader:
    def read(value: Any, known: Known) -> int:
        code = read_teryt(value)
        if len(code) not in lengths or code not in known.teryt:
            raise ValidationError(message, "unknown_teryt")
        return known.teryt[code]

    return read


gmina = teryt_of([7], "Nie ma gminy o tym kodzie TERYT. Podaj siedem cyfr.")
local_government = teryt_of(
    [2, 4, 7], "Nie ma samorządu o tym kodzie TERYT. Podaj dwie, cztery albo siedem cyfr."
)


def break_minutes(value: Any, known: Known) -> int:
    minutes = read_whole(value)
    if minutes < 0:
        raise ValidationError("Przerwa nie może być ujemna.", "bad_number")
    return minutes
