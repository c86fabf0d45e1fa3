"""The states of the services of a flat sheet: a file is asked what a form asks who submits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from support.models import PasteBatch, Service, ServiceType
from support.models.submitting import Obstacle, SubmittingFacts, submitting_facts
from support.workbook import contract
from support.workbook.contract import Sheet
from support.workbook.flat_contract import PRESENCES
from support.workbook.flat_services import FlatService, codes_known, services_of
from support.workbook.reader import Book

State = Service.State
JUDGED = (State.SUBMITTED, State.APPROVED)
# The column of the file that mends each part of a service.
COLUMNS = {
    "sessions": "day",
    "advisers": "advisers",
    "mode": "mode",
    "head_count": "head_count",
    "recipients": "entity",
    "attendances": "last_name",
}


@dataclass
class KnownServices:
    """The services of a file beside what the project knows of them, by their codes.

    `numbers` are the rows of the registers that are left in the book.
    """

    services: dict[str, Service]
    facts: dict[int, SubmittingFacts]
    left: set[int]
    types: dict[int, ServiceType]
    numbers: dict[Sheet, set[int]]
    now: datetime

    @classmethod
    def load(cls, book: Book, codes: Collection[str]) -> "KnownServices":
        own = Service.objects.filter(project=book.project, code__in=codes)
        left = PasteBatch.objects.filter(service__in=own).exclude(left="")
        return cls(
            services={service.code: service for service in own},
            facts=submitting_facts(own),
            left=set(left.values_list("service", flat=True)),
            types=ServiceType.objects.in_bulk(),
            numbers={
                sheet: {row.number for row in book[sheet]}
                for sheet in (contract.ENTITIES, contract.PEOPLE)
            },
            now=timezone.now(),
        )

    def head_count_of(self, service: FlatService, code: str) -> int | None:
        """Of an open event alone: of another service its people say how many came."""
        known = self.services.get(code)
        told = service.cells.head_count if self.types[service.cells.type].is_open_event else None
        return known.head_count if told is None and known else told

    def state_of(self, service: FlatService, code: str) -> str:
        """The state told or known; a new service is submitted where it may be, else a draft."""
        known = self.services.get(code)
        if service.cells.state:
            return service.cells.state
        if known:
            return contract.state_in_files(known.state)
        obstacles = self._facts_of(service, code).obstacles(self.now)
        return (State.DRAFT if obstacles else State.SUBMITTED).value

    def obstacles(self, service: FlatService, code: str) -> list[Obstacle]:
        """Why the service cannot be what the file, or the project, says that it is.

        One that was approved has ended, but may lack what its papers lack: nobody is to invent it.
        """
        known = self.services.get(code)
        state = self.state_of(service, code)
        if state not in JUDGED:
            return []
        facts = self._facts_of(service, code)
        if state == State.APPROVED or (known and known.state in JUDGED):
            return facts.obstacles_of_terms(self.now)
        obstacles = facts.obstacles(self.now)
        return [it for it in obstacles if not (known and known.was_approved_without(it.lacks))]

    def _facts_of(self, service: FlatService, code: str) -> SubmittingFacts:
        """A flat sheet only adds: what it says, beside what is known."""
        cells, own = service.cells, self.services.get(code)
        known = self.facts[own.pk] if own else None
        ends = [term.ends_at for term in service.terms.values()]
        ends += [known.last_end] if known and known.last_end else []
        present = [(person, entity) for _, person, entity in service.present]
        return SubmittingFacts(
            type=self.types[cells.type],
            mode=cells.mode or (known.mode if known else ""),
            place=cells.place or (known.place if known else ""),
            head_count=self.head_count_of(service, code),
            last_end=max(ends),
            has_adviser=True,  # a column that every row fills
            has_recipient=any(map(self._has_entity, service.recipients))
            or bool(known and known.has_recipient),
            has_present=any(self._has_both(*each) for each in present)
            or bool(known and known.has_present),
            has_expected=bool(known and known.has_expected),
            has_left_rows=bool(own and own.pk in self.left),
        )

    def _has_entity(self, reference: Any) -> bool:
        """Whether the entity is saved: one answered with "pomiń" is not."""
        return isinstance(reference, str) or reference in self.numbers[contract.ENTITIES]

    def _has_both(self, person: Any, entity: Any) -> bool:
        return person in self.numbers[contract.PEOPLE] and self._has_entity(entity)


def check_states(book: Book) -> None:
    """Reports services that cannot be in their state, and those that may be several known ones.

    Of a service with a faulty row more is not to be told.
    """
    faulty = book.faulty_rows(PRESENCES)
    services = [service for service in services_of(book) if not faulty & service.numbers]
    codes = codes_known(services, book.project)  # type: ignore[arg-type]
    known = KnownServices.load(book, [code for its in codes for code in its])
    for service, its in zip(services, codes, strict=True):
        if len(its) > 1:
            _report_equal(book, service, its)
            continue
        for obstacle in known.obstacles(service, *its or [""]):
            _report(book, service, obstacle)


def _report(book: Book, service: FlatService, obstacle: Obstacle) -> None:
    cells = service.cells
    number, value = cells.number, None
    if obstacle.part == "sessions":
        value = max(service.days)
        number = service.days[value]
    if cells.state:
        way = f"Dopóki tak nie jest, wpisz stan „{State.DRAFT.label}”."
    else:
        way = "W programie ta usługa nie jest szkicem."
    message = f"{obstacle.message} {way}"
    book.report(PRESENCES, number, COLUMNS[obstacle.part], "not_submittable", message, value)


def _report_equal(book: Book, service: FlatService, codes: list[str]) -> None:
    known = ", ".join(codes)
    message = f"W projekcie jest kilka takich usług: {known}. Wpisz numer tej, o którą chodzi."
    book.report(PRESENCES, service.cells.number, "code", "unknown_reference", message)
