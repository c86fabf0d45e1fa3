"""What the exchange workbook holds: its sheets, their headers and the reader of each column."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from entities.identifiers import read_file_krs, read_file_postal_code, read_nip, read_regon
from entities.models import LegalForm, Person, SocialEnterpriseStatus
from owes.parsing.days import read_file_date
from owes.parsing.hours import read_file_time
from owes.parsing.numbers import read_decimal
from support.models import Partnership, Service
from support.workbook.cells import (
    CellReader,
    adoption_kind,
    break_minutes,
    choice,
    choice_of,
    codes,
    gmina,
    local_government,
    name,
    plain,
    service_type,
    text,
    themes,
)

# The column of errors in a file sent back to be corrected; it is never read.
MISTAKE = "Błąd"


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
    """`stem` names the file of the sheet in a folder of CSV files.

    `owners` are folded words by which headers say of whom a column is. Of a register in which
    `names_may_do` a row without a code is known by what it says. `needs_one_of` are groups of
    fields of which a file alone must have one; `words` are other headers of a column.
    """

    name: str
    stem: str
    columns: tuple[SheetColumn, ...]
    owners: tuple[str, ...] = ()
    names_may_do: bool = False
    needs_one_of: tuple[tuple[str, ...], ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def Row(self) -> Any:
        """A row read: `number` is that of the sheet, a value that could not be read is None."""
        return namedtuple("Row", ["number", *(column.field for column in self.columns)])

    @property
    def is_flat(self) -> bool:
        """Whether it speaks of records by what is known of them; see `flat_contract`."""
        return bool(self.needs_one_of)

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Headers of the columns that no row may leave empty."""
        return [column.header for column in self.columns if column.required]

    @property
    def required_alone(self) -> list[str]:
        """Those that a file of this register alone must fill."""
        return [
            column.header
            for column in self.columns
            if column.required and not (self.names_may_do and column.field == "code")
        ]

    @property
    def needed_alone(self) -> list[str]:
        """The same in words, with the groups of which one is enough: "Podmiot albo NIP"."""
        groups = (" albo ".join(map(self.header, group)) for group in self.needs_one_of)
        return [*self.required_alone, *groups]

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
        SheetColumn("name", "Nazwa", name, required=True, longest=300),
        SheetColumn("legal_form", "Forma prawna", choice_of(LegalForm), required=True),
        number("nip", "NIP", read_nip),
        number("regon", "REGON", read_regon),
        number("krs", "KRS", read_file_krs),
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
    owners=("podmiotu", "organizacji", "pes", "ps", "siedziby"),
    names_may_do=True,
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
        SheetColumn("first_name", "Imię", name, required=True, longest=100),
        SheetColumn("last_name", "Nazwisko", name, required=True, longest=100),
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
    owners=(
        *("uczestnika", "uczestniczki", "uczestnik", "uczestniczka", "osoby", "osoba"),
        *("przedstawiciela", "reprezentanta", "beneficjenta"),
    ),
    names_may_do=True,
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


def state_in_files(state: str) -> str:
    """The format has no word for a service that was returned: it is a draft to be mended."""
    return Service.State.DRAFT.value if state == Service.State.RETURNED else state


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
        SheetColumn("kind", "Rodzaj", adoption_kind, required=True),
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
