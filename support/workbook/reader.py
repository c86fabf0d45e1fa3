"""Reading a workbook: every row of it as values, and every error in it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import ValidationError

from entities.models import Entity, Kind, LegalForm, merged_codes
from support.models import Project, StaffMember, StaffTraining
from support.models.session import term_between
from support.workbook import contract
from support.workbook.cells import Known, as_text, fault_of
from support.workbook.contract import SHEETS, Sheet, SheetColumn

# Stands for a day that could not be read, when the hours of its term are still to be checked.
ORDINARY_DAY = date(2023, 6, 14)


# Fields of a flat sheet in place of those of the register that it speaks of.
IN_FLAT = {
    (contract.ENTITIES.name, "code"): "entity_code",
    (contract.ENTITIES.name, "name"): "entity",
    (contract.PEOPLE.name, "code"): "person_code",
}


class Error(NamedTuple):
    """What is wrong with one cell; `row` is that of the sheet, the header being 1."""

    sheet: str | None
    row: int | None
    column: str | None
    kind: str | None
    message: str
    value: str | None

    @classmethod
    def of_file(cls, kind: str, message: str) -> "Error":
        """What is wrong with the file as a whole."""
        return cls(None, None, None, kind, message, None)

    def __str__(self) -> str:
        parts = [
            f"arkusz „{self.sheet}”" if self.sheet else "",
            f"wiersz {self.row}" if self.row else "",
            f"kolumna „{self.column}”" if self.column else "",
        ]
        place = ", ".join(part for part in parts if part)
        cell = f" (jest: „{self.value}”)" if self.value else ""
        return f"{place}: {self.message}{cell}" if place else self.message


class Tables(Protocol):
    """The rows of each sheet by its name, the header first."""

    def __contains__(self, name: Any, /) -> bool: ...

    def __getitem__(self, name: str, /) -> Iterable[list]: ...


class Term(NamedTuple):
    """The columns of a session beside its day; see `term_between`."""

    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    minutes: int


# `{service: {day: its term}}`; the term is None where its hours could not be read.
Terms = Mapping[str, Mapping[date | None, Term | None]]


@dataclass
class Book:
    """A workbook as read. The rows are complete only in a book without errors.

    `left_out` are rows of the file that are no data: their numbers and texts. What identifying
    found: `doubts`, rows to be asked about; `others`, rows that are none of the records with
    these keys; `joined`, codes of records that the file names only by other ones. `saved` gives
    the code and the key under which a row without a known code was saved. `flat` are the rows of
    a flat sheet; the registers then hold whom these speak of. `numbers` lead from the key of a
    record in such a file to the number of its row, as `outcomes.numbers_of` does for others;
    `maiden_names` are by the number of the row that tells them. `without` are rows that are left
    alone: `(sheet, number)`; `faulty` are the cells with an error: `(sheet, number, field)`, and
    `uncertain` the records of a flat sheet, by register and name, of which such a row speaks.
    """

    rows: dict[str, list] = field(default_factory=dict)
    terms: Terms = field(default_factory=dict)
    errors: list[Error] = field(default_factory=list)
    only: Sheet | None = None
    project: Project | None = None
    missing: Collection[str] = frozenset()
    left_out: Collection[tuple[int, str]] = ()
    doubts: list = field(default_factory=list)
    others: list[tuple[Sheet, int, int]] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)
    saved: dict[tuple[Sheet, int], tuple[str, int]] = field(default_factory=dict)
    flat: list = field(default_factory=list)
    numbers: dict[tuple, int] = field(default_factory=dict)
    maiden_names: Mapping[int, str] = field(default_factory=dict)
    without: Collection[tuple[str, int]] = frozenset()
    faulty: set[tuple[str, int, str]] = field(default_factory=set)
    uncertain: set[tuple[Sheet, str]] = field(default_factory=set)

    def __getitem__(self, sheet: Sheet) -> list:
        return self.rows[sheet.name]

    def report(
        self,
        sheet: Sheet,
        number: int,
        field: str,
        kind: str | None,
        message: Any,
        value: Any = "",
    ) -> None:
        if self.is_flat and sheet is not self.only:
            sheet, field = self.only, IN_FLAT.get((sheet.name, field), field)  # type: ignore[assignment]
        header = sheet.header(field)
        self.faulty.add((sheet.name, number, field))
        self.errors.append(Error(sheet.name, number, header, kind, message, as_text(value)))

    @property
    def row_count(self) -> int:
        """How many rows of the file it has."""
        return len(self.flat) if self.is_flat else sum(map(len, self.rows.values()))

    def is_faulty(self, sheet: Sheet, number: int, fields: Iterable[str]) -> bool:
        """Whether a cell of these fields has an error: no other is to be made of it."""
        return any((sheet.name, number, field) in self.faulty for field in fields)

    def faulty_rows(self, sheet: Sheet) -> set[int]:
        return {number for name, number, _ in self.faulty if name == sheet.name}

    @property
    def is_flat(self) -> bool:
        return bool(self.only and self.only.is_flat)

    def sort_errors(self) -> None:
        """In the order of the sheets, rows and columns."""
        all_sheets = [self.only] if self.only else SHEETS
        sheets: list[str | None] = [sheet.name for sheet in all_sheets]
        headers = [sheet.headers for sheet in all_sheets]

        def place(error: Error) -> tuple[int, int, int]:
            sheet = sheets.index(error.sheet)
            column = headers[sheet].index(error.column) if error.column else len(headers[sheet])
            return sheet, error.row or 0, column

        self.errors.sort(key=place)


def read_book(
    tables: Tables,
    only: Sheet | None = None,
    project: Project | None = None,
    missing: Collection[str] = frozenset(),
    header_row: int = 1,
    without: Collection[tuple[str, int]] = frozenset(),
) -> Book:
    """The book of `{sheet: rows}`. When its structure is wrong, nothing else is checked.

    With `only` one sheet is read, and its codes may name what the project and the registers
    have; the other sheets of the book are empty. `missing` are the fields that the file does not
    have: what is known of them stays. `header_row` is the number of the header in the file.
    """
    book = Book(only=only, project=project, missing=missing, without=without)
    sheets = [only] if only else SHEETS
    rows = {sheet: _body(book, sheet, tables) if sheet in sheets else () for sheet in SHEETS}
    if not book.errors:
        known = Known.load()
        for sheet in SHEETS:
            book.rows[sheet.name] = list(
                read_rows(book, sheet, rows[sheet], known, header_row + 1)
            )
        for check in CHECKS:
            check(book)
    book.sort_errors()
    return book


def _body(book: Book, sheet: Sheet, tables: Tables) -> Iterable[list]:
    """The rows below the header; none when there is no such sheet."""
    if sheet.name not in tables:
        message = f"Brakuje arkusza „{sheet.name}”."
        book.errors.append(Error(sheet.name, None, None, "missing_sheet", message, None))
        return ()
    rows = iter(tables[sheet.name])
    headers = [as_text(cell) for cell in next(rows, [])]
    width = len(sheet.columns)
    headers += [""] * (width - len(headers))
    for wanted, header in zip(sheet.headers, headers, strict=False):
        if header != wanted:
            message = f"W tym miejscu ma być nagłówek „{wanted}”."
            book.errors.append(Error(sheet.name, 1, wanted, "wrong_header", message, header))
    for header in filter(None, headers[width:]):
        if header == contract.MISTAKE:
            continue
        message = "Tej kolumny nie ma we wzorze skoroszytu."
        book.errors.append(Error(sheet.name, 1, None, "wrong_header", message, header))
    return rows


def read_rows(
    book: Book, sheet: Sheet, rows: Iterable[list], known: Known, first: int
) -> Iterator[Any]:
    """Equal values are one object: a large workbook repeats few codes and days."""
    width = len(sheet.columns)
    required = set(sheet.required_alone if book.only else sheet.required)
    columns = [column._replace(required=column.header in required) for column in sheet.columns]
    values: dict = {}
    for number, cells in enumerate(rows, start=first):
        cells = [*cells[:width], *[""] * (width - len(cells))]
        if any(map(as_text, cells)) and (sheet.name, number) not in book.without:
            row = {}
            for column, cell in zip(columns, cells, strict=True):
                value = _read_cell(book, sheet, column, number, cell, known)
                row[column.field] = values.setdefault(value, value)
            yield sheet.Row(number=number, **row)


def _read_cell(
    book: Book, sheet: Sheet, column: SheetColumn, number: int, cell: Any, known: Known
) -> Any:
    """The value, or None after reporting why there is none."""
    fault = fault_of(cell)
    try:
        value = column.read(cell, known) if as_text(cell) else column.empty
        if fault:
            raise ValidationError(fault, "unknown_value")
    except ValidationError as error:
        book.report(sheet, number, column.field, error.code, fault or error.message, cell)
        return None
    if column.required and value in (None, "", ()):
        book.report(sheet, number, column.field, "required", "Ta komórka musi być wypełniona.")
    if column.longest and any(len(part) > column.longest for part in _texts(value)):
        message = f"Tekst jest za długi: najwyżej {column.longest} znaków."
        book.report(sheet, number, column.field, "too_long", message, cell)
    return value


def _texts(value: Any) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def check_duplicates(book: Book) -> None:
    for sheet in (
        contract.ENTITIES,
        contract.PEOPLE,
        contract.SERVICES,
        contract.PARTNERSHIPS,
        contract.ADOPTIONS,
    ):
        _check_once(book, sheet, ["code"], "code", "Ten kod jest już w wierszu {first}.")
    _check_once(
        book,
        contract.SESSIONS,
        ["service", "day"],
        "day",
        "Usługa ma już termin tego dnia w wierszu {first}.",
    )
    _check_once(
        book,
        contract.ATTENDANCES,
        ["service", "day", "person", "entity"],
        "person",
        "Ta sama obecność jest już w wierszu {first}.",
    )
    _check_trainings(book)


def _check_trainings(book: Book) -> None:
    """A training is known by person, topic and days: two rows equal in these may not differ.

    Equal rows are one training. A training without a last day ended on its first day.
    """
    first_rows: dict = {}
    for row in book[contract.TRAININGS]:
        if sentence := StaffTraining.too_long(row.hours, row.start, row.end):
            book.report(
                contract.TRAININGS, row.number, "hours", "too_long", sentence, str(row.hours)
            )
        days = (row.start, row.end or row.start)
        key = (StaffMember.key(row.staff_member or ""), row.topic, *days)
        content = (row.end, row.organiser, row.hours, row.certificate_number)
        number, known = first_rows.setdefault(key, (row.number, content))
        if all(key) and content != known:
            message = (
                f"To szkolenie tej osoby w tych dniach jest już w wierszu {number}, "
                "z inną treścią. Popraw jeden z tych wierszy albo go usuń."
            )
            book.report(contract.TRAININGS, row.number, "start", "duplicate", message, row.start)


def _check_once(book: Book, sheet: Sheet, key: list[str], blamed: str, message: str) -> None:
    """Reports in the column `blamed` each row whose `key` an earlier row has."""
    first_rows: dict = {}
    for row in book[sheet]:
        values = tuple(getattr(row, name) for name in key)
        if not all(values):
            continue
        first = first_rows.setdefault(values, row.number)
        if first != row.number:
            text = message.format(first=first)
            book.report(sheet, row.number, blamed, "duplicate", text, getattr(row, blamed))


# Sheet, column, the sheet it points to.
REFERENCES = [
    (contract.ENTITIES, "parent", contract.ENTITIES),
    (contract.ENTITIES, "founding_group", contract.ENTITIES),
    (contract.STATUSES, "entity", contract.ENTITIES),
    (contract.REPRESENTATIONS, "person", contract.PEOPLE),
    (contract.REPRESENTATIONS, "entity", contract.ENTITIES),
    (contract.SERVICES, "entities", contract.ENTITIES),
    (contract.SESSIONS, "service", contract.SERVICES),
    (contract.ATTENDANCES, "service", contract.SERVICES),
    (contract.ATTENDANCES, "person", contract.PEOPLE),
    (contract.ATTENDANCES, "entity", contract.ENTITIES),
    (contract.PARTNERSHIPS, "entities", contract.ENTITIES),
    (contract.ADOPTIONS, "entity", contract.ENTITIES),
    (contract.ADOPTIONS, "services", contract.SERVICES),
]


def check_references(book: Book) -> None:
    defined = {sheet: {row.code for row in book[sheet]} for *_, sheet in REFERENCES}
    if book.only:
        for sheet, codes in _known_codes(book.project).items():
            defined[sheet] |= codes
    for sheet, name, target in REFERENCES:
        for row in book[sheet]:
            cell = getattr(row, name)
            unknown = [code for code in _texts(cell) if code and code not in defined[target]]
            if unknown:
                message = f"W arkuszu „{target.name}” nie ma kodu {', '.join(unknown)}."
                value = "; ".join(_texts(cell))
                book.report(sheet, row.number, name, "unknown_reference", message, value)


def _known_codes(project: Any) -> dict[Sheet, set[str]]:
    return {
        contract.ENTITIES: {
            *Entity.objects.values_list("code", flat=True),
            *merged_codes(Kind.ENTITY),
        },
        contract.SERVICES: set(project.services.values_list("code", flat=True)),
    }


def check_relatives(book: Book) -> None:
    """A founding group is an entity of that form, and no entity is its own relative."""
    forms = dict(Entity.objects.values_list("code", "legal_form")) if book.only else {}
    forms |= {row.code: row.legal_form for row in book[contract.ENTITIES]}
    # None is a form that could not be read: an error of its own row.
    groups = (None, LegalForm.INITIATIVE_GROUP)
    for row in book[contract.ENTITIES]:
        for name in ("parent", "founding_group"):
            code = getattr(row, name)
            if not code or code not in forms:
                continue
            if code == row.code:
                message = "Podmiot nie może wskazywać na samego siebie."
            elif name == "founding_group" and forms[code] not in groups:
                message = f"Podmiot {code} nie ma formy „grupa inicjatywna”."
            else:
                continue
            book.report(contract.ENTITIES, row.number, name, "unknown_reference", message, code)


# Sheet, first day, last day, message.
DAYS_IN_ORDER = [
    (
        contract.ENTITIES,
        "registered_on",
        "struck_off_on",
        "Data wykreślenia jest wcześniejsza niż data rejestracji.",
    ),
    (contract.STATUSES, "start", "end", "Koniec statusu jest wcześniejszy niż początek."),
    (
        contract.REPRESENTATIONS,
        "start",
        "end",
        "Koniec reprezentacji jest wcześniejszy niż początek.",
    ),
    (contract.TRAININGS, "start", "end", "Koniec szkolenia jest wcześniejszy niż początek."),
]


def check_days(book: Book) -> None:
    for sheet, first, last, message in DAYS_IN_ORDER:
        for row in book[sheet]:
            start, end = getattr(row, first), getattr(row, last)
            if start and end and end < start:
                book.report(sheet, row.number, last, "end_before_start", message, end)


def check_terms(book: Book) -> None:
    """Sets `book.terms`, so that each term is computed once."""
    terms: dict = defaultdict(dict)
    for row in book[contract.SESSIONS]:
        term = None
        if row.start is not None and row.end is not None:
            day = row.day or ORDINARY_DAY
            try:
                starts_at, ends_at, minutes = term_between(
                    day, row.start, row.end, row.break_minutes or 0
                )
                term = Term(starts_at, ends_at, row.break_minutes, minutes)
            except ValidationError as faults:
                for name, errors in faults.error_dict.items():
                    _report_term(book, row, name, errors[0])
        terms[row.service].setdefault(row.day or None, term)
    book.terms = terms


def _report_term(book: Book, row: Any, name: str, error: ValidationError) -> None:
    value = getattr(row, name)
    book.report(contract.SESSIONS, row.number, name, error.code, error.message, value)


def check_attendances(book: Book) -> None:
    """An attendance on a day without a term is an error.

    A term whose day could not be read (None) may be of that day, so then nothing is reported.
    """
    services = {row.code for row in book[contract.SERVICES]}
    for row in book[contract.ATTENDANCES]:
        if not row.day or row.service not in services:
            continue
        days = book.terms.get(row.service, ())
        if row.day not in days and None not in days:
            message = "Usługa nie ma terminu tego dnia."
            book.report(contract.ATTENDANCES, row.number, "day", "no_term", message, row.day)


CHECKS = [
    check_duplicates,
    check_references,
    check_relatives,
    check_days,
    check_terms,
    check_attendances,
]
