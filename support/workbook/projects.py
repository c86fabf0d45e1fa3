"""The sheets of a project: services, sessions, attendances, acts, adoptions, trainings."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from owes.folding import fold
from support.models import (
    Activity,
    Adoption,
    AdoptionService,
    Attendance,
    Partnership,
    PartnershipEntity,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    Session,
    StaffMember,
    StaffTraining,
)
from support.workbook import contract
from support.workbook.contract import pick
from support.workbook.reader import Book
from support.workbook.registers import count_changes, missing_columns
from support.workbook.writing import Synced, Upserted, Writer, WrittenRow, batches

STATE_COLUMNS = ["state", "state_by_id", "state_at", "state_reason"]
TRAINING_KEY = ["staff_member_id", "topic", "starts_on", "ends_on"]
PRESENT = Attendance.State.PRESENT.value
APPROVED = Service.State.APPROVED.value


def save_staff(writer: Writer, book: Book) -> dict[str, int]:
    """`{key of the name: pk}` of everybody named.

    A new name keeps its first spelling; the sheet of trainings is read before that of services.
    """
    names = [row.staff_member for row in book[contract.TRAININGS]]
    names += [name for row in book[contract.SERVICES] for name in row.advisers]
    name_by_key: dict[str, str] = {}
    for name in names:
        name_by_key.setdefault(StaffMember.key(name), name)
    known = StaffMember.objects.values_list("folded_name", "pk")
    ids = {key: pk for key, pk in known if key in name_by_key}
    for batch in batches([name for key, name in name_by_key.items() if key not in ids]):
        for member in writer.create([StaffMember(name=name) for name in batch]):
            ids[member.folded_name] = member.pk
    return ids


def save_activities(writer: Writer, book: Book, project: Project) -> dict[str, int]:
    """`{folded name: pk}` of the project's activities, with those new in the workbook."""
    ids = dict(Activity.objects.filter(project=project).values_list("folded_name", "pk"))
    name_by_key: dict[str, str] = {}
    for row in book[contract.SERVICES]:
        if row.activity:
            name_by_key.setdefault(fold(row.activity), row.activity)
    new = [
        Activity(project=project, name=name, folded_name=key)
        for key, name in name_by_key.items()
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
    counts: dict = field(default_factory=dict)
    approved: list = field(default_factory=list)


def save_services(
    writer: Writer,
    book: Book,
    project: Project,
    entities: dict[str, int],
    people: dict[str, int],
    head_counts: Mapping[str, int | None] | None = None,
) -> SavedServices:
    """`head_counts` are by code; where there are none, those known stay."""
    rows = {row.code: row for row in book[contract.SERVICES]}
    staff = save_staff(writer, book)
    activities = save_activities(writer, book, project)
    services = Service.objects.filter(project=project)
    states = {row.pop("code"): row for row in services.values("code", *STATE_COLUMNS)}
    wanted = [
        {
            **pick(row, ["code", "topic", "mode", "place"]),
            "type_id": row.type,
            "activity_id": activities[fold(row.activity)] if row.activity else None,
            **_state_columns(writer, row.state, states.get(row.code)),
            **({"head_count": head_counts[row.code]} if head_counts else {}),
        }
        for row in rows.values()
    ]
    upserted = writer.upsert(services, ["code"], wanted, missing_columns(book), project=project)
    ids, changed = upserted.ids, upserted.changed
    codes = {pk: code for code, pk in ids.items()}
    attendances: dict[str, list[Any]] = defaultdict(list)
    for row in book[contract.ATTENDANCES]:
        attendances[row.service].append(row)
    session_counts: Counter[str] = Counter()
    attendance_counts: Counter[str] = Counter()
    moved: set[int] = set()
    for batch in batches(rows.values()):
        changed |= {codes[pk] for pk in _save_links(writer, batch, ids, entities, staff)}
        sessions, deleted = _save_sessions(writer, book, batch, ids)
        session_counts += sessions.counts
        present = [row for service in batch for row in attendances[service.code]]
        synced, touched = _save_attendances(writer, batch, ids, present, entities, people)
        attendance_counts += deleted + synced.counts
        moved |= sessions.parents | touched
    touched = changed | {codes[pk] for pk in moved}
    was_approved = {code for code, columns in states.items() if columns["state"] == APPROVED}
    return SavedServices(
        ids=ids,
        counts={
            contract.SERVICES: count_changes(
                rows.keys(), upserted.created, changed - upserted.created
            ),
            contract.SESSIONS: session_counts,
            contract.ATTENDANCES: attendance_counts,
        },
        approved=sorted(touched & was_approved),
    )


def _state_columns(writer: Writer, state: str, known: dict[str, Any] | None) -> dict[str, Any]:
    """Columns of the state. A state that the workbook changes is changed now, by no account.

    `known` are those of a service that is there, else None.
    """
    if known and contract.state_in_files(known["state"]) == state:
        return known
    columns = {"state": state, "state_by_id": None, "state_at": None, "state_reason": ""}
    return columns | ({"state_at": writer.moment, "state_reason": writer.reason} if known else {})


def _save_links(
    writer: Writer,
    rows: list[Any],
    ids: dict[str, int],
    entities: dict[str, int],
    staff: dict[str, int],
) -> set[int]:
    """Recipients, advisers in the order of the cell, themes; answers the services touched."""
    recipients = [
        {"service_id": ids[row.code], "entity_id": entities[code]}
        for row in rows
        for code in row.entities
    ]
    advisers = [
        {"service_id": ids[row.code], "staff_member_id": pk, "position": position}
        for row in rows
        for position, pk in enumerate(
            dict.fromkeys(staff[StaffMember.key(name)] for name in row.advisers)
        )
    ]
    themes = [
        {"service_id": ids[row.code], "theme_id": theme} for row in rows for theme in row.themes
    ]
    services = [ids[row.code] for row in rows]
    touched = set()
    for model, links in (
        (Recipient, recipients),
        (ServiceAdviser, advisers),
        (ServiceTheme, themes),
    ):
        existing = model.objects.filter(service__in=services)
        touched |= writer.sync(existing, model.KEY, links).parents
    return touched


def _save_sessions(
    writer: Writer, book: Book, rows: list[Any], ids: dict[str, int]
) -> tuple[Synced, Counter[str]]:
    """What was done to the sessions, and the counts of attendances deleted with one."""
    wanted = [
        # A book without errors has all its terms.
        {"service_id": ids[row.code], "day": day, **term._asdict()}  # type: ignore[union-attr]
        for row in rows
        for day, term in book.terms.get(row.code, {}).items()
    ]
    deleted: Counter[str] = Counter()

    def delete_attendances(pks: list[int]) -> None:
        deleted["deleted"] += writer.delete(Attendance.objects.filter(session__in=pks))

    existing = Session.objects.filter(service__in=[ids[row.code] for row in rows])
    return writer.sync(existing, Session.KEY, wanted, delete_attendances), deleted


def _save_attendances(
    writer: Writer,
    rows: list[Any],
    ids: dict[str, int],
    present: list[Any],
    entities: dict[str, int],
    people: dict[str, int],
) -> tuple[Synced, set[int]]:
    """What was done to the attendances of the services `rows`, and the services touched.

    `present` are the rows of attendance.
    """
    pks = [ids[row.code] for row in rows]
    days = Session.objects.filter(service__in=pks).values_list("service", "day", "pk")
    sessions = {(service, day): pk for service, day, pk in days}
    services = {pk: service for (service, _), pk in sessions.items()}
    wanted = [
        {
            "session_id": sessions[ids[row.service], row.day],
            "person_id": people[row.person],
            "entity_id": entities[row.entity],
            "day": row.day,
            "state": PRESENT,
        }
        for row in present
    ]
    existing = Attendance.objects.filter(session__service__in=pks)
    synced = writer.sync(existing, Attendance.KEY, wanted)
    return synced, {services[session] for session in synced.parents}


def save_partnerships(
    writer: Writer, book: Book, project: Project, entities: dict[str, int]
) -> Counter[str]:
    rows = book[contract.PARTNERSHIPS]
    fields = ["code", "kind", "document_number", "day", "description"]
    wanted = [{**pick(row, fields), "local_government_id": row.local_government} for row in rows]
    existing = Partnership.objects.filter(project=project)
    skip = missing_columns(book)
    upserted = writer.upsert(existing, ["code"], wanted, skip, project=project)
    if "entities" in book.missing:
        return count_changes(upserted.ids.keys(), upserted.created, upserted.changed)
    links = [
        {"partnership_id": upserted.ids[row.code], "entity_id": entities[code]}
        for row in rows
        for code in row.entities
    ]
    return _with_links(writer, upserted, PartnershipEntity, links)


def save_adoptions(
    writer: Writer,
    book: Book,
    project: Project,
    entities: dict[str, int],
    services: dict[str, int],
) -> Counter[str]:
    rows = book[contract.ADOPTIONS]
    fields = ["code", "day", "description"]
    wanted = [
        {**pick(row, fields), "kind_id": row.kind, "entity_id": entities[row.entity]}
        for row in rows
    ]
    existing = Adoption.objects.filter(project=project)
    skip = missing_columns(book)
    upserted = writer.upsert(existing, ["code"], wanted, skip, project=project)
    if "services" in book.missing:
        return count_changes(upserted.ids.keys(), upserted.created, upserted.changed)
    links = [
        {"adoption_id": upserted.ids[row.code], "service_id": services[code]}
        for row in rows
        for code in row.services
    ]
    return _with_links(writer, upserted, AdoptionService, links)


def _with_links(
    writer: Writer, upserted: Upserted, model: Any, links: list[dict[str, Any]]
) -> Counter[str]:
    """The counts of rows; a row whose links changed is changed."""
    ids, parent = upserted.ids, model.KEY[0]
    parents = {link[parent] for link in links} if writer.keeps_filled else ids.values()
    touched = writer.sync_children(model.objects.all(), parents, model.KEY, links).parents
    changed = upserted.changed | {code for code, pk in ids.items() if pk in touched}
    return count_changes(ids.keys(), upserted.created, changed - upserted.created)


training_group = itemgetter("staff_member_id", "topic", "starts_on")
training_key = itemgetter(*TRAINING_KEY)


def save_trainings(writer: Writer, book: Book, project: Project) -> Counter[str]:
    """By person, topic and first day; those equal in these by the last day too."""
    staff, missing = save_staff(writer, book), missing_columns(book)
    trainings = StaffTraining.objects.filter(project=project)
    known = _last_days(trainings)
    wanted = []
    for row in book[contract.TRAININGS]:
        columns = {
            **pick(row, ["topic", "organiser", "hours", "certificate_number"]),
            "staff_member_id": staff[StaffMember.key(row.staff_member)],
            "starts_on": row.start,
        }
        is_known = "ends_on" in missing and training_group(columns) in known
        last_days = known[training_group(columns)] if is_known else [row.end]
        wanted += [columns | {"ends_on": day} for day in last_days]
    moved = _move_last_days(writer, known, wanted)
    upserted = writer.upsert(trainings, TRAINING_KEY, wanted, missing, project=project)
    return count_changes(upserted.ids.keys(), upserted.created, upserted.changed | moved)


def _last_days(trainings: QuerySet[StaffTraining]) -> dict[tuple, dict[date | None, int]]:
    """`{(person, topic, first day): {last day: pk}}`."""
    last_days: dict[tuple, dict[date | None, int]] = defaultdict(dict)
    for row in trainings.order_by("pk").values("pk", *TRAINING_KEY):
        last_days[training_group(row)][row["ends_on"]] = row["pk"]
    return last_days


def _move_last_days(
    writer: Writer, known: dict[tuple, dict[date | None, int]], wanted: list[dict[str, Any]]
) -> set[tuple]:
    """Gives trainings whose last day is in no row the last days of rows that are new.

    Answers the keys of these rows.
    """
    by_group: dict[tuple, dict[date | None, dict[str, Any]]] = defaultdict(dict)
    for row in wanted:
        by_group[training_group(row)][row["ends_on"]] = row
    moves: dict[int, dict[str, Any]] = {}
    for group, rows in by_group.items():
        pks = known.get(group, {})
        free = [pk for day, pk in pks.items() if day not in rows]
        new = [row for day, row in rows.items() if day not in pks]
        moves |= dict(zip(free, new, strict=False))
    for batch in batches(moves):
        trainings = list(StaffTraining.objects.filter(pk__in=batch))
        for training in trainings:
            moved = moves[training.pk]
            old = moved | {"ends_on": training.ends_on}
            writer.written.append(WrittenRow(StaffTraining, training.pk, "changed", old, moved))
            training.ends_on = moved["ends_on"]
        writer.update(trainings, ["ends_on"])
    return {training_key(row) for row in moves.values()}
