"""A register of two projects, and random changes of it by every road that writes."""

from copy import copy
from datetime import date, time, timedelta
from random import Random

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from entities.merging import merge, undo
from entities.models import Entity, EntityActivity, LocalGovernment, Person, SocialEnterpriseStatus
from indicators.catalogue import CATALOGUE
from indicators.closing.closing import close
from indicators.counting.day_work import work_on
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import IndicatorRule, Milestone, Report, Target
from indicators.reference import add_indicators
from support.models import (
    Activity,
    Adoption,
    AdoptionService,
    Attendance,
    Enrolment,
    Evidence,
    EvidenceRequirement,
    Partnership,
    Recipient,
    Service,
    ServiceTheme,
    ServiceType,
    Session,
    StaffMember,
    StaffTraining,
    Theme,
)
from support.workbook.importing import save_book
from support.workbook.reader import read_book
from tests.factories import (
    ActivityFactory,
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
    UserFactory,
    jst,
    sputnik,
)
from tests.indicators.given import FIRST, LAST
from tests.indicators.rules import annex
from tests.support.workbook.workbooks import Tables

DAYS = [FIRST + timedelta(days=n) for n in (-1, 0, 40, 41, 42, 400, 999)] + [LAST]
SEATS = ["141908", "142702", "1465"]
FORMS = ["association", "kgw", "initiative_group", "not_pes"]
STATES = ["approved", "approved", "draft", "cancelled"]


SUMS = ["hours_of_support", "participations", "services_of_support", "residents"]


class Undone(Exception):
    """Takes back a change that was made."""


