"""A whole project in the exchange format: imported into an empty register it makes the same.

Beside the sheets that are read back stands an index of evidence; its files stay in the program.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from entities.models import (
    Entity,
    LocalGovernment,
    Person,
    Representation,
    SocialEnterpriseStatus,
    TerytCode,
)
from owes.exports import Workbook
from support.models import (
    Adoption,
    AdoptionService,
    Attendance,
    Declaration,
    Enrolment,
    Evidence,
    Partnership,
    PartnershipEntity,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    Session,
    StaffTraining,
)
from support.models.session import WARSAW
from support.workbook import contract
from support.workbook.contract import SHEETS, Sheet
from support.workbook.registers import ENTITY_FIELDS, PERSON_FIELDS

SEPARATOR = "; "
EVIDENCE = "Dowody"
EVIDENCE_HEADERS = ["Zapis", "Rodzaj", "Plik", "Dodano", "Stan", "Suma kontrolna"]
# Rows of a project that name an entity: the column of the key, and the way to the project.
ENTITIES_OF: list[tuple[Any, str, str]] = [
    (Enrolment, "entity", "project"),
    (Recipient, "entity", "service__project"),
    (Attendance, "entity", "session__service__project"),
    (Adoption, "entity", "project"),
    (PartnershipEntity, "entity", "partnership__project"),
]
PEOPLE_OF: list[tuple[Any, str, str]] = [
    (Attendance, "person", "session__service__project"),
    (Declaration, "person", "project"),
]
RELATIVES = ("parent", "founding_group")


def workbook_of(project: Project) -> bytes:
    """The xlsx; of the registers it leaves out what only other projects know."""
    export = _Export(project)
    book = Workbook()
    for sheet in SHEETS:
        fields = [column.field for column in sheet.columns]
        rows = ([row[field] for field in fields] for row in export.rows(sheet))
        book.sheet(sheet.name, sheet.headers, rows)
    book.sheet(EVIDENCE, EVIDENCE_HEADERS, export.evidence())
    return book.bytes()


def joined(items: Iterable[str]) -> str:
    return SEPARATOR.join(items)


class _Export:
    def __init__(self, project: Project) -> None:
        self.project = project
        entities = _with_relatives(_known_here(Entity.objects.all(), ENTITIES_OF, project))
        self.entities = Entity.objects.filter(pk__in=entities)
        people = _known_here(Person.objects.all(), PEOPLE_OF, project)
        self.people = Person.objects.filter(pk__in=people)
        self.teryt = _teryt()

    def rows(self, sheet: Sheet) -> Iterator[dict[str, Any]]:
        """A dict of cells by the field of the column."""
        rows_of: dict[Sheet, Callable[[], Iterator[dict[str, Any]]]] = {
            contract.ENTITIES: self._entities,
            contract.STATUSES: self._statuses,
            contract.PEOPLE: self._people,
            contract.REPRESENTATIONS: self._representations,
            contract.SERVICES: self._services,
            contract.SESSIONS: self._sessions,
            contract.ATTENDANCES: self._attendances,
            contract.PARTNERSHIPS: self._partnerships,
            contract.ADOPTIONS: self._adoptions,
            contract.TRAININGS: self._trainings,
        }
        return rows_of[sheet]()

    def _teryt_of(self, local_government: LocalGovernment | None) -> str:
        """Seven digits of a gmina or a city; fewer of a powiat or a voivodeship."""
        if local_government is None:
            return ""
        return self.teryt.get(local_government.pk, local_government.code)

    def _entities(self) -> Iterator[dict[str, Any]]:
        enrolments = Enrolment.objects.filter(project=self.project)
        joined_on = dict(enrolments.values_list("entity", "joined_on"))
        for entity in self.entities.select_related("seat", *RELATIVES).order_by("code"):
            yield _columns(entity, ENTITY_FIELDS) | {
                "legal_form": entity.get_legal_form_display(),
                "seat": self._teryt_of(entity.seat),
                "parent": entity.parent.code if entity.parent else "",
                "founding_group": entity.founding_group.code if entity.founding_group else "",
                "joined_on": joined_on.get(entity.pk),
            }

    def _statuses(self) -> Iterator[dict[str, Any]]:
        statuses = SocialEnterpriseStatus.objects.filter(entity__in=self.entities)
        for row in statuses.select_related("entity").order_by("entity__code", "valid_from", "pk"):
            yield {
                "entity": row.entity.code,
                "basis": row.get_basis_display(),
                "decision_number": row.decision_number,
                "start": row.valid_from,
                "end": row.valid_until,
            }

    def _people(self) -> Iterator[dict[str, Any]]:
        declarations = Declaration.objects.filter(project=self.project)
        signed_on = dict(declarations.values_list("person", "signed_on"))
        for person in self.people.select_related("gmina").order_by("code"):
            yield _columns(person, PERSON_FIELDS) | {
                "gmina": self._teryt_of(person.gmina),
                "signed_on": signed_on.get(person.pk),
            }

    def _representations(self) -> Iterator[dict[str, Any]]:
        rows = Representation.objects.filter(person__in=self.people, entity__in=self.entities)
        rows = rows.select_related("person", "entity")
        for row in rows.order_by("person__code", "entity__code", "since", "pk"):
            yield {
                "person": row.person.code,
                "entity": row.entity.code,
                "role": row.role,
                "start": row.since,
                "end": row.until,
            }

    def _services(self) -> Iterator[dict[str, Any]]:
        services = self.project.services.select_related("type", "activity").order_by("code")
        recipients = _names(Recipient, services, "service", "entity__code")
        advisers = _names(ServiceAdviser, services, "service", "staff_member__name", "position")
        themes = _names(ServiceTheme, services, "service", "theme__name")
        for service in services:
            yield _columns(service, ["code", "topic", "place"]) | {
                "type": service.type.name,
                "mode": service.get_mode_display(),
                "activity": service.activity.name if service.activity else "",
                "state": Service.State(contract.state_in_files(service.state)).label,
                "entities": joined(recipients[service.pk]),
                "advisers": joined(advisers[service.pk]),
                "themes": joined(themes[service.pk]),
            }

    def _sessions(self) -> Iterator[dict[str, Any]]:
        sessions = Session.objects.filter(service__project=self.project).select_related("service")
        for session in sessions.order_by("service__code", "day"):
            yield {
                "service": session.service.code,
                "day": session.day,
                "start": f"{session.starts_at.astimezone(WARSAW):%H:%M}",
                "end": f"{session.ends_at.astimezone(WARSAW):%H:%M}",
                "break_minutes": session.break_minutes,
            }

    def _attendances(self) -> Iterator[dict[str, Any]]:
        present = Attendance.objects.present().filter(session__service__project=self.project)
        names = ("session__service__code", "day", "person__code", "entity__code")
        for row in present.order_by(*names).values_list(*names).iterator(chunk_size=2000):
            yield dict(zip(("service", "day", "person", "entity"), row, strict=True))

    def _partnerships(self) -> Iterator[dict[str, Any]]:
        partnerships = Partnership.objects.filter(project=self.project).order_by("code")
        entities = _names(PartnershipEntity, partnerships, "partnership", "entity__code")
        for row in partnerships.select_related("local_government"):
            yield _columns(row, ["code", "document_number", "day", "description"]) | {
                "local_government": self._teryt_of(row.local_government),
                "kind": row.get_kind_display(),
                "entities": joined(entities[row.pk]),
            }

    def _adoptions(self) -> Iterator[dict[str, Any]]:
        adoptions = Adoption.objects.filter(project=self.project).order_by("code")
        services = _names(AdoptionService, adoptions, "adoption", "service__code")
        for row in adoptions.select_related("entity", "kind"):
            yield _columns(row, ["code", "day", "description"]) | {
                "entity": row.entity.code,
                "kind": row.kind.name,
                "services": joined(services[row.pk]),
            }

    def _trainings(self) -> Iterator[dict[str, Any]]:
        trainings = StaffTraining.objects.filter(project=self.project)
        trainings = trainings.select_related("staff_member")
        for row in trainings.order_by("staff_member__sort_key", "starts_on", "topic", "pk"):
            yield _columns(row, ["topic", "organiser", "hours", "certificate_number"]) | {
                "staff_member": row.staff_member.name,
                "start": row.starts_on,
                "end": row.ends_on,
            }

    def evidence(self) -> Iterator[list[Any]]:
        """Rows of the index: of what each file is, and what it is known by."""
        files = Evidence.objects.filter(project=self.project).for_list().order_by("pk")
        for file in files:
            yield [
                f"{file.subject.label}: {file.record}",
                file.kind,
                file.file_name,
                file.added_at.astimezone(WARSAW).date(),
                file.get_state_display(),
                file.sha256,
            ]


def _teryt() -> dict[int, str]:
    """`{key of a gmina or a city: its code of seven digits}`: of the whole, not of a part."""
    codes = TerytCode.objects.filter(valid_until=None, code__regex=r"^\d{7}$")
    return dict(codes.order_by("-code").values_list("local_government", "code"))


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _names(
    model: Any, parents: QuerySet, parent: str, name: str, *order: str
) -> dict[int, list[str]]:
    """`{key of the parent: names of what it is linked to}`, in the order of the links."""
    names: dict[int, list[str]] = defaultdict(list)
    links = model.objects.filter(**{f"{parent}__in": parents.order_by()})
    for key, value in links.order_by(*(order or (name,))).values_list(parent, name):
        names[key].append(value)
    return names


def _known_here(
    register: QuerySet, rows_of: list[tuple[Any, str, str]], project: Project
) -> Collection[int]:
    """Keys of the records that the project names, or that no project does."""
    here: set[int] = set()
    elsewhere: set[int] = set()
    for model, key, path in rows_of:
        for record, of in model.objects.order_by().values_list(key, path).distinct():
            (here if of == project.pk else elsewhere).add(record)
    return set(register.values_list("pk", flat=True)) - (elsewhere - here)


def _with_relatives(keys: Collection[int]) -> Collection[int]:
    """The entities, and those that they stand under or came of."""
    relatives = {row[0]: row[1:] for row in Entity.objects.values_list("pk", *RELATIVES)}
    whole, new = set(keys), set(keys)
    while new:
        new = set(chain.from_iterable(relatives[key] for key in new)) - whole - {None}
        whole |= new
    return whole
