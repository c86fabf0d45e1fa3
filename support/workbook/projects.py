"""The sheets of a project: services with their terms and attendances, acts, adoptions, staff."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from owes.folding import fold
from support.models import (
    Activity,
    Adoption,
    AdoptionService,
    Attendance,
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
from support.workbook.registers import fates_of, kept_columns
from support.workbook.writing import batches

STATE_FIELDS = ["state", "state_by_id", "state_at", "state_reason"]
SERVICE_FIELDS = ["type_id", "topic", "activity_id", "mode", "place", *STATE_FIELDS]
SESSION_FIELDS = ["starts_at", "ends_at", "break_minutes", "minutes"]
PRESENT = Attendance.State.PRESENT.value
APPROVED = Service.State.APPROVED.value


def save_staff(writer, book):
    """`{key of the name: pk}` of everybody named.

    A new name is kept as it is first spelt, in the sheet of trainings before that of services.
    """
    names = [row.staff_member for row in book[contract.TRAININGS]]
    names += [name for row in book[contract.SERVICES] for name in row.advisers]
    spelt = {}
    for name in names:
        spelt.setdefault(StaffMember.key(name), name)
    ids = {
        key: pk for key, pk in StaffMember.objects.values_list("folded_name", "pk") if key in spelt
    }
    for batch in batches([name for key, name in spelt.items() if key not in ids]):
        for member in writer.create([StaffMember(name=name) for name in batch]):
            ids[member.folded_name] = member.pk
    return ids


def save_activities(writer, book, project):
    """`{folded name: pk}` of the project's activities, those new in the workbook among them."""
    ids = dict(Activity.objects.filter(project=project).values_list("folded_name", "pk"))
    spelt = {}
    for row in book[contract.SERVICES]:
        if row.activity:
            spelt.setdefault(fold(row.activity), row.activity)
    new = [
        Activity(project=project, name=name, folded_name=key)
        for key, name in spelt.items()
        if key not in ids
    ]
    for batch in batches(new):
        ids |= {activity.folded_name: activity.pk for activity in writer.create(batch)}
    return ids


@dataclass
class SavedServices:
    """What became of the sheets of services.

    `approved` are the codes of services that were approved before and that the workbook changes.
    """

    ids: dict = field(default_factory=dict)
    fates: dict = field(default_factory=dict)
    approved: list = field(default_factory=list)


def save_services(writer, book, project, entities, people):
    rows = {row.code: row for row in book[contract.SERVICES]}
    staff = save_staff(writer, book)
    activities = save_activities(writer, book, project)
    services = Service.objects.filter(project=project)
    was = {code: state for code, *state in services.values_list("code", *STATE_FIELDS)}
    wanted = {
        (row.code,): (
            row.type,
            row.topic,
            activities[fold(row.activity)] if row.activity else None,
            row.mode,
            row.place,
            *_state(writer, row.state, was.get(row.code)),
        )
        for row in rows.values()
    }
    brought = writer.bring(services, ["code"], SERVICE_FIELDS, wanted, project=project)
    ids = {code: pk for (code,), pk in brought.ids.items()}
    created = {code for (code,) in brought.created}
    changed = {code for (code,) in brought.changed}
    codes = {pk: code for code, pk in ids.items()}
    present = _attendances(book, entities, people)
    terms, attended, moved = Counter(), Counter(), set()
    for batch in batches(rows.values()):
        changed |= {codes[pk] for pk in _save_links(writer, batch, ids, entities, staff)}
        found, emptied, touched = _save_sessions(writer, book, batch, ids)
        terms += found
        attended += emptied
        moved |= touched
        found, touched = _save_attendances(writer, batch, ids, present)
        attended += found
        moved |= touched
    touched = changed | {codes[pk] for pk in moved}
    return SavedServices(
        ids=ids,
        fates={
            contract.SERVICES: fates_of(rows.keys(), created, changed - created),
            contract.SESSIONS: terms,
            contract.ATTENDANCES: attended,
        },
        approved=sorted(code for code in touched if was.get(code, [None])[0] == APPROVED),
    )


def _state(writer, state, was):
    """The columns of the state: one that the workbook changes is changed now, by no account."""
    if was and was[0] == state:
        return was
    return (state, None, writer.moment, writer.reason) if was else (state, None, None, "")


def _save_links(writer, rows, ids, entities, staff):
    """Recipients, advisers in the order of the cell, themes; answers the services touched."""
    pks = [ids[row.code] for row in rows]
    touched = set()
    for model, key, fields, wanted in (
        (
            Recipient,
            ["service_id", "entity_id"],
            [],
            [(ids[row.code], entities[code]) for row in rows for code in row.entities],
        ),
        (
            ServiceAdviser,
            ["service_id", "staff_member_id"],
            ["position"],
            [
                (ids[row.code], pk, position)
                for row in rows
                for position, pk in enumerate(
                    dict.fromkeys(staff[StaffMember.key(name)] for name in row.advisers)
                )
            ],
        ),
        (
            ServiceTheme,
            ["service_id", "theme_id"],
            [],
            [(ids[row.code], theme) for row in rows for theme in row.themes],
        ),
    ):
        existing = model.objects.filter(service__in=pks)
        touched |= writer.bring_all(existing, key, fields, wanted)[1]
    return touched


