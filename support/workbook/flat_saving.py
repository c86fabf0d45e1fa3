"""Saves a flat sheet: adds what it says to what is known, and takes nothing away."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError

from entities.models import Entity, Person, Representation, SocialEnterpriseStatus
from support.models import Declaration, Enrolment, Project, Service
from support.workbook import contract, flat_contract
from support.workbook.contract import Sheet
from support.workbook.error_groups import rows_in_words
from support.workbook.flat_reading import FlatRow
from support.workbook.flat_registers import FIELDS
from support.workbook.flat_services import FlatService, codes_known, services_of
from support.workbook.flat_states import KnownServices
from support.workbook.projects import save_services
from support.workbook.reader import Book
from support.workbook.registers import count_changes, save_entities, save_people
from support.workbook.writing import Writer

Counts = dict[str, Counter[str]]


def save_flat(writer: Writer, book: Book, project: Project) -> tuple[Counts, list[str]]:
    """`({sheet: counts}, codes of approved services that it changed)`."""
    records = Records(writer, book, project)
    if book.only is flat_contract.PRESENCES:
        saved = _save_presences(writer, book, project, records)
        counts = {sheet.name: its for sheet, its in saved.counts.items()}
        return records.counts | counts, saved.approved
    counts = _save_rows(writer, book, project, records)
    # Only a flat sheet is saved so.
    return records.counts | {book.only.name: counts}, []  # type: ignore[union-attr]


@dataclass(frozen=True)
class Written:
    """The model that the rows of a sheet are written to: `{its column: field of the sheet}`."""

    model: Any
    key: list[str]
    columns: dict[str, str]
    is_of_project: bool = False


WRITTEN = {
    flat_contract.FLAT_STATUSES: Written(
        SocialEnterpriseStatus,
        ["entity_id", "basis", "valid_from"],
        {
            "basis": "basis",
            "valid_from": "start",
            "decision_number": "decision_number",
            "valid_until": "end",
        },
    ),
    flat_contract.FLAT_REPRESENTATIONS: Written(
        Representation,
        ["person_id", "entity_id", "role"],
        {"role": "role", "since": "start", "until": "end"},
    ),
    flat_contract.ENROLMENTS: Written(
        Enrolment, ["entity_id"], {"joined_on": "joined_on"}, is_of_project=True
    ),
    flat_contract.DECLARATIONS: Written(
        Declaration, ["person_id"], {"signed_on": "signed_on"}, is_of_project=True
    ),
}


class Records:
    """The keys of the records that a flat sheet speaks of; new ones are saved first."""

    def __init__(self, writer: Writer, book: Book, project: Project) -> None:
        self.writer, self.book, self.project = writer, book, project
        self.counts: Counts = {}
        self.codes: dict[Sheet, dict[int | None, str]] = {}
        self.entities = self._keys(contract.ENTITIES, Entity, save_entities)
        self.people = self._keys(contract.PEOPLE, Person, save_people)

    def _keys(self, sheet: Sheet, model: Any, save: Callable) -> dict[Any, int]:
        """`{reference: key}`, of codes and of numbers of rows; of rows left out there is none."""
        known = dict(model.objects.values_list("code", "pk"))
        new = [row for row in self.book[sheet] if row.code not in known]
        keys: dict[Any, int] = known
        if new:
            fields = {column.field for column in sheet.columns} - set(FIELDS[sheet])
            book = replace(self.book, rows={**self.book.rows, sheet.name: new}, missing=fields)
            _, self.counts[sheet.name] = save(self.writer, book, self.project)
            saved = {row.number: book.saved[sheet, row.number] for row in new}
            keys = keys | {number: key for number, (_, key) in saved.items()}
            known |= dict(saved.values())
            self.book.numbers |= {(sheet.name, code): n for n, (code, _) in saved.items()}
        self.codes[sheet] = {key: code for code, key in known.items()}
        rows = [row for row in self.book[sheet] if row.code in known]
        return keys | {row.number: known[row.code] for row in rows}

    def person_code(self, reference: Any) -> str | None:
        return self.codes[contract.PEOPLE].get(self.people.get(reference))

    def entity_code(self, reference: Any) -> str | None:
        return self.codes[contract.ENTITIES].get(self.entities.get(reference))

    def of(self, row: FlatRow) -> list[dict[str, int]]:
        """The keys of the records of a row by column, for each entity; without those left out."""
        people = {} if row.person is None else {"person_id": self.people.get(row.person)}
        entities = [{"entity_id": self.entities.get(entity)} for entity in row.entities] or [{}]
        keys = [people | entity for entity in entities]
        return [its for its in keys if None not in its.values()]  # type: ignore[misc]


def _save_presences(writer: Writer, book: Book, project: Project, records: Records) -> Any:
    """The services of the sheet, as those of a workbook would be saved."""
    services = services_of(book)
    codes = _codes(services, project)
    coded = list(zip(services, codes, strict=True))
    known = KnownServices.load(book, codes)
    missing = set(book.missing) - {"state"}  # each has one, known or that of a new service
    whole = replace(book, rows=dict(book.rows), only=None, missing=missing)
    whole.rows[contract.SERVICES.name] = [
        _service_row(service, code, known.state_of(service, code), records)
        for service, code in coded
    ]
    terms: dict[str, dict] = {code: service.terms for service, code in coded}
    whole.terms = terms
    attendances = (_attendance_rows(service, code, records) for service, code in coded)
    whole.rows[contract.ATTENDANCES.name] = list(chain.from_iterable(attendances))
    heads = {code: known.head_count_of(service, code) for service, code in coded}
    book.numbers |= _numbers(services, codes, records)
    # Its rows hold the keys themselves in place of codes.
    entities: dict[Any, int] = {key: key for key in records.entities.values()}
    people: dict[Any, int] = {key: key for key in records.people.values()}
    return save_services(writer, whole, project, entities, people, heads)


def _attendance_rows(service: FlatService, code: str, records: Records) -> list[Any]:
    """Each presence once, also of a person whom the file names in two ways."""
    rows: dict[tuple, Any] = {}
    for (day, person, entity), number in service.present.items():
        key = (day, records.people.get(person), records.entities.get(entity))
        if None not in key:
            rows.setdefault(key, contract.ATTENDANCES.Row(number, code, *key))
    return list(rows.values())


def _numbers(services: list[FlatService], codes: list[str], records: Records) -> dict[tuple, int]:
    """The numbers of the rows that speak first of each service, session and presence."""
    numbers: dict[tuple, int] = {}
    for service, code in zip(services, codes, strict=True):
        numbers[contract.SERVICES.name, code] = service.cells.number
        for day, number in service.days.items():
            numbers[contract.SESSIONS.name, code, day] = number
        for (day, person, entity), number in service.present.items():
            who = (records.person_code(person), records.entity_code(entity))
            numbers.setdefault((contract.ATTENDANCES.name, code, day, *who), number)
    return numbers


def _service_row(service: FlatService, code: str, state: str, records: Records) -> Any:
    cells = service.cells
    entities = [records.entities.get(reference) for reference in service.recipients]
    return contract.SERVICES.Row(
        number=cells.number,
        code=code,
        type=cells.type,
        topic=cells.topic,
        advisers=cells.advisers,
        mode=cells.mode,
        place=cells.place,
        activity=cells.activity,
        state=state,
        entities=tuple(dict.fromkeys(filter(None, entities))),
        themes=tuple(service.themes),
    )


def _codes(services: list[FlatService], project: Project) -> list[str]:
    """The number of each service; a new one without a number takes the next."""
    told = [next(iter(codes), "") for codes in codes_known(services, project)]
    years = [min(service.terms).year for service in services]
    lacking = Counter(year for code, year in zip(told, years, strict=True) if not code)
    new = {year: iter(Service.new_codes(project, year, count)) for year, count in lacking.items()}
    return [code or next(new[year]) for code, year in zip(told, years, strict=True)]


def _save_rows(writer: Writer, book: Book, project: Project, records: Records) -> Counter[str]:
    """The rows of a sheet that adds to one model; a column that the file has not stays."""
    # A flat sheet that is not of presences.
    written = WRITTEN[book.only]  # type: ignore[index]
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for row in book.flat:
        cells = {column: getattr(row.cells, name) for column, name in written.columns.items()}
        rows += [keys | cells for keys in records.of(row)]
        numbers += [row.cells.number] * (len(rows) - len(numbers))
    existing = written.model.objects.all()
    constants = {"project": project} if written.is_of_project else {}
    if constants:
        existing = existing.filter(project=project)
    if written.model is Representation:
        _name_roles(rows, numbers)
    for row, number in zip(rows, numbers, strict=True):
        codes = {
            "person_id": records.codes[contract.PEOPLE],
            "entity_id": records.codes[contract.ENTITIES],
        }
        key = (codes[name][row[name]] if name in codes else row[name] for name in written.key)
        # A flat sheet is always of one register.
        book.numbers.setdefault((book.only.name, *key), number)  # type: ignore[union-attr]
    skip = [column for column, name in written.columns.items() if name in book.missing]
    upserted = writer.upsert(existing, written.key, rows, skip, **constants)
    return count_changes(upserted.ids.keys(), upserted.created, upserted.changed)


def _name_roles(rows: list[dict[str, Any]], numbers: list[int]) -> None:
    """Gives a row without a role that of the only representation known of the two.

    A role that somebody had more than once cannot be told by its days: all such rows are named.
    """
    known: dict[tuple, list[str]] = defaultdict(list)
    for person, entity, role in Representation.objects.values_list("person", "entity", "role"):
        known[person, entity].append(role)
    unclear: dict[int, set[int]] = defaultdict(set)
    for row, number in zip(rows, numbers, strict=True):
        roles = known[row["person_id"], row["entity_id"]]
        row["role"] = row["role"] or (roles[0] if len(roles) == 1 else "")
        if roles.count(row["role"]) > 1:
            unclear[row["person_id"]].add(number)
    if unclear:
        people = Person.objects.in_bulk(unclear)
        named = "; ".join(
            f"{people[key].code} {people[key]} ({rows_in_words(sorted(its))})"
            for key, its in unclear.items()
        )
        raise ValidationError(
            f"W rejestrze jest po kilka takich reprezentacji: {named}. Popraw je na kartach osób, "
            "a z pliku usuń te wiersze."
        )
