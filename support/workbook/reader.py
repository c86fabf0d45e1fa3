"""Reading a workbook: every row of it as values, and every error in it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from entities.models import Entity, LegalForm
from support.models import StaffMember
from support.models.session import term_between
from support.workbook import contract
from support.workbook.contract import SHEETS, Known, as_text

# Stands for a day that could not be read, when the hours of its term are still to be checked.
ORDINARY_DAY = date(2023, 6, 14)


class Error(NamedTuple):
    """What is wrong with one cell; `row` is that of the sheet, the header being 1."""

    sheet: str | None
    row: int | None
    column: str | None
    kind: str
    message: str
    value: str | None

    def __str__(self):
        parts = [
            f"arkusz „{self.sheet}”" if self.sheet else "",
            f"wiersz {self.row}" if self.row else "",
            f"kolumna „{self.column}”" if self.column else "",
        ]
        place = ", ".join(part for part in parts if part)
        found = f" (jest: „{self.value}”)" if self.value else ""
        return f"{place}: {self.message}{found}" if place else self.message


@dataclass
class Book:
    """A workbook as read. Only of a book without errors are the rows whole."""

    rows: dict = field(default_factory=dict)
    terms: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    only: Any = None
    project: Any = None
    missing: frozenset = frozenset()

    def __getitem__(self, sheet):
        return self.rows[sheet.name]

    def report(self, sheet, number, field_name, kind, message, value=""):
        header = sheet.header(field_name)
        self.errors.append(Error(sheet.name, number, header, kind, message, as_text(value)))

    def sort_errors(self):
        """In the order of the sheets, rows and columns."""
        sheets = [sheet.name for sheet in SHEETS]
        headers = [sheet.headers for sheet in SHEETS]

        def place(error):
            sheet = sheets.index(error.sheet)
            column = headers[sheet].index(error.column) if error.column else len(headers[sheet])
            return sheet, error.row or 0, column

        self.errors.sort(key=place)


def read_book(tables, only=None, project=None, missing=frozenset()):
    """The book of `{sheet: rows}`; a fault of its structure is reported alone.

    With `only` one sheet is read, and its codes may lead to what the project and the registers
    have; the other sheets of the book are empty. `missing` are the fields its file does not
    have: what is known of them stays.
    """
    book = Book(only=only, project=project, missing=missing)
    sheets = [only] if only else SHEETS
    rows = {sheet: _body(book, sheet, tables) if sheet in sheets else () for sheet in SHEETS}
    if not book.errors:
        known = Known.load()
        for sheet in SHEETS:
            book.rows[sheet.name] = list(_read_rows(book, sheet, rows[sheet], known))
        for check in CHECKS:
            check(book)
    book.sort_errors()
    return book


def _body(book, sheet, tables):
    """The rows below the header, or None when the sheet or a header of it is not there."""
    if sheet.name not in tables:
        message = f"Brakuje arkusza „{sheet.name}”."
        book.errors.append(Error(sheet.name, None, None, "missing_sheet", message, None))
        return None
    rows = iter(tables[sheet.name])
    found = [as_text(cell) for cell in next(rows, [])]
    width = len(sheet.columns)
    found += [""] * (width - len(found))
    for wanted, header in zip(sheet.headers, found, strict=False):
        if header != wanted:
            message = f"W tym miejscu ma być nagłówek „{wanted}”."
            book.errors.append(Error(sheet.name, 1, wanted, "wrong_header", message, header))
    for header in filter(None, found[width:]):
        if header == contract.MISTAKE:
            continue
        message = "Tej kolumny nie ma we wzorze skoroszytu."
        book.errors.append(Error(sheet.name, 1, None, "wrong_header", message, header))
    return rows


def _read_rows(book, sheet, rows, known):
    """Equal values are one object: a large workbook repeats few codes and days."""
    width = len(sheet.columns)
    seen = {}
    for number, cells in enumerate(rows, start=2):
        cells = [*cells[:width], *[""] * (width - len(cells))]
        if any(as_text(cell) for cell in cells):
            values = [
                _read_cell(book, sheet, column, number, cell, known)
                for column, cell in zip(sheet.columns, cells, strict=True)
            ]
            yield sheet.Row(number, *(seen.setdefault(value, value) for value in values))


def _read_cell(book, sheet, column, number, cell, known):
    """The value, or None after reporting why there is none."""
    fault = contract.fault_of(cell)
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


def _texts(value: Any):
    return value if isinstance(value, tuple) else (value,)


def check_duplicates(book):
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


def _check_trainings(book):
    """A training is known by person, topic and days: of two unlike rows neither would hold.

    Equal rows are one; without a last day it is the first.
    """
    first_rows = {}
    for row in book[contract.TRAININGS]:
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


def _check_once(book, sheet, key, blamed, message):
    first_rows = {}
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


def check_references(book):
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


def _known_codes(project):
    return {
        contract.ENTITIES: set(Entity.objects.values_list("code", flat=True)),
        contract.SERVICES: set(project.services.values_list("code", flat=True)),
    }


def check_relatives(book):
    """A founding group is an entity of that form, and no entity is its own relative."""
    forms = dict(Entity.objects.values_list("code", "legal_form")) if book.only else {}
    forms |= {row.code: row.legal_form for row in book[contract.ENTITIES]}
    groups = (None, LegalForm.INITIATIVE_GROUP)  # of an unreadable form the row itself is wrong
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


# Sheet, first day, last day, what is said.
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


def check_days(book):
    for sheet, first, last, message in DAYS_IN_ORDER:
        for row in book[sheet]:
            start, end = getattr(row, first), getattr(row, last)
            if start and end and end < start:
                book.report(sheet, row.number, last, "end_before_start", message, end)


def check_terms(book):
    """Works out each term once: `book.terms` is `{service: {day: (starts_at, ends_at, ...)}}`."""
    terms = defaultdict(dict)
    for row in book[contract.SESSIONS]:
        term = None
        if row.start is not None and row.end is not None:
            day = row.day or ORDINARY_DAY
            try:
                starts_at, ends_at, minutes = term_between(
                    day, row.start, row.end, row.break_minutes or 0
                )
                term = (starts_at, ends_at, row.break_minutes, minutes)
            except ValidationError as faults:
                for name, errors in faults.error_dict.items():
                    _report_term(book, row, name, errors[0])
        if row.day:
            terms[row.service].setdefault(row.day, term)
        else:
            terms[row.service].setdefault(None, term)
    book.terms = terms


def _report_term(book, row, name, error):
    value = getattr(row, name)
    book.report(contract.SESSIONS, row.number, name, error.code, error.message, value)


def check_attendances(book):
    """A term whose day could not be read (None) may be the one an attendance speaks of."""
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
