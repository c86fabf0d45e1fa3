"""What the exchange workbook holds: sheets, headers, and how a cell of each column is read.

A function that reads a cell takes the cell and what the database knows (`Known`). It answers the
value, or raises `ValidationError` with the kind of the error as its code.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Choices

from entities.identifiers import (
    read_file_postal_code,
    read_krs,
    read_nip,
    read_regon,
    read_teryt,
)
from entities.models import LegalForm, Person, SocialEnterpriseStatus, TerytCode
from owes.parsing import (
    read_decimal,
    read_file_date,
    read_file_time,
    read_text,
    read_whole,
)
from support.models import Adoption, Partnership, Service, ServiceType, Theme

# What a spreadsheet shows where a formula failed or a column is too narrow, in English and Polish.
SHEET_ERROR = re.compile(
    r"""\#(?: N/A | N/D!? | GETTING_DATA | (?:DIV|DZIEL)/0! | (?:NAME|NAZWA)\?
    | (?:NULL|ZERO|VALUE|ARG|REF|ADR|NUM|LICZBA|ERROR|BŁĄD)!
    | (?:SPILL|ROZLANIE|ROZLANY|CALC|OBL|OBLICZ|FIELD|POLE|BLOCKED|CONNECT|UNKNOWN|BUSY)!
    | (?:EXTERNAL|PYTHON|TIMEOUT)! | \#\#+ )
    | ERR:[0-9]{3}""",
    re.VERBOSE | re.IGNORECASE,
)
FAILED_CELL = "W komórce jest błąd arkusza kalkulacyjnego. Popraw formułę albo wpisz wartość."
# Without the characters that end the lines of a cell.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
REPLACEMENT = "\ufffd"
BROKEN_CELL = (
    f"W komórce jest znak, którego nie da się zapisać ({REPLACEMENT}). Wpisz treść od nowa."
)

# The column of errors in a file sent back to be corrected; it is never read.
MISTAKE = "Błąd"

CellReader = Callable[[Any, "Known"], Any]


@dataclass(frozen=True)
class Known:
    """The dictionaries of the database that cells are read by."""

    types: dict[str, int]
    themes: dict[str, int]
    teryt: dict[str, int]

    @classmethod
    def load(cls) -> "Known":
        types = ServiceType.objects.values_list("name", "pk")
        themes = Theme.objects.values_list("name", "pk")
        return cls(
            types={dictionary_key(name): pk for name, pk in types},
            themes={dictionary_key(name): pk for name, pk in themes},
            teryt=dict(TerytCode.objects.values_list("code", "local_government_id")),
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
    return read_text(CONTROL.sub(REPLACEMENT, str(value)))


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


def codes(value: Any, known: Known) -> tuple[str, ...]:
    return split_items(value)


def plain(read: Callable[[Any], Any]) -> CellReader:
    """A reader that needs nothing of the database."""
    return lambda value, known: read(value)


def _look_up(dictionary: Mapping[str, Any], item: str, hint: str = "") -> Any:
    value = dictionary.get(dictionary_key(item))
    if value is None:
        message = f"Nie ma takiej wartości w słowniku: „{item}”.{hint}"
        raise ValidationError(message, "unknown_value")
    return value


def choice(labels: Mapping[Any, Any]) -> CellReader:
    """A reader of one value of `{label: value}`; the label in lower or upper case."""
    dictionary = {dictionary_key(label): value for label, value in labels.items()}
    hint = f" Może być: {', '.join(labels)}."
    return lambda value, known: _look_up(dictionary, as_text(value), hint)


def choice_of(choices: type[Choices], without: Collection[Choices] = ()) -> CellReader:
    return choice({member.label: member.value for member in choices if member not in without})


def service_type(value: Any, known: Known) -> int:
    return _look_up(known.types, as_text(value))


def themes(value: Any, known: Known) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_look_up(known.themes, item) for item in split_items(value)))


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


class SheetColumn(NamedTuple):
    """`field` is the name in the row read; `empty` is what an empty cell means."""

    field: str
    header: str
    read: CellReader = text
    required: bool = False
    longest: int = 0
    empty: Any = ""


def day(field: str, header: str, required: bool = False) -> SheetColumn:
    return SheetColumn(field, header, plain(read_file_date), required, empty=None)


def code(field: str, header: str, required: bool = True) -> SheetColumn:
    return SheetColumn(field, header, required=required, longest=30)


def number(field: str, header: str, read: Callable[[Any], Any]) -> SheetColumn:
    return SheetColumn(field, header, plain(read))


def many(field: str, header: str) -> SheetColumn:
    return SheetColumn(field, header, codes, empty=())


@dataclass(frozen=True)
class Sheet:
    """`stem` names the file of the sheet in a folder of CSV files."""

    name: str
    stem: str
    columns: tuple[SheetColumn, ...]

    @cached_property
    def Row(self) -> Any:
        """A row read: `number` is that of the sheet, a value that could not be read is None."""
        return namedtuple("Row", ["number", *(column.field for column in self.columns)])

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Headers of the columns that no row may leave empty."""
        return [column.header for column in self.columns if column.required]

    def header(self, field: str) -> str:
        return next(column.header for column in self.columns if column.field == field)


