"""The sheets of the registers: entities, their statuses, people and whom they represent."""

from collections import Counter

from django.core.exceptions import ValidationError

from entities.models import Entity, LegalForm, Person, Representation, SocialEnterpriseStatus
from support.models import Declaration, Enrolment, Evidence
from support.workbook import contract

ENTITY_FIELDS = [
    "name",
    "legal_form",
    "nip",
    "regon",
    "krs",
    "other_register",
    "registered_on",
    "struck_off_on",
    "seat_id",
    "postal_code",
    "locality",
    "street",
    "phone",
    "email",
]
RELATIVES = ["parent_id", "founding_group_id"]
PERSON_FIELDS = ["first_name", "last_name", "sex", "birth_date", "email", "phone", "gmina_id"]


def fates_of(wanted, created, changed):
    return Counter(
        created=len(created), changed=len(changed), unchanged=len(wanted - created - changed)
    )


def kept_columns(book):
    """Columns of the model that the file says nothing of, and which stay as they are."""
    return {
        name
        for one in book.missing
        for name in (one, f"{one}_id", *(["ends_on"] if one == "end" else []))
    }


def save_entities(writer, book, project):
    """Answers `({code: pk}, fates)`."""
    rows = {row.code: row for row in book[contract.ENTITIES]}
    _release_units(writer, rows)
    known = Entity.objects.values_list("code", "pk").iterator()
    # Of a register alone the relatives may be known already, and stand in no row.
    relatives = {code for row in rows.values() for code in (row.parent, row.founding_group)}
    ids = {code: pk for code, pk in known if code in rows or code in relatives}
    created = set()
    for wave in _waves(rows, ids):
        new = [rows[code] for code in wave]
        made = _bring_entities(writer, Entity.objects.none(), new, ids, book)
        ids |= {code: pk for (code,), pk in made.ids.items()}
        created.update(wave)
    brought = _bring_entities(writer, Entity.objects.all(), rows.values(), ids, book)
    changed = {code for (code,) in brought.changed}
    says_joined = "joined_on" not in book.missing
    joined = _save_enrolments(writer, rows.values(), ids, project) if says_joined else ()
    codes = {pk: code for code, pk in ids.items()}
    changed |= {codes[pk] for pk in joined}
    return ids, fates_of(rows.keys(), created, changed - created)


def _bring_entities(writer, existing, rows, ids, book):
    wanted = {
        (row.code,): (
            row.name,
            row.legal_form,
            row.nip,
            row.regon,
            row.krs,
            row.other_register,
            row.registered_on,
            row.struck_off_on,
            row.seat,
            row.postal_code,
            row.locality,
            row.street,
            row.phone,
            row.email,
            ids.get(row.parent),
            ids.get(row.founding_group),
        )
        for row in rows
    }
    fields, kept = ENTITY_FIELDS + RELATIVES, kept_columns(book)
    return writer.bring(existing, ["code"], fields, wanted, kept)


def _waves(rows, ids):
    """New codes, each wave after the one with the relatives its entities point at.

    Of a ring of entities the first is made without its relatives, which follow as a change.
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


def _release_units(writer, rows):
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


def _save_enrolments(writer, rows, ids, project):
    """The entities whose joining changed; without a day none is made, one that is there stays."""
    existing = Enrolment.objects.filter(project=project, entity__in=ids.values())
    left = dict(existing.values_list("entity_id", "left_on"))
    wanted = {}
    for row in rows:
        entity = ids[row.code]
        if row.joined_on or entity in left:
            wanted[entity,] = (row.joined_on,)
        if row.joined_on and left.get(entity) and left[entity] < row.joined_on:
            raise ValidationError(
                f"Podmiot {row.code}: zgłoszenie {row.joined_on:%d.%m.%Y} jest późniejsze niż "
                f"zapisany w programie koniec udziału {left[entity]:%d.%m.%Y}."
            )
    brought = writer.bring(existing, ["entity_id"], ["joined_on"], wanted, project=project)
    return {entity for (entity,) in brought.created | brought.changed}


def save_statuses(writer, book, ids):
    wanted = [
        (ids[row.entity], row.basis, row.start, row.decision_number, row.end)
        for row in book[contract.STATUSES]
    ]
    fates, _ = writer.bring_children(
        SocialEnterpriseStatus.objects.all(),
        ids.values(),
        ["entity_id", "basis", "valid_from"],
        ["decision_number", "valid_until"],
        wanted,
        before_delete=_refuse_proven_statuses,
    )
    return fates


def _refuse_proven_statuses(pks):
    proven = Evidence.objects.filter(status__in=pks).select_related("status__entity").first()
    if proven:
        raise ValidationError(
            f"Podmiot {proven.status.entity.code}: {proven.status} ma dowód „{proven.file_name}”, "
            "a w skoroszycie go nie ma. Najpierw usuń dowód albo dopisz status do skoroszytu."
        )


def save_people(writer, book, project):
    """Answers `({code: pk}, fates)`."""
    rows = {row.code: row for row in book[contract.PEOPLE]}
    _drop_birth_years(writer, rows)
    wanted = {
        (row.code,): (
            row.first_name,
            row.last_name,
            row.sex,
            row.birth_date,
            row.email,
            row.phone,
            row.gmina,
        )
        for row in rows.values()
    }
    kept = kept_columns(book)
    brought = writer.bring(Person.objects.all(), ["code"], PERSON_FIELDS, wanted, kept)
    ids = {code: pk for (code,), pk in brought.ids.items()}
    created = {code for (code,) in brought.created}
    changed = {code for (code,) in brought.changed}
    signed = () if "signed_on" in book.missing else _save_declarations(writer, rows, ids, project)
    codes = {pk: code for code, pk in ids.items()}
    changed |= {codes[pk] for pk in signed}
    return ids, fates_of(rows.keys(), created, changed - created)


def _save_declarations(writer, rows, ids, project):
    """The people whose declaration changed."""
    declared = [(ids[row.code], project.pk, row.signed_on) for row in rows.values()]
    _, signed = writer.bring_children(
        Declaration.objects.filter(project=project),
        ids.values(),
        ["person_id", "project_id"],
        ["signed_on"],
        [values for values in declared if values[2]],
    )
    return signed


def _drop_birth_years(writer, rows):
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


def save_representations(writer, book, entities, people):
    wanted = [
        (people[row.person], entities[row.entity], row.role, row.start, row.end)
        for row in book[contract.REPRESENTATIONS]
    ]
    fates, _ = writer.bring_children(
        Representation.objects.all(),
        people.values(),
        ["person_id", "entity_id", "role", "since", "until"],
        [],
        wanted,
    )
    return fates
