"""Fills an empty database with invented records: `python -m bench.generate [demo|S|M/3|M] [seed]`.

S is a project of 20,000 services, M is 25 of them that share one register: each twentieth service
is for an entity of the next project. The same size and seed give the same rows. They are written
in bulk and have no history; triggers are taken away meanwhile and made again, and then all is
judged. Four reports of the first project are closed as the program closes them.
"""

import argparse
import hashlib
import random
from collections import Counter
from datetime import date, time, timedelta
from itertools import cycle, islice
from typing import NamedTuple

from django.db import connection, transaction

from entities.models import (
    Entity,
    EntityActivity,
    LegalForm,
    LocalGovernment,
    Person,
    Representation,
    SocialEnterpriseStatus,
)
from indicators.closing.closing import close
from indicators.counting import triggers
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import Report
from indicators.reference import load_project
from owes.models import Searchable, User
from support.models import (
    Activity,
    Adoption,
    AdoptionKind,
    AdoptionService,
    Attendance,
    Declaration,
    Enrolment,
    Evidence,
    Membership,
    Partnership,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    ServiceType,
    Session,
    StaffMember,
    StaffTraining,
    Theme,
)

BATCH = 5000
COORDINATOR, ADVISER = "koordynator@example.pl", "kadra@example.pl"
# The last days of closed reports; what came later is in none.
CLOSED = [date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31), date(2024, 6, 30)]
SYLLABLES = ["ba", "ce", "do", "gra", "ja", "ko", "li", "łą", "mo", "nie", "po", "sta", "wi", "żu"]
FORMS = ["association", "foundation", "association", "kgw", "social_cooperative", "osp"]
STATES = Counter(approved=87, submitted=5, draft=5, returned=2, cancelled=1)
KINDS = ["szkolenie", "doradztwo ogólne", "doradztwo cyfrowe", "doradztwo ekologiczne", "asysta"]
PER_SERVICE = 5  # people


class Size(NamedTuple):
    """How many projects, and of how many records each of them is."""

    projects: int
    entities: int
    people: int
    services: int


SIZES = {
    "demo": Size(2, 60, 240, 420),
    "S": Size(1, 500, 2_000, 20_000),
    "M/3": Size(8, 500, 2_000, 20_000),
    "M": Size(25, 500, 2_000, 20_000),
}


def generate(size: Size, seed: int = 1) -> list[Project]:
    triggers.uninstall(connection)
    with transaction.atomic():
        projects = [_project(number) for number in range(size.projects)]
        accounts = [_account(COORDINATOR, "Kinga Łącka"), _account(ADVISER, "Ewa Piórkowska")]
        roles = [Membership.Role.COORDINATOR, Membership.Role.STAFF]
        Membership.objects.bulk_create(
            Membership(user=user, project=project, role=role)
            for project in projects
            for user, role in zip(accounts, roles, strict=True)
        )
        registers = [Register(number, size, seed) for number in range(size.projects)]
    for number, project in enumerate(projects):
        with transaction.atomic():
            records = Records(project, registers[number], registers[(number + 1) % size.projects])
            records.write(size, random.Random(f"{seed} {number}"), accounts[1])
    make_ready(projects, accounts[0])
    return projects


def make_ready(projects, coordinator):
    """Judges what was written, and closes the reports of the first project."""
    triggers.install(connection)
    _analyze()
    for project in projects:
        kept(Scope.of(project))
    starts_on = projects[0].starts_on
    for ends_on in CLOSED:
        report = Report.objects.create(
            project=projects[0],
            kind=Report.Kind.PARTIAL,
            starts_on=starts_on,
            ends_on=ends_on,
            created_by=coordinator,
        )
        close(report, coordinator, "dane wymyślone do pomiarów")
        starts_on = ends_on + timedelta(days=1)
    _analyze()


