"""Factories of the smallest valid rows; JST and dictionaries are in every database."""

from datetime import date, time, timedelta

import factory
from django.apps import apps
from factory import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from entities.models import Entity, LocalGovernment, Person
from indicators.catalogue import CONTRACT
from indicators.reference import add_indicators
from owes.models import User
from support.models import (
    Activity,
    Adoption,
    AdoptionKind,
    Attendance,
    Evidence,
    Membership,
    Partnership,
    Project,
    Scan,
    Service,
    ServiceType,
    Session,
    StaffMember,
    StaffTraining,
)
from support.models.session import local_moment


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = Sequence(lambda n: f"osoba{n}@example.pl")
    name = Sequence(lambda n: f"Osoba {n}")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project
        skip_postgeneration_save = True

    slug = Sequence(lambda n: f"projekt-{n}")
    name = Sequence(lambda n: f"Projekt {n}")
    title = Sequence(lambda n: f"Projekt {n}")
    starts_on = date(2025, 1, 1)
    ends_on = date(2027, 12, 31)

    @factory.post_generation
    def indicators(self, create, extracted, **kwargs):
        """Those of the catalogue given, by default those of SPUTNIK II."""
        if create:
            add_indicators(apps, self, CONTRACT if extracted is None else extracted)


def sputnik():
    return Project.objects.get(slug="sputnik-ii")


def jst(code):
    return LocalGovernment.objects.get(code=code)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    project = LazyFunction(sputnik)
    role = Membership.Role.STAFF


class EntityFactory(DjangoModelFactory):
    class Meta:
        model = Entity

    code = Sequence(lambda n: f"P{n:04d}")
    name = Sequence(lambda n: f"Stowarzyszenie Próba {n}")
    legal_form = "association"
    seat = LazyFunction(lambda: jst("141908"))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    code = Sequence(lambda n: f"O{n:04d}")
    first_name = "Łucja"
    last_name = Sequence(lambda n: f"Próbna {n}")
    sex = "K"


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    project = LazyFunction(sputnik)
    name = Sequence(lambda n: f"Działanie {n}")


class StaffMemberFactory(DjangoModelFactory):
    class Meta:
        model = StaffMember

    name = Sequence(lambda n: f"Pracownik {n}")


class StaffTrainingFactory(DjangoModelFactory):
    class Meta:
        model = StaffTraining

    project = LazyFunction(sputnik)
    staff_member = SubFactory(StaffMemberFactory)
    topic = Sequence(lambda n: f"Szkolenie {n}")
    starts_on = date(2023, 3, 9)


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    project = LazyFunction(sputnik)
    code = Sequence(lambda n: f"U/{n:04d}")
    type = LazyFunction(lambda: ServiceType.objects.get(name="doradztwo ogólne"))
    topic = Sequence(lambda n: f"Temat {n}")
    mode = "on_site"


class SessionFactory(DjangoModelFactory):
    """Two hours from nine on a day of the project."""

    class Meta:
        model = Session

    service = SubFactory(ServiceFactory)
    day = Sequence(lambda n: date(2023, 3, 9) + timedelta(days=n % 600))
    starts_at = LazyAttribute(lambda row: local_moment(row.day, time(9)))
    ends_at = LazyAttribute(lambda row: local_moment(row.day, time(11)))
    minutes = 120


class AttendanceFactory(DjangoModelFactory):
    """Somebody present for an entity that is a recipient of the service."""

    class Meta:
        model = Attendance
        skip_postgeneration_save = True

    session = SubFactory(SessionFactory)
    person = SubFactory(PersonFactory)
    entity = SubFactory(EntityFactory)

    @factory.post_generation
    def recipient(self, create, extracted, **kwargs):
        self.session.service.recipient_links.get_or_create(entity=self.entity)


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    project = LazyFunction(sputnik)
    code = Sequence(lambda n: f"J{n:04d}")
    local_government = LazyFunction(lambda: jst("140401"))
    kind = Partnership.Kind.AGREEMENT
    day = date(2023, 3, 9)

    @factory.post_generation
    def entities(self, create, extracted, **kwargs):
        self.sync_entities(extracted or [])


class EvidenceFactory(DjangoModelFactory):
    """A waiting file of a service, its bytes not stored."""

    class Meta:
        model = Evidence

    project = LazyFunction(sputnik)
    kind = "karta podpisana"
    file = Sequence(lambda n: f"evidence/{n}.pdf")
    file_name = Sequence(lambda n: f"karta {n}.pdf")
    sha256 = Sequence(lambda n: f"{n:064x}")
    service = SubFactory(ServiceFactory)
    added_by = SubFactory(UserFactory)


class ScanFactory(DjangoModelFactory):
    """A scan whose code was not read, its bytes not stored."""

    class Meta:
        model = Scan

    project = LazyFunction(sputnik)
    file = Sequence(lambda n: f"scans/{n}.pdf")
    file_name = Sequence(lambda n: f"skan {n}.pdf")
    sha256 = Sequence(lambda n: f"{n:064x}")
    state = Scan.State.UNREAD
    added_by = SubFactory(UserFactory)


class AdoptionFactory(DjangoModelFactory):
    class Meta:
        model = Adoption
        skip_postgeneration_save = True

    project = LazyFunction(sputnik)
    code = Sequence(lambda n: f"W{n:04d}")
    entity = SubFactory(EntityFactory)
    kind = AdoptionKind.DIGITAL
    day = date(2023, 5, 9)

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        """`kind` is the key of one."""
        return kwargs | {"kind": AdoptionKind.objects.get(pk=kwargs["kind"])}

    @factory.post_generation
    def services(self, create, extracted, **kwargs):
        self.sync_services(extracted or [])
