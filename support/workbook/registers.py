"""The sheets of the registers: entities, their statuses, people and whom they represent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from entities.models import Entity, LegalForm, Person, Representation, SocialEnterpriseStatus
from support.models import Declaration, Enrolment, Evidence, Project
from support.workbook import contract
from support.workbook.contract import Sheet, pick
from support.workbook.reader import Book
from support.workbook.writing import Upserted, Writer

ENTITY_FIELDS = [
    "code",
    "name",
    "legal_form",
    "nip",
    "regon",
    "krs",
    "other_register",
    "registered_on",
    "struck_off_on",
    "postal_code",
    "locality",
    "street",
    "phone",
    "email",
]
PERSON_FIELDS = ["code", "first_name", "last_name", "sex", "birth_date", "email", "phone"]


def count_changes(keys: Set, created: Set, changed: Set) -> Counter[str]:
    return Counter(
        created=len(created), changed=len(changed), unchanged=len(keys - created - changed)
    )


def missing_columns(book: Book) -> set[str]:
    """Columns of the model that the file does not have; they stay as they are."""
    return {
        column
        for name in book.missing
        for column in (name, f"{name}_id", *(["ends_on"] if name == "end" else []))
    }


def save_entities(
    writer: Writer, book: Book, project: Project
) -> tuple[dict[str, int], Counter[str]]:
    """Answers `({code: pk}, counts)`."""
    rows = _with_codes(book, contract.ENTITIES, Entity)
    _release_units(writer, rows)
    known = Entity.objects.values_list("code", "pk").iterator()
    # Of a register alone the relatives may be known already, and stand in no row.
    relatives = {code for row in rows.values() for code in (row.parent, row.founding_group)}
    ids = {code: pk for code, pk in known if code in rows or code in relatives}
    created = set()
    for codes in _in_waves(rows, ids):
        new = [rows[code] for code in codes]
        ids |= _upsert_entities(writer, Entity.objects.none(), new, ids, book).ids
        created.update(codes)
    changed = _upsert_entities(writer, Entity.objects.all(), rows.values(), ids, book).changed
    if "joined_on" not in book.missing:
        enrolled = _save_enrolments(writer, rows.values(), ids, project)
        changed |= {code for code, pk in ids.items() if pk in enrolled}
    _note_saved(book, contract.ENTITIES, rows, ids)
    return ids, count_changes(rows.keys(), created, changed - created)


def _with_codes(book: Book, sheet: Sheet, model: Any) -> dict[str, Any]:
    """`{code: row}`; a row without a code is new and gets the next one of the program."""
    lacking = sum(not row.code for row in book[sheet])
    codes = iter(model.new_codes(lacking) if lacking else ())
    rows = (row if row.code else row._replace(code=next(codes)) for row in book[sheet])
    return {row.code: row for row in rows}


def _note_saved(book: Book, sheet: Sheet, rows: dict[str, Any], ids: dict[str, int]) -> None:
    book.saved |= {(sheet, row.number): (code, ids[code]) for code, row in rows.items()}


def _upsert_entities(
    writer: Writer,
    existing: QuerySet[Entity],
    rows: Iterable[Any],
    ids: dict[str, int],
    book: Book,
) -> Upserted:
    wanted = [
        {
            **pick(row, ENTITY_FIELDS),
            "seat_id": row.seat,
            "parent_id": ids.get(row.parent),
            "founding_group_id": ids.get(row.founding_group),
        }
        for row in rows
    ]
    return writer.upsert(existing, ["code"], wanted, missing_columns(book))


def _in_waves(rows: dict[str, Any], ids: dict[str, int]) -> Iterator[list[str]]:
    """Lists of new codes, each after the list with the relatives its entities point at.

    When entities point at each other in a ring, the first is created without its relatives,
    which follow as a change.
    """
    pending = {code: row for code, row in rows.items() if code not in ids}
    while pending:
        ready = [
            code
            for code, row in pending.items()
            if not ({row.parent, row.founding_group} & pending.keys())
        ]
        ready = ready or [next(iter(pending))]
        for code in ready:
            del pending[code]
        yield ready


def _release_units(writer: Writer, rows: dict[str, Any]) -> None:
    """Only a unit of a local government may name one, so a change of form takes it away."""
    leaving = [
        unit
        for unit in Entity.objects.filter(local_government__isnull=False)
        if unit.code in rows and rows[unit.code].legal_form != LegalForm.LOCAL_GOVERNMENT_UNIT
    ]
    for unit in leaving:
        unit.local_government = None
    if leaving:
        writer.update(leaving, ["local_government"])


def _save_enrolments(
    writer: Writer, rows: Iterable[Any], ids: dict[str, int], project: Project
) -> set[int]:
    """The entities whose joining changed.

    Without a day no enrolment is created, and one that is there stays.
    """
    existing = Enrolment.objects.filter(project=project, entity__in=ids.values())
    left_on = dict(existing.values_list("entity_id", "left_on"))
    wanted = []
    for row in rows:
        entity = ids[row.code]
        if row.joined_on or entity in left_on:
            wanted.append({"entity_id": entity, "joined_on": row.joined_on})
        if row.joined_on and left_on.get(entity) and left_on[entity] < row.joined_on:
            raise ValidationError(
                f"Podmiot {row.code}: zgłoszenie {row.joined_on:%d.%m.%Y} jest późniejsze niż "
                f"zapisany w programie koniec udziału {left_on[entity]:%d.%m.%Y}."
            )
    upserted = writer.upsert(existing, ["entity_id"], wanted, project=project)
    return upserted.created | upserted.changed


def save_statuses(writer: Writer, book: Book, ids: dict[str, int]) -> Counter[str]:
    wanted = [
        {
            "entity_id": ids[row.entity],
            "basis": row.basis,
            "valid_from": row.start,
            "decision_number": row.decision_number,
            "valid_until": row.end,
        }
        for row in book[contract.STATUSES]
        if row.entity not in book.joined
    ]
    return writer.sync_children(
        SocialEnterpriseStatus.objects.all(),
        _own_rows(book, ids),
        ["entity_id", "basis", "valid_from"],
        wanted,
        before_delete=_refuse_proven_statuses,
    ).counts


def _refuse_proven_statuses(pks: list[int]) -> None:
    proven = Evidence.objects.filter(status__in=pks).select_related("status__entity").first()
    if proven:
        raise ValidationError(
            f"Podmiot {proven.status.entity.code}: {proven.status} ma dowód „{proven.file_name}”, "
            "a w skoroszycie go nie ma. Najpierw usuń dowód albo dopisz status do skoroszytu."
        )


def save_people(
    writer: Writer, book: Book, project: Project
) -> tuple[dict[str, int], Counter[str]]:
    """Answers `({code: pk}, counts)`."""
    rows = _with_codes(book, contract.PEOPLE, Person)
    _drop_birth_years(writer, rows)
    wanted = [{**pick(row, PERSON_FIELDS), "gmina_id": row.gmina} for row in rows.values()]
    upserted = writer.upsert(Person.objects.all(), ["code"], wanted, missing_columns(book))
    ids, created, changed = upserted.ids, upserted.created, upserted.changed
    _note_saved(book, contract.PEOPLE, rows, ids)
    if "signed_on" not in book.missing:
        declared = _save_declarations(writer, rows, ids, project)
        changed |= {code for code, pk in ids.items() if pk in declared}
    return ids, count_changes(rows.keys(), created, changed - created)


def _save_declarations(
    writer: Writer, rows: dict[str, Any], ids: dict[str, int], project: Project
) -> set[int]:
    """The people whose declaration changed."""
    wanted = [
        {"person_id": ids[row.code], "project_id": project.pk, "signed_on": row.signed_on}
        for row in rows.values()
        if row.signed_on
    ]
    declarations = Declaration.objects.filter(project=project)
    key = ["person_id", "project_id"]
    parents = {row["person_id"] for row in wanted} if writer.keeps_filled else ids.values()
    return writer.sync_children(declarations, parents, key, wanted).parents


def _drop_birth_years(writer: Writer, rows: dict[str, Any]) -> None:
    """A whole birth date replaces the year alone."""
    people = [
        person
        for person in Person.objects.filter(birth_year__isnull=False)
        if person.code in rows and rows[person.code].birth_date
    ]
    for person in people:
        person.birth_year = None
    if people:
        writer.update(people, ["birth_year"])


def save_representations(
    writer: Writer, book: Book, entities: dict[str, int], people: dict[str, int]
) -> Counter[str]:
    wanted = [
        {
            "person_id": people[row.person],
            "entity_id": entities[row.entity],
            "role": row.role,
            "since": row.start,
            "until": row.end,
        }
        for row in book[contract.REPRESENTATIONS]
        if row.person not in book.joined
    ]
    key = ["person_id", "entity_id", "role", "since", "until"]
    known = Representation.objects.all()
    return writer.sync_children(known, _own_rows(book, people), key, wanted).counts


def _own_rows(book: Book, ids: dict[str, int]) -> list[int]:
    """Keys of the records whose children the file knows.

    Of one that it names only by the code of a merged record it may lack some.
    """
    return [pk for code, pk in ids.items() if code not in book.joined]
