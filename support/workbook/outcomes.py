"""What an import does to each record, in words: the rows that the page of an import lists.

Built inside the transaction of the rehearsal, where new records can be read too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.timezone import localtime

from entities.models import Entity, Person, Representation, SocialEnterpriseStatus
from owes.folding import fold
from support.models import (
    Adoption,
    AdoptionService,
    Attendance,
    Declaration,
    Enrolment,
    Import,
    ImportRow,
    Partnership,
    PartnershipEntity,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    Session,
    StaffMember,
    StaffTraining,
)
from support.workbook import contract
from support.workbook.cells import as_text
from support.workbook.contract import Sheet
from support.workbook.flat_contract import DECLARATIONS, ENROLMENTS
from support.workbook.flat_services import absences
from support.workbook.identity import Doubt
from support.workbook.parts import Part, waits_for
from support.workbook.reader import Book, Error
from support.workbook.writing import WrittenRow, batches

Outcome = ImportRow.Outcome
ABSENT = "Obecności nie wpisze: w tej kolumnie nie ma „tak”."
# The sheet under which a row of a model is listed, and the columns by which it is called.
LISTED: dict[type[Model], tuple[Sheet, tuple[str, ...]]] = {
    Entity: (contract.ENTITIES, ()),
    SocialEnterpriseStatus: (contract.STATUSES, ("entity_id", "basis", "valid_from")),
    Person: (contract.PEOPLE, ()),
    Representation: (contract.REPRESENTATIONS, ("person_id", "entity_id")),
    Service: (contract.SERVICES, ()),
    Session: (contract.SESSIONS, ("service_id", "day")),
    Attendance: (contract.ATTENDANCES, ("session_id", "person_id", "entity_id")),
    Partnership: (contract.PARTNERSHIPS, ("local_government_id", "day")),
    Adoption: (contract.ADOPTIONS, ("entity_id", "day")),
    StaffTraining: (contract.TRAININGS, ("staff_member_id", "topic", "starts_on")),
    Enrolment: (ENROLMENTS, ("entity_id", "joined_on")),
    Declaration: (DECLARATIONS, ("person_id", "signed_on")),
}
# Rows that are told of as a change of the record that they belong to, where that is listed.
PARTS: dict[type[Model], tuple[type[Model], str]] = {
    Enrolment: (Entity, "entity_id"),
    Declaration: (Person, "person_id"),
    Recipient: (Service, "service_id"),
    ServiceAdviser: (Service, "service_id"),
    ServiceTheme: (Service, "service_id"),
    PartnershipEntity: (Partnership, "partnership_id"),
    AdoptionService: (Adoption, "adoption_id"),
}
# Columns made of others, or told by the record itself.
UNTOLD = {"code", "state_by_id", "state_at", "state_reason", "position", "minutes"}


class Records:
    """Records and values as the user reads them; one query for each model."""

    def __init__(self, written: Collection[WrittenRow]) -> None:
        keys: dict[Any, set[int]] = defaultdict(set)
        for row in written:
            if row.new is not None:
                keys[row.model].add(row.pk)
            for model, key in _related(row):
                keys[model].add(key)
        self.rows: dict[Any, dict[int, Any]] = {model: {} for model in keys}
        for model in keys:
            self._read(model, keys[model])
        services = {row.service_id for row in self.rows.get(Session, {}).values()}
        self._read(Service, services - self.rows.get(Service, {}).keys())

    def _read(self, model: Any, keys: Collection[int]) -> None:
        rows = self.rows.setdefault(model, {})
        existing = model._base_manager.all()
        if any(field.name == "project" for field in model._meta.concrete_fields):
            existing = existing.select_related("project")
        for batch in batches(keys):
            rows |= existing.in_bulk(batch)

    def of(self, model: Any, key: int) -> Any:
        return self.rows.get(model, {}).get(key)

    def text(self, model: type[Model], column: str, value: Any) -> str:
        """The value of a column in words."""
        field: Any = next(each for each in model._meta.concrete_fields if each.attname == column)
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            return as_text(localtime(value).replace(tzinfo=None))
        if field.is_relation:
            return self.named(field.related_model, value)
        return str(dict(field.flatchoices).get(value) or as_text(value))

    def named(self, model: Any, key: int) -> str:
        record = self.of(model, key)
        if isinstance(record, Session):
            return f"{self.of(Service, record.service_id).code}, {record.day:%d.%m.%Y}"
        if isinstance(record, Service):
            return record.code
        if isinstance(record, Person | Entity):
            return f"{record} ({record.code})"
        return str(record or "")


def _related(row: WrittenRow) -> Iterator[tuple[Any, int]]:
    for field in row.model._meta.concrete_fields:
        if field.is_relation:
            for values in (row.old, row.new):
                key = (values or {}).get(field.attname)
                if key is not None:
                    yield field.related_model, key


def outcomes_of(book: Book, written: Collection[WrittenRow]) -> list[ImportRow]:
    """A row for each record, in the order of the sheets and of the file."""
    records = Records(written)
    rows: dict[tuple, ImportRow] = {}
    for row in written:
        if row.model not in PARTS:
            _add(rows, records, row)
    for row in written:
        if row.model in PARTS:
            _add_part(rows, records, row)
    numbers = book.numbers if book.is_flat else numbers_of(book)
    for (model, key), listed in rows.items():
        listed.number = numbers.get(_key_in_file(model, key, records))
    names = [sheet.name for sheet, _ in LISTED.values()]
    return [*_left_out(book), *sorted(rows.values(), key=lambda row: _place(row, names))]


def _place(row: ImportRow, names: list[str]) -> tuple[int, bool, int]:
    return names.index(row.sheet), row.number is None, row.number or 0


def _add(rows: dict[tuple, ImportRow], records: Records, row: WrittenRow) -> None:
    """Adds the row, or what a further writing of the same record changed."""
    if row.model not in LISTED:
        return
    sheet, _ = LISTED[row.model]
    told = {"changed": _changes, "created": _values}
    changes = list(told[row.outcome](records, row)) if row.outcome in told else []
    known = rows.get((row.model, row.pk))
    if known:
        known.changes += changes
        if changes and known.outcome == Outcome.UNCHANGED:
            known.outcome = Outcome.CHANGED
        return
    record = records.of(row.model, row.pk)
    code = getattr(record, "code", "")
    rows[row.model, row.pk] = ImportRow(
        sheet=sheet.name,
        outcome=Outcome(row.outcome),
        code=code,
        label=_label(records, row)[:300],
        changes=changes,
        url=record.get_absolute_url() if hasattr(record, "get_absolute_url") else "",
        person_key=_person(row),
    )


def _person(row: WrittenRow) -> int | None:
    if row.model is Person:
        return row.pk
    return (row.new or row.old or {}).get("person_id")


def _label(records: Records, row: WrittenRow) -> str:
    _, columns = LISTED[row.model]
    values = row.new or row.old or {}
    if not columns:
        record = records.of(row.model, row.pk)
        return record.topic if isinstance(record, Service) else str(record)
    texts = [records.text(row.model, name, values[name]) for name in columns if name in values]
    return ", ".join(filter(None, texts))


def _changes(records: Records, row: WrittenRow) -> Iterator[list[str]]:
    """`[label, old, new]` of each column that changed."""
    old, new = row.old or {}, row.new or {}
    for column, value in new.items():
        if column in old and old[column] != value and column not in UNTOLD:
            field = next(
                each for each in row.model._meta.concrete_fields if each.attname == column
            )
            yield [
                str(field.verbose_name),
                records.text(row.model, column, old[column]),
                records.text(row.model, column, value),
            ]


def _values(records: Records, row: WrittenRow) -> Iterator[list[str]]:
    """`[label, "", value]` of each column of a new row that its name does not tell."""
    named = {"project_id", *LISTED[row.model][1]} if row.model in LISTED else {"project_id"}
    for field in row.model._meta.concrete_fields:
        value = (row.new or {}).get(field.attname)
        text = records.text(row.model, field.attname, value)
        is_told = text and value != 0 and text != str(field.verbose_name)
        if is_told and field.attname not in UNTOLD | named:
            yield [str(field.verbose_name), "", text]


def _add_part(rows: dict[tuple, ImportRow], records: Records, row: WrittenRow) -> None:
    """Tells of a link or of the day of a form as a change of its record."""
    parent, column = PARTS[row.model]
    values = row.new or row.old or {}
    known = rows.get((parent, values[column]))
    if known is None:
        _add(rows, records, row)
        return
    if row.outcome == "unchanged":
        return
    if known.outcome == Outcome.UNCHANGED:
        known.outcome = Outcome.CHANGED
    if known.outcome not in (Outcome.CREATED, Outcome.CHANGED):
        return
    if row.outcome == "changed":
        known.changes += _changes(records, row)
        return
    told = [name for name in values if name not in UNTOLD | {column, "project_id"}]
    for name in told:
        text = records.text(row.model, name, values[name])
        pair = ["", text] if row.outcome == "created" else [text, ""]
        field = next(each for each in row.model._meta.concrete_fields if each.attname == name)
        known.changes.append([str(field.verbose_name), *pair])


def numbers_of(book: Book) -> dict[tuple, int]:
    """`{key of a record in the file: number of its row}` of registers and of a workbook."""
    numbers: dict[tuple, int] = {}
    for sheet in (contract.ENTITIES, contract.PEOPLE):
        for row in book[sheet]:
            code, _ = book.saved.get((sheet, row.number), (row.code, 0))
            numbers[sheet.name, code] = row.number
    for sheet in (contract.SERVICES, contract.PARTNERSHIPS, contract.ADOPTIONS):
        numbers |= {(sheet.name, row.code): row.number for row in book[sheet]}
    for row in book[contract.STATUSES]:
        numbers[contract.STATUSES.name, row.entity, row.basis, row.start] = row.number
    for row in book[contract.REPRESENTATIONS]:
        numbers[contract.REPRESENTATIONS.name, row.person, row.entity, row.role] = row.number
    for row in book[contract.SESSIONS]:
        numbers[contract.SESSIONS.name, row.service, row.day] = row.number
    for row in book[contract.ATTENDANCES]:
        key = (row.service, row.day, row.person, row.entity)
        numbers[(contract.ATTENDANCES.name, *key)] = row.number
    for row in book[contract.TRAININGS]:
        numbers[contract.TRAININGS.name, fold(row.staff_member), row.topic, row.start] = row.number
    return numbers


def _key_in_file(model: Any, pk: int, records: Records) -> tuple:
    """The key of `numbers_of`; of a record that is gone one that nothing has."""
    sheet, _ = LISTED[model]
    record = records.of(model, pk)
    if record is None:
        return ()

    def code(other: Any, key: int) -> Any:
        return getattr(records.of(other, key), "code", None)

    parts: tuple
    match record:
        case SocialEnterpriseStatus():
            parts = (code(Entity, record.entity_id), record.basis, record.valid_from)
        case Representation():
            people = code(Person, record.person_id), code(Entity, record.entity_id)
            parts = (*people, record.role)
        case Session():
            parts = (code(Service, record.service_id), record.day)
        case Attendance():
            service = records.of(Session, record.session_id).service_id
            people = code(Person, record.person_id), code(Entity, record.entity_id)
            parts = (code(Service, service), record.day, *people)
        case Enrolment():
            parts = (code(Entity, record.entity_id),)
        case Declaration():
            parts = (code(Person, record.person_id),)
        case StaffTraining():
            member = records.named(StaffMember, record.staff_member_id)
            parts = (fold(member), record.topic, record.starts_on)
        case _:
            parts = (record.code,)
    return (sheet.name, *parts)


def _left_out(book: Book) -> list[ImportRow]:
    return [
        ImportRow(sheet=_sheet(book), number=number, outcome=Outcome.LEFT_OUT, label=text[:300])
        for number, text in [*book.left_out, *((number, ABSENT) for number in absences(book))]
    ]


def _sheet(book: Book) -> str:
    return book.only.name if book.only else ""


def refused_rows(errors: Iterable[Error]) -> list[ImportRow]:
    """A row of the list for each error of the file."""
    return [
        ImportRow(
            sheet=error.sheet or "",
            number=error.row,
            outcome=Outcome.REFUSED,
            label=(error.value or "")[:300],
            note=f"{error.column}: {error.message}" if error.column else error.message,
        )
        for error in errors
    ]


def rows_left(part: Part) -> list[ImportRow]:
    """Rows that a saving in part leaves: the bad ones, and those that wait for them."""
    held = [
        ImportRow(sheet=name, number=number, outcome=Outcome.LEFT_OUT, note=waits_for(cause))
        for (name, number), cause in part.held.items()
    ]
    return [*refused_rows(part.errors), *held]


def asked_rows(book: Book, doubts: Iterable[Doubt]) -> list[ImportRow]:
    rows = [
        ImportRow(
            sheet=doubt.sheet.name,
            number=doubt.number,
            outcome=Outcome.ASKED,
            label=doubt.name[:300],
            person_key=doubt.twins[0].row.pk if doubt.sheet is contract.PEOPLE else None,
            note="Może to być: "
            + ", ".join(f"{twin.row} ({twin.row.code})" for twin in doubt.twins),
        )
        for doubt in doubts
    ]
    return [*rows, *_left_out(book)]


def keep_rows(of: Import, rows: list[ImportRow]) -> None:
    """The rows take the place of those of an earlier check.

    What an import that is not saved would make is nowhere yet.
    """
    of.rows.all()._raw_delete(of.rows.db)
    for row in rows:
        row.of = of
        if row.outcome == Outcome.CREATED and not of.is_saved:
            row.url, row.person_key = "", None
        told = (row.number or "", row.code, row.label, row.note, *sum(row.changes, []))
        row.search_text = fold(" ".join(map(str, told)))
    ImportRow.objects.bulk_create(rows, batch_size=500)
