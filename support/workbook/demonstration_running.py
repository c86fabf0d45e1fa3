"""The second project of the demonstration: one that runs on the day of loading.

Its funder is invented, its entities and people are those of the first project, so that what the
first one says of the register stays as it is. All days are relative to the day of loading.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.utils import timezone

from entities.models import Entity, LegalForm, LocalGovernment
from owes.models import User
from owes.periods import Period
from support import contracts
from support.models import (
    Activity,
    Attendance,
    Declaration,
    Enrolment,
    Membership,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceType,
    Session,
    StaffMember,
)
from support.models.reporting import MONTHS, ReportingCycle
from support.models.session import term_between
from support.workbook.demonstration import ACCOUNTS, ADVISER, COORDINATOR, REASON
from support.workbook.demonstration import PROJECT as FIRST_PROJECT
from support.workbook.demonstration_evidence import add_evidence, sign_cards
from support.workbook.demonstration_history import date_history
from support.workbook.writing import Writer

PROJECT = "kuznia"
ADVICE, TRAINING = "Doradztwo dla podmiotów", "Szkolenia w Kuźni"
FIELDS = {
    "name": "Kuźnia",
    "title": "Kuźnia – wsparcie spółdzielczości i ekonomii społecznej",
    "funder": "Regionalny Program Przykładowy „Wspólny Warsztat”",
    "contractor": "[nazwa realizatora], Płock",
    "contract_number": "WW/07/K",
    "legal_citation": "regulamin konkursu programu przykładowego",
    "funding_sentence": "Projekt „Kuźnia” finansuje program przykładowy „Wspólny Warsztat”.",
    "logotypes": "znak programu\nznak realizatora",
    "reporting_cycle": ReportingCycle.QUARTER,
    "days_to_report": 20,
}
AREA = ["1462", "1419", "1404"]
EVIDENCE = [
    ("service", None, ["karta podpisana", "lista obecności"], True),
    ("entity", None, ["formularz zgłoszeniowy"], True),
    ("person", None, ["deklaracja uczestnika"], True),
]
# Kind, topic, hours: the advice that an entity gets one after another.
ADVICES = [
    ("doradztwo ogólne", "Od czego zacząć: potrzeby i plan wsparcia", 2),
    ("doradztwo księgowo-podatkowe", "Ewidencja kosztów działalności odpłatnej", 3),
    ("doradztwo biznesowe", "Cena usługi i pierwszy cennik", 3),
    ("doradztwo prawne", "Zmiany w statucie", 2),
]
TRAININGS = ["Jak założyć spółdzielnię socjalną", "Sprzedaż w internecie", "Praca w zespole"]
SEED = 14
ENTITIES, GROUPS, TOGETHER = 18, 3, 4  # entities, initiative groups, entities at a training
SERVICES, TRAINING_EACH, AHEAD = 72, 4, 6
# Counted back from the day of loading; those before are approved.
DRAFTS, SUBMITTED = 3, 4
DAYS_TO_PROVE, DAYS_TO_SIGN = timedelta(days=4), timedelta(days=20)


def period_on(today: date) -> Period:
    """From the first day of a quarter some 14 months ago to the end of one in some 22."""
    start, end = today - timedelta(days=380), today + timedelta(days=620)
    months = MONTHS[ReportingCycle.QUARTER]
    first = start.replace(month=(start.month - 1) // months * months + 1, day=1)
    last = end.replace(month=(end.month - 1) // months * months + months, day=1)
    return Period(first, Period.of_month(last).end)


def load(today: date, began: datetime) -> Project:
    """Needs the first project. History written since it `began` is dated as the records are."""
    project = _create_project(period_on(today))
    writer = Writer(REASON)
    given = list(_services(project, today))
    _write_services(project, given, today, writer)
    _join(project, given, today, writer)
    adviser, coordinator = (User.objects.get(email=email) for email in (ADVISER, COORDINATOR))
    add_evidence(project, adviser, coordinator, writer, until=today - DAYS_TO_PROVE)
    sign_cards(project, writer, before=today - DAYS_TO_SIGN)
    date_history(project, began)
    # Whoever signs in begins in the first project, until they open this one.
    Membership.objects.filter(project__slug=FIRST_PROJECT).update(opened_at=began)
    return project


def _create_project(period: Period) -> Project:
    project: Any = Project(slug=PROJECT, starts_on=period.start, ends_on=period.end, **FIELDS)
    project.contract_date = period.start - timedelta(days=10)
    project.documents_kept_until = date(period.end.year + 5, 12, 31)
    project._change_reason = REASON
    project.save()
    project.area.set(LocalGovernment.objects.filter(code__in=AREA))
    contracts.add_evidence_requirements(apps, project, EVIDENCE)
    for name in (ADVICE, TRAINING):
        Activity.objects.create(project=project, name=name)
    for email, _, role in ACCOUNTS:
        if role:
            Membership.objects.create(
                user=User.objects.get(email=email), project=project, role=role
            )
    return project


@dataclass(frozen=True)
class Given:
    """A service to be written: `present` holds `(person, entity)`, by keys."""

    kind: str
    topic: str
    activity: str
    day: date
    hours: int
    state: str
    present: list[tuple[int, int]]

    @property
    def entities(self) -> list[int]:
        return list(dict.fromkeys(entity for _, entity in self.present))


def _services(project: Project, today: date) -> Iterator[Given]:
    """In order of days, each on a day of its own, so that no adviser is at two at once."""
    random = Random(SEED)
    people = _people(random)
    entities, advised = list(people), Counter[int]()
    days = _days(project, today)
    for number, (day, state) in enumerate(zip(days, _states(), strict=True)):
        if number % TRAINING_EACH == TRAINING_EACH - 1:
            turn = number // TRAINING_EACH
            own = [entities[(turn * TOGETHER + n) % len(entities)] for n in range(TOGETHER)]
            kind, topic, hours = "szkolenie", TRAININGS[turn % len(TRAININGS)], 6
            present = [(person, entity) for entity in own for person in people[entity]]
        else:
            entity = entities[(number - number // TRAINING_EACH) % len(entities)]
            kind, topic, hours = ADVICES[advised[entity] % len(ADVICES)]
            advised[entity] += 1
            present = [(people[entity][0], entity)]
        activity = TRAINING if kind == "szkolenie" else ADVICE
        yield Given(kind, topic, activity, day, hours, state, present)


def _people(random: Random) -> dict[int, list[int]]:
    """`{entity: its people}`, at most two each, of those whom the first project supported."""
    came = Attendance.objects.present().filter(session__service__project__slug=FIRST_PROJECT)
    pairs = came.filter(entity__struck_off_on=None).order_by("person__code", "entity__code")
    pairs = pairs.filter(entity__seat__powiat__code__in=AREA)
    people: dict[int, list[int]] = defaultdict(list)
    for person, entity in dict.fromkeys(pairs.values_list("person", "entity")):
        people[entity].append(person)
    rows = Entity.objects.filter(pk__in=people).order_by("code")
    groups = rows.filter(legal_form=LegalForm.INITIATIVE_GROUP)
    others = rows.exclude(legal_form=LegalForm.INITIATIVE_GROUP)
    chosen = [
        *random.sample([row.pk for row in others], ENTITIES),
        *random.sample([row.pk for row in groups], GROUPS),
    ]
    random.shuffle(chosen)
    return {entity: people[entity][:2] for entity in chosen}


def _days(project: Project, today: date) -> list[date]:
    """Workdays: spread evenly from the first fortnight to yesterday, then one a week ahead."""
    first, held = project.starts_on + timedelta(days=14), SERVICES - AHEAD
    step = (today - first).days / held
    days = [first + timedelta(days=int(step * number)) for number in range(held)]
    days += [today + timedelta(days=7 * number) for number in range(1, AHEAD + 1)]
    return [day - timedelta(days=max(day.weekday() - 4, 0)) for day in days]


def _states() -> Sequence[str]:
    of_state = Service.State
    approved = SERVICES - AHEAD - DRAFTS - SUBMITTED
    states = [of_state.APPROVED] * approved + [of_state.SUBMITTED] * SUBMITTED
    return states + [of_state.DRAFT] * (DRAFTS + AHEAD)


def _write_services(project: Project, given: list[Given], today: date, writer: Writer) -> None:
    types = {kind.name: kind for kind in ServiceType.objects.all()}
    activities = {activity.name: activity for activity in project.activities.all()}
    users = [User.objects.get(email=email) for email in (ADVISER, COORDINATOR)]
    advisers = list(StaffMember.objects.filter(user__in=users).order_by("folded_name"))
    services = writer.create(
        [_service(project, each, types, activities, *users) for each in given]
    )
    pairs = list(zip(services, given, strict=True))
    sessions = writer.create([_session(service, each) for service, each in pairs])
    writer.create(
        [
            Recipient(service=service, entity_id=entity)
            for service, each in pairs
            for entity in each.entities
        ]
    )
    writer.create(
        [
            ServiceAdviser(service=service, staff_member=advisers[number % len(advisers)])
            for number, service in enumerate(services)
        ]
    )
    came, expected = Attendance.State.PRESENT, Attendance.State.EXPECTED
    writer.create(
        [
            Attendance(
                session=session,
                day=each.day,
                person_id=person,
                entity_id=entity,
                state=came if each.day < today else expected,
            )
            for session, each in zip(sessions, given, strict=True)
            for person, entity in each.present
        ]
    )


def _service(
    project: Project, given: Given, types: Any, activities: Any, adviser: User, judge: User
) -> Service:
    year, state = given.day.year, given.state
    service = Service(
        project=project,
        code=Service.new_code(project, year),
        type=types[given.kind],
        topic=given.topic,
        activity=activities[given.activity],
        mode=Service.Mode.ON_SITE,
        place="Płock, ul. Przykładowa 12A",
        created_by=adviser,
        state=state,
    )
    if state != Service.State.DRAFT:
        service.state_by = judge if state == Service.State.APPROVED else adviser
        service.state_at = timezone.now()
    if state == Service.State.APPROVED:
        service.number = Service.new_number(project, year)
    return service


def _session(service: Service, given: Given) -> Session:
    session = Session(service=service, day=given.day)
    term = term_between(given.day, time(9), time(9 + given.hours))
    session.starts_at, session.ends_at, session.minutes = term
    return session


def _join(project: Project, given: list[Given], today: date, writer: Writer) -> None:
    """Each entity enrols, and each person declares, on the first day that is not ahead."""
    joined: dict[int, date] = {}
    signed: dict[int, date] = {}
    for each in given:
        if each.day < today:
            for person, entity in each.present:
                joined.setdefault(entity, each.day)
                signed.setdefault(person, each.day)
    writer.create(
        [
            Enrolment(project=project, entity_id=entity, joined_on=day)
            for entity, day in joined.items()
        ]
    )
    writer.create(
        [
            Declaration(project=project, person_id=person, signed_on=day)
            for person, day in signed.items()
        ]
    )