def _save_sessions(writer, book, rows, ids):
    """Fates of the terms, of the attendances that go with one, and the services touched."""
    wanted = [
        (ids[row.code], day, *term)
        for row in rows
        for day, term in book.terms.get(row.code, {}).items()
    ]

    emptied = Counter()

    def empty(pks):
        emptied["deleted"] += writer.delete(Attendance.objects.filter(session__in=pks))

    fates, touched = writer.bring_all(
        Session.objects.filter(service__in=[ids[row.code] for row in rows]),
        ["service_id", "day"],
        SESSION_FIELDS,
        wanted,
        before_delete=empty,
    )
    return fates, emptied, touched


def _attendances(book, entities, people):
    """`{service: [(day, person, entity)]}`."""
    found = defaultdict(list)
    for row in book[contract.ATTENDANCES]:
        found[row.service].append((row.day, people[row.person], entities[row.entity]))
    return found


def _save_attendances(writer, rows, ids, present):
    pks = [ids[row.code] for row in rows]
    sessions = Session.objects.filter(service__in=pks).values_list("service", "day", "pk")
    sessions = {(service, day): pk for service, day, pk in sessions}
    services = {pk: service for (service, _), pk in sessions.items()}
    wanted = [
        (sessions[ids[row.code], day], person, entity, day, PRESENT)
        for row in rows
        for day, person, entity in present.get(row.code, ())
    ]
    fates, touched = writer.bring_all(
        Attendance.objects.filter(session__service__in=pks),
        ["session_id", "person_id", "entity_id"],
        ["day", "state"],
        wanted,
    )
    return fates, {services[session] for session in touched}


def save_partnerships(writer, book, project, entities):
    rows = book[contract.PARTNERSHIPS]
    wanted = {
        (row.code,): (
            row.local_government,
            row.kind,
            row.document_number,
            row.day,
            row.description,
        )
        for row in rows
    }
    fields = ["local_government_id", "kind", "document_number", "day", "description"]
    existing = Partnership.objects.filter(project=project)
    kept = kept_columns(book)
    brought = writer.bring(existing, ["code"], fields, wanted, kept, project=project)
    if "entities" in book.missing:
        return fates_of(brought.ids.keys(), brought.created, brought.changed)
    links = [(brought.ids[row.code,], entities[code]) for row in rows for code in row.entities]
    return _with_links(writer, brought, PartnershipEntity, ["partnership_id", "entity_id"], links)


def save_adoptions(writer, book, project, entities, services):
    rows = book[contract.ADOPTIONS]
    wanted = {
        (row.code,): (entities[row.entity], row.kind, row.day, row.description) for row in rows
    }
    fields = ["entity_id", "kind", "day", "description"]
    existing = Adoption.objects.filter(project=project)
    kept = kept_columns(book)
    brought = writer.bring(existing, ["code"], fields, wanted, kept, project=project)
    if "services" in book.missing:
        return fates_of(brought.ids.keys(), brought.created, brought.changed)
    links = [(brought.ids[row.code,], services[code]) for row in rows for code in row.services]
    return _with_links(writer, brought, AdoptionService, ["adoption_id", "service_id"], links)


def _with_links(writer, brought, model, key, links):
    """The fates of rows, links being part of them."""
    _, touched = writer.bring_children(model.objects.all(), brought.ids.values(), key, [], links)
    keys = {pk: found for found, pk in brought.ids.items()}
    changed = brought.changed | {keys[pk] for pk in touched}
    return fates_of(brought.ids.keys(), brought.created, changed - brought.created)


def save_trainings(writer, book, project):
    """By person, topic and first day; those alike in these by the last day too."""
    staff, kept = save_staff(writer, book), kept_columns(book)
    trainings = StaffTraining.objects.filter(project=project)
    known = _last_days(trainings)
    wanted = {}
    for row in book[contract.TRAININGS]:
        group = (staff[StaffMember.key(row.staff_member)], row.topic, row.start)
        ends = known.get(group, {None: 0}) if "ends_on" in kept else [row.end]
        content = (row.organiser, row.hours, row.certificate_number)
        wanted |= {(*group, end): content for end in ends}
    moved = _move_last_days(writer, known, wanted)
    brought = writer.bring(
        trainings,
        ["staff_member_id", "topic", "starts_on", "ends_on"],
        ["organiser", "hours", "certificate_number"],
        wanted,
        kept,
        project=project,
    )
    return fates_of(wanted.keys(), brought.created, brought.changed | moved)


def _last_days(trainings):
    """`{(person, topic, first day): {last day: pk}}`."""
    found = defaultdict(dict)
    rows = trainings.order_by("pk").values_list(
        "staff_member_id", "topic", "starts_on", "ends_on", "pk"
    )
    for *group, end, pk in rows:
        found[tuple(group)][end] = pk
    return found


def _move_last_days(writer, known, wanted):
    """Gives trainings whose last day is in no row the days of rows that are no training yet."""
    asked = defaultdict(list)
    for *group, end in wanted:
        asked[tuple(group)].append(end)
    moves = {}
    for group, ends in asked.items():
        there = known.get(group, {})
        free = [pk for end, pk in there.items() if end not in ends]
        new = [end for end in ends if end not in there]
        moves |= {pk: (*group, end) for pk, end in zip(free, new, strict=False)}
    for pks in batches(moves):
        rows = list(StaffTraining.objects.filter(pk__in=pks))
        for row in rows:
            row.ends_on = moves[row.pk][-1]
        writer.update(rows, ["ends_on"])
    return set(moves.values())