class World:
    """The register, and what may happen to it; `number` seeds what is drawn."""

    def __init__(self, number):
        self.random, self.made = Random(number), 0
        self.by = UserFactory()
        self.projects = [sputnik(), ProjectFactory(starts_on=FIRST, ends_on=LAST)]
        self.projects[1].area.set(self.projects[0].area.all())
        add_indicators(apps, self.projects[0], [CATALOGUE[code] for code in SUMS])
        for _ in range(5):
            self.new_entity()
            PersonFactory(code=self.code("O"))
        StaffMemberFactory(name="Ewa Pierwsza")
        for _ in range(8):
            self.new_service()
        for change in (self.new_adoption, self.new_act, self.new_training, self.new_evidence) * 2:
            change()

    def beside(self, number):
        """The same register in the hands of another, who draws and numbers on their own."""
        other = copy(self)
        other.random, other.made = Random(number), 1000 * number
        return other

    def code(self, letter):
        self.made += 1
        return f"{letter}{self.made}"

    def any(self, rows):
        """One of the rows or values; of no rows None."""
        if hasattr(rows, "order_by"):
            rows = list(rows.order_by("pk"))
        return self.random.choice(rows) if rows else None

    def day(self):
        return self.any(DAYS)

    def project(self):
        return self.any(self.projects)

    def change(self):
        """Makes one change and returns its name; one that is refused is none."""
        name = self.any(CHANGES)
        try:
            with transaction.atomic():
                getattr(self, name)()
                if self.random.random() < 0.1:
                    raise Undone
        except (Undone, IntegrityError, ValidationError):
            return f"{name} (cofnięte)"
        return name

    # Through models, as forms write

    def new_entity(self):
        group = self.any(Entity.objects.filter(legal_form="initiative_group"))
        EntityFactory(
            code=self.code("E"),
            legal_form=self.any(FORMS),
            seat=jst(self.any(SEATS)),
            registered_on=self.any([None, self.day()]),
            founding_group=self.any([None, group]),
        )

    def new_service(self):
        service = ServiceFactory(
            code=self.code("U"),
            project=self.project(),
            type=self.any(ServiceType.objects.filter(name__in=["doradztwo ogólne", "asysta"])),
            state=self.any(STATES),
            activity=None,
        )
        entities = self.random.sample(list(Entity.objects.order_by("pk")), 2)
        Recipient.objects.bulk_create(Recipient(service=service, entity=each) for each in entities)
        for day in set(self.random.sample(DAYS, 2)):
            session = Session(service=service)
            session.set_term(day, time(9), time(9 + self.any([1, 2])))
            session.save()
            for entity in entities:
                person = self.any(Person.objects.all())
                Attendance.objects.get_or_create(
                    session=session, person=person, defaults={"entity": entity}
                )

    def new_adoption(self):
        project = self.project()
        services = self.any([[], list(Service.objects.filter(project=project)[:2])])
        AdoptionFactory(
            code=self.code("W"),
            project=project,
            entity=self.any(Entity.objects.all()),
            kind=self.any(["digital", "eco"]),
            day=self.day(),
            services=services,
        )

    def new_act(self):
        PartnershipFactory(
            code=self.code("J"),
            project=self.project(),
            local_government=jst(self.any(SEATS)),
            day=self.day(),
        )

    def new_training(self):
        StaffTrainingFactory(
            project=self.project(),
            staff_member=self.any(StaffMember.objects.all()),
            topic=self.code("Temat "),
            starts_on=self.day(),
        )

    def join(self):
        Enrolment.objects.get_or_create(
            project=self.project(), entity=self.any(Entity.objects.all())
        )

    def new_evidence(self):
        service = self.any(Service.objects.all())
        EvidenceFactory(
            project=service.project,
            service=service,
            state=self.any(["waiting", "verified"]),
            kind=self.any(["karta podpisana", "lista obecności"]),
        )

    def new_status(self):
        SocialEnterpriseStatus.objects.create(
            entity=self.any(Entity.objects.all()), basis="owes", valid_from=self.day()
        )

    def new_rule(self):
        annex(
            self.any([FIRST, date(2023, 1, 1)]),
            project=self.project(),
            ps_within_pes=self.any([True, False]),
            least_services=self.any([1, 2]),
            least_minutes=self.any([0, 120]),
            founders_count=self.any([True, False]),
        )

    def new_target(self):
        target, _ = Target.objects.update_or_create(
            project=self.project(),
            indicator=self.any(["pes", "staff"]),
            valid_from=FIRST,
            defaults={"value": self.random.randint(1, 50)},
        )
        Milestone.objects.update_or_create(
            target=target,
            day=self.any([date(2022, 12, 31), date(2023, 6, 30)]),
            defaults={"value": self.random.randint(0, target.value)},
        )

    def new_theme_or_activity(self):
        service, entity = self.any(Service.objects.all()), self.any(Entity.objects.all())
        ServiceTheme.objects.get_or_create(service=service, theme=self.any(Theme.objects.all()))
        EntityActivity.objects.get_or_create(entity=entity, kind="paid", since=self.day())

    def new_requirement(self):
        EvidenceRequirement.objects.create(
            project=self.project(), subject="service", documents="karta podpisana"
        )

    def rename(self):
        for model, field in ((Entity, "name"), (StaffMember, "name"), (LocalGovernment, "name")):
            row = self.any(model.objects.all())
            setattr(row, field, f"{row.name} {self.code('')}"[:90])
            row.save()

    def move_a_session(self):
        session = self.any(Session.objects.all())
        session.set_term(self.day(), time(10), time(11))
        session.save()
        session.attendances.update(day=session.day)

    def link_or_unlink(self):
        adoption = self.any(Adoption.objects.all())
        adoption.sync_services(
            self.any([[], list(Service.objects.filter(project=adoption.project)[:3])])
        )

    # In bulk, as imports and queues write

    def set_states(self):
        keys = list(Service.objects.order_by("pk").values_list("pk", flat=True))
        Service.objects.filter(pk__in=self.random.sample(keys, 3)).update(state=self.any(STATES))

    def set_entities(self):
        Entity.objects.filter(pk=self.any(Entity.objects.all()).pk).update(
            **self.any(
                [
                    {"legal_form": self.any(FORMS)},
                    {"seat": jst(self.any(SEATS))},
                    {"seat": None},
                    {"registered_on": self.day(), "struck_off_on": None},
                    {"struck_off_on": LAST},
                    {"founding_group": self.any(Entity.objects.all())},
                ]
            )
        )

    def set_attendances(self):
        rows = Attendance.objects.filter(pk=self.any(Attendance.objects.all()).pk)
        rows.update(
            **self.any(
                [
                    {"state": self.any(["present", "absent"])},
                    {"entity": self.any(Entity.objects.all())},
                    {"person": self.any(Person.objects.all())},
                ]
            )
        )

    def set_others(self):
        model, values = self.any(
            [
                (Person, {"sex": self.any(["K", "M"])}),
                (Adoption, {"day": self.day(), "kind_id": self.any(["digital", "eco"])}),
                (Adoption, {"entity": self.any(Entity.objects.all()), "description": "Opis"}),
                (Partnership, {"day": self.day(), "document_number": self.code("D")}),
                (Partnership, {"local_government": jst(self.any(SEATS))}),
                (StaffTraining, {"starts_on": self.day(), "organiser": self.code("Org ")}),
                (SocialEnterpriseStatus, {"valid_from": self.day(), "valid_until": None}),
                (Evidence, {"state": self.any(["waiting", "verified"])}),
                (Service, {"activity": ActivityFactory(project=self.projects[0])}),
                (Service, {"number": self.code("N")}),
                (Activity, {"name": self.code("Działanie ")}),
                (Recipient, {"entity": self.any(Entity.objects.all())}),
                (Session, {"minutes": self.any([30, 90])}),
                (Service, {"head_count": self.any([None, 5])}),
                (Theme, {"goal": self.any(["", "creation", "digital"])}),
                (EntityActivity, {"since": self.day()}),
            ]
        )
        if row := self.any(model.objects.all()):
            model.objects.filter(pk=row.pk).update(**values)

    def set_the_contract(self):
        project = type(self.projects[0]).objects.filter(pk=self.project().pk)
        ServiceType.objects.filter(name="asysta").update(counts_as_support=self.any([True, False]))
        project.update(ends_on=self.any([LAST, LAST - timedelta(days=1)]))
        gmina = LocalGovernment.objects.get(code="141908")
        if self.any([True, False]):
            project.get().area.remove(gmina.powiat)
        else:
            project.get().area.add(gmina.powiat)

    # Gone

    def delete_rows(self):
        model = self.any(
            [
                Attendance,
                Recipient,
                Session,
                Service,
                Enrolment,
                ServiceTheme,
                EntityActivity,
                Adoption,
                Partnership,
                StaffTraining,
            ]
            + [
                SocialEnterpriseStatus,
                Evidence,
                EvidenceRequirement,
                AdoptionService,
                IndicatorRule,
            ]
        )
        if row := self.any(model.objects.all()):
            if isinstance(row, Service):
                row.adoption_links.all().delete()
                row.evidence.all().delete()
            row.delete()

    def delete_raw(self):
        """By hand, the parents first."""
        session = self.any(Session.objects.all())
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            else:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("DELETE FROM support_session WHERE id = %s", [session.pk])
            cursor.execute("DELETE FROM support_attendance WHERE session_id = %s", [session.pk])
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    # By the program's own acts

    def merge_two(self):
        model = self.any([Entity, Person])
        rows = list(model.objects.order_by("pk"))
        if len(rows) < 4:  # a service takes two
            return
        survivor, loser = self.random.sample(rows, 2)
        done = merge(survivor, loser, by=self.by)
        if self.any([True, False]):
            undo(done, by=self.by)

    def import_a_book(self):
        """Another each time; what merging made of its records may refuse it."""
        tables = Tables()
        tables.put("Podmioty", 2, "Forma prawna", self.any(["fundacja", "inny podmiot (nie PES)"]))
        tables.put("Usługi", 2, "Stan", self.any(["zatwierdzona", "szkic", "anulowana"]))
        tables.put("Obecności", 2, "Podmiot", self.any(["P1", "P2"]))
        tables.put("Współpraca JST", 2, "Data", self.day())
        if self.any([True, False]):
            tables.drop("Obecności", 3)
        book = read_book(tables)
        if not book.errors:
            save_book(book, self.projects[0], "próba")

    def close_a_report(self):
        project = self.projects[0]
        if project.reports.count() < 2:
            report = Report.objects.create(
                project=project,
                kind="partial",
                starts_on=FIRST,
                ends_on=self.any([date(2022, 12, 31), date(2023, 12, 31)]),
                created_by=self.by,
            )
            close(report, UserFactory(), "próba")

    def look(self):
        """At a page of one of the projects, which takes its own marks only."""
        day = self.day()
        scope = Scope.of(self.project(), day)
        kept(scope)
        work_on(scope, day)


NO_CHANGES = {"beside", "code", "any", "day", "project", "change"}
CHANGES = [name for name in vars(World) if name not in NO_CHANGES]
CHANGES = [name for name in CHANGES if not name.startswith("_")]