def pick(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """`{field: value}` of a row read."""
    return {field: getattr(row, field) for field in fields}


ENTITIES = Sheet(
    "Podmioty",
    "entities",
    (
        code("code", "Kod"),
        SheetColumn("name", "Nazwa", required=True, longest=300),
        SheetColumn("legal_form", "Forma prawna", choice_of(LegalForm), required=True),
        number("nip", "NIP", read_nip),
        number("regon", "REGON", read_regon),
        number("krs", "KRS", read_krs),
        SheetColumn("other_register", "Inny rejestr", longest=200),
        day("registered_on", "Data rejestracji"),
        day("struck_off_on", "Data wykreślenia"),
        SheetColumn("seat", "TERYT gminy", gmina, empty=None),
        number("postal_code", "Kod pocztowy", read_file_postal_code),
        SheetColumn("locality", "Miejscowość", longest=100),
        SheetColumn("street", "Ulica", longest=200),
        SheetColumn("phone", "Telefon", longest=50),
        SheetColumn("email", "E-mail", longest=254),
        code("parent", "Podmiot prowadzący", required=False),
        code("founding_group", "Grupa inicjatywna", required=False),
        day("joined_on", "Data zgłoszenia"),
    ),
)
STATUSES = Sheet(
    "Statusy PS",
    "statuses",
    (
        code("entity", "Podmiot"),
        SheetColumn("basis", "Podstawa", choice_of(SocialEnterpriseStatus.Basis), required=True),
        SheetColumn("decision_number", "Numer decyzji", longest=100),
        day("start", "Od", required=True),
        day("end", "Do"),
    ),
)
PEOPLE = Sheet(
    "Osoby",
    "people",
    (
        code("code", "Kod"),
        SheetColumn("first_name", "Imię", required=True, longest=100),
        SheetColumn("last_name", "Nazwisko", required=True, longest=100),
        SheetColumn(
            "sex",
            "Płeć",
            choice({"K": "K", "M": "M"} | {sex.label: sex.value for sex in Person.Sex}),
            required=True,
        ),
        day("birth_date", "Data urodzenia"),
        SheetColumn("email", "E-mail", longest=254),
        SheetColumn("phone", "Telefon", longest=50),
        SheetColumn("gmina", "TERYT gminy", gmina, empty=None),
        day("signed_on", "Data oświadczenia RODO"),
    ),
)
REPRESENTATIONS = Sheet(
    "Reprezentacje",
    "representations",
    (
        code("person", "Osoba"),
        code("entity", "Podmiot"),
        SheetColumn("role", "Funkcja", longest=100),
        day("start", "Od"),
        day("end", "Do"),
    ),
)
SERVICES = Sheet(
    "Usługi",
    "services",
    (
        code("code", "Nr"),
        SheetColumn("type", "Rodzaj", service_type, required=True),
        SheetColumn("topic", "Temat", required=True, longest=300),
        SheetColumn("advisers", "Doradca", codes, required=True, longest=150, empty=()),
        SheetColumn("mode", "Tryb", choice_of(Service.Mode)),
        SheetColumn("place", "Miejsce", longest=200),
        SheetColumn("activity", "Działanie", longest=200),
        SheetColumn(
            "state",
            "Stan",
            choice_of(Service.State, without=[Service.State.RETURNED]),
            required=True,
        ),
        many("entities", "Podmioty"),
        SheetColumn("themes", "Zagadnienia", themes, empty=()),
    ),
)
SESSIONS = Sheet(
    "Terminy",
    "sessions",
    (
        code("service", "Usługa"),
        day("day", "Data", required=True),
        SheetColumn("start", "Od", plain(read_file_time), required=True, empty=None),
        SheetColumn("end", "Do", plain(read_file_time), required=True, empty=None),
        SheetColumn("break_minutes", "Przerwa (min)", break_minutes, empty=0),
    ),
)
ATTENDANCES = Sheet(
    "Obecności",
    "attendances",
    (
        code("service", "Usługa"),
        day("day", "Data", required=True),
        code("person", "Osoba"),
        code("entity", "Podmiot"),
    ),
)
PARTNERSHIPS = Sheet(
    "Współpraca JST",
    "partnerships",
    (
        code("code", "Nr"),
        SheetColumn("local_government", "TERYT", local_government, required=True, empty=None),
        SheetColumn("kind", "Rodzaj", choice_of(Partnership.Kind), required=True),
        SheetColumn("document_number", "Numer dokumentu", longest=100),
        day("day", "Data", required=True),
        many("entities", "Podmioty"),
        SheetColumn("description", "Opis"),
    ),
)
ADOPTIONS = Sheet(
    "Wdrożenia",
    "adoptions",
    (
        code("code", "Nr"),
        code("entity", "Podmiot"),
        SheetColumn("kind", "Rodzaj", choice_of(Adoption.Kind), required=True),
        day("day", "Data", required=True),
        SheetColumn("description", "Opis"),
        many("services", "Usługi"),
    ),
)
TRAININGS = Sheet(
    "Kadra",
    "staff",
    (
        SheetColumn("staff_member", "Pracownik", required=True, longest=150),
        SheetColumn("topic", "Temat", required=True, longest=300),
        SheetColumn("organiser", "Organizator", longest=200),
        day("start", "Od", required=True),
        day("end", "Do"),
        SheetColumn("hours", "Godziny", plain(read_decimal), empty=None),
        SheetColumn("certificate_number", "Nr zaświadczenia", longest=100),
    ),
)

SHEETS = (
    ENTITIES,
    STATUSES,
    PEOPLE,
    REPRESENTATIONS,
    SERVICES,
    SESSIONS,
    ATTENDANCES,
    PARTNERSHIPS,
    ADOPTIONS,
    TRAININGS,
)