def _analyze():
    """What a database does by itself some time after so many rows are written."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _project(number):
    """The first is SPUTNIK II, others are copies of it."""
    if not number:
        load_project("sputnik-ii")
    first = Project.objects.get(slug="sputnik-ii")
    if not number:
        return first
    copied = Project.objects.get(pk=first.pk)
    copied.pk, copied._state.adding = None, True
    copied.slug, copied.name = f"pomiar-{number}", f"Pomiar {number}"
    copied.save()
    copied.area.set(first.area.all())
    for row in [*first.evidence_requirements.all(), *first.targets.all()]:
        row.pk, row._state.adding, row.project = None, True, copied
        row.save()
    return copied


def _account(email, name):
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, name=name)


def write(rows):
    """Saves rows of one model in bulk and returns them with their keys."""
    rows = list(rows)
    for row in rows:
        if isinstance(row, Searchable):
            row.fill_search()
    return type(rows[0]).objects.bulk_create(rows, batch_size=BATCH) if rows else []


class Register:
    """The entities and people of one project: most of them in order, some at each edge of a rule.

    Each twelfth entity is an initiative group, and the one after it was founded by that group.
    """

    def __init__(self, number, size, seed):
        self.draw = random.Random(f"register {seed} {number}")
        self.prefix = f"{number}-" if number else ""
        powiats = Project.objects.get(slug="sputnik-ii").area.all()
        self.inside = list(
            LocalGovernment.objects.seats().filter(powiat__in=powiats).order_by("code")
        )
        outside = LocalGovernment.objects.seats().exclude(powiat__in=powiats).order_by("code")
        self.outside = list(outside[:20])
        groups = write(self._entity(n) for n in range(0, size.entities, 12))
        rest = write(self._entity(n, groups[n // 12]) for n in range(size.entities) if n % 12)
        self.entities = sorted(groups + rest, key=lambda entity: entity.code)
        self.people = write(self._person(n) for n in range(size.people))
        homes = islice(cycle(self.entities), size.people)
        write(
            Representation(person=person, entity=entity)
            for person, entity in zip(self.people, homes, strict=True)
        )
        self.members = {entity.pk: [] for entity in self.entities}
        for person, entity in zip(self.people, cycle(self.entities)):
            self.members[entity.pk].append(person)
        for entity in self.entities:
            own = self.members[entity.pk][:PER_SERVICE]
            strangers = [person for person in self.people if person not in own]
            self.members[entity.pk] = own + self.draw.sample(strangers, PER_SERVICE - len(own))
        self._write_statuses()

    def _entity(self, n, group=None):
        form = self.draw.choice(FORMS) if n % 25 else LegalForm.NOT_PES
        registered_on = date(2005, 1, 1) + timedelta(days=self.draw.randrange(6000))
        founded = group is not None and n % 12 == 1
        if group is None:
            form, registered_on = LegalForm.INITIATIVE_GROUP, None
        elif founded:
            registered_on = date(2022, 9, 1) + timedelta(days=self.draw.randrange(750))
        return Entity(
            code=f"P{self.prefix}{n:05d}",
            name=f"Stowarzyszenie {self._name()} {self._name()}",
            legal_form=form,
            registered_on=registered_on,
            seat=self.draw.choice(self.outside if n % 20 == 7 else self.inside),
            founding_group=group if founded else None,
            locality=self._name(),
            street=f"{self._name()} {n + 1}",
        )

    def _person(self, n):
        return Person(
            code=f"O{self.prefix}{n:06d}",
            first_name="Łucja" if n % 2 else "Jan",
            last_name=self._name(),
            sex="K" if n % 2 else "M",
            gmina=self.draw.choice(self.inside),
        )

    def _name(self):
        return "".join(self.draw.choices(SYLLABLES, k=4)).capitalize()

    def _write_statuses(self):
        supported = [entity for entity in self.entities if entity.is_pes]
        write(
            SocialEnterpriseStatus(
                entity=entity,
                basis=SocialEnterpriseStatus.Basis.OWES,
                valid_from=max(date(2020, 1, 1), entity.registered_on),
            )
            for entity in supported[::10]
        )
        write(
            EntityActivity(entity=entity, kind=EntityActivity.Kind.PAID, since=date(2023, 5, 8))
            for entity in supported[::15]
        )

    def for_service(self, n, day):
        """The entity of the n-th service; before its registration, the group that founded it."""
        entity = self.entities[n % len(self.entities)]
        is_not_yet = entity.founding_group_id and day < entity.registered_on
        return entity.founding_group if is_not_yet else entity


class Records:
    """What one project did: services with their people, and what came of them."""

    def __init__(self, project, own, neighbour):
        self.project, self.own, self.neighbour = project, own, neighbour
        self.prefix = own.prefix

    def write(self, size, draw, account):
        days = _working_days(self.project)
        staff = self._staff(max(4, size.services // 500))
        held = sorted(draw.choices(days, k=size.services))
        services = self._services(held, draw, account)
        served = [
            (self.neighbour if n % 20 == 19 else self.own).for_service(n, day)
            for n, day in enumerate(held)
        ]
        write(
            Recipient(service=service, entity=entity)
            for service, entity in zip(services, served, strict=True)
        )
        places = _places(held)
        write(
            ServiceAdviser(service=service, staff_member=staff[place % len(staff)])
            for service, place in zip(services, places, strict=True)
        )
        themes = list(Theme.objects.order_by("position"))
        write(
            ServiceTheme(service=service, theme=themes[n % len(themes)])
            for n, service in enumerate(services)
            if n % 3
        )
        sessions = write(
            _session(service, day, 8 + 3 * (place // len(staff) % 4))
            for service, day, place in zip(services, held, places, strict=True)
        )
        self._attendances(sessions, served, draw)
        self._adoptions(services, held, served)
        self._joining(served)
        self._acts()
        self._evidence(account)

    def _staff(self, count):
        staff = write(StaffMember(name=f"Pracownik {self.prefix}{n}") for n in range(count))
        write(
            StaffTraining(
                project=self.project,
                staff_member=member,
                topic="Dostępność cyfrowa",
                starts_on=self.project.starts_on + timedelta(days=30 + n),
            )
            for n, member in enumerate(staff[::2])
        )
        return staff

    def _services(self, held, draw, account):
        kinds = [ServiceType.objects.get(name=name) for name in KINDS]
        activity = Activity.objects.create(project=self.project, name="Doradztwo")
        states = draw.choices(list(STATES), list(STATES.values()), k=len(held))
        return write(
            Service(
                project=self.project,
                code=f"U/{n:06d}",
                type=kinds[n % len(kinds)],
                topic=f"Temat usługi {n}",
                activity=activity,
                mode=Service.Mode.ON_SITE,
                state=state,
                signed_on=day if state == Service.State.APPROVED else None,
                created_by=account,
            )
            for n, (day, state) in enumerate(zip(held, states, strict=True))
        )

    def _attendances(self, sessions, served, draw):
        members = self.own.members | self.neighbour.members
        write(
            Attendance(
                session=session,
                day=session.day,
                person=person,
                entity=entity,
                state="absent" if draw.random() < 0.05 else "present",
            )
            for session, entity in zip(sessions, served, strict=True)
            for person in members[entity.pk]
        )

    def _adoptions(self, services, held, served):
        """Of each seventieth service, a month later; each tenth of them is linked with none."""
        chosen = range(0, len(services), 70)
        adoptions = write(
            Adoption(
                project=self.project,
                code=f"W{n:06d}",
                entity=served[n],
                kind_id=[AdoptionKind.DIGITAL, AdoptionKind.ECO][n // 70 % 2],
                day=min(held[n] + timedelta(days=30), self.project.ends_on),
                description="Wdrożenie po doradztwie.",
            )
            for n in chosen
        )
        write(
            AdoptionService(adoption=adoption, service=services[n])
            for n, adoption in zip(chosen, adoptions, strict=True)
            if n // 70 % 10
        )

    def _joining(self, served):
        day, members = self.project.starts_on, self.own.members | self.neighbour.members
        entities = {entity.pk: entity for entity in served}
        write(
            Enrolment(project=self.project, entity=entity, joined_on=day)
            for entity in entities.values()
        )
        people = {person.pk: person for pk in entities for person in members[pk]}
        write(
            Declaration(project=self.project, person=person, signed_on=day, clause_version="1")
            for person in people.values()
        )

    def _acts(self):
        governments = [*self.own.inside, *self.own.outside[:3]]
        write(
            Partnership(
                project=self.project,
                code=f"J{n:04d}",
                local_government=government,
                kind=Partnership.Kind.MEETING,
                day=self.project.starts_on + timedelta(days=20 * n % 900),
            )
            for n, government in enumerate(governments)
        )

    def _evidence(self, account):
        """A verified file for all but each thirtieth record that needs one."""
        for requirement in self.project.evidence_requirements.filter(is_required=True):
            kind = requirement.documents.splitlines()[0]
            keys = requirement.asked_of().order_by("pk").values_list("pk", flat=True)
            write(
                Evidence(
                    project=self.project,
                    kind=kind,
                    file=f"evidence/{requirement.pk}-{key}.pdf",
                    file_name=f"{kind} {key}.pdf",
                    sha256=hashlib.sha256(f"{requirement.pk} {key}".encode()).hexdigest(),
                    state=Evidence.State.VERIFIED,
                    added_by=account,
                    **{f"{requirement.subject}_id": key},
                )
                for n, key in enumerate(keys)
                if n % 30 != 29
            )


def _working_days(project):
    days = [project.starts_on + timedelta(days=n) for n in range(project.period.days)]
    return [day for day in days if day.weekday() < 5]


def _places(held):
    """The place of each service among those of its day."""
    seen = Counter()
    places = []
    for day in held:
        places.append(seen[day])
        seen[day] += 1
    return places


def _session(service, day, hour):
    session = Session(service=service)
    session.set_term(day, time(hour), time(hour + 2))
    return session


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", choices=SIZES, default="demo")
    parser.add_argument("seed", nargs="?", type=int, default=1)
    options = parser.parse_args()
    generate(SIZES[options.size], options.seed)
