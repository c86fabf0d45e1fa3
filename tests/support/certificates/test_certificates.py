"""The certificate as a record: what it keeps, its number, and ten given at one moment."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from entities import merging
from entities.models import Person
from owes.models import Sequence
from support.certificates import earned
from support.models import Attendance, Certificate, Service, ServiceType
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    UserFactory,
)
from tests.parallel import at_once

DAYS = [date(2023, 3, 9), date(2023, 3, 16)]


def training(days=DAYS, people=(), **fields):
    """A training with the people present on every day."""
    fields.setdefault("type", ServiceType.objects.get(name="szkolenie"))
    service = ServiceFactory(**fields)
    for day in days:
        session = SessionFactory(service=service, day=day)
        for person in people:
            AttendanceFactory(session=session, person=person, entity=EntityFactory())
    return service


def drafts_of(service, by, issued_on=date(2023, 3, 17), **given):
    sessions = list(service.sessions.all())
    given = {"issued_on": issued_on, "issued_by": by} | given
    return [earned.draft(row, service, sessions, **given) for row in earned.of_service(service)]


def test_presence_counts_a_session_once_whomever_one_represents(project):
    person, other = PersonFactory(last_name="Ąkowa"), PersonFactory(last_name="Zyga")
    service = training(people=[other, person])
    session = service.sessions.first()
    AttendanceFactory(session=session, person=person, entity=EntityFactory())
    Attendance.objects.filter(person=other, day=DAYS[1]).update(state="absent")
    first, second = earned.of_service(service)
    assert [(first.person, first.minutes), (second.person, second.minutes)] == [
        (person, 240),
        (other, 120),
    ]
    assert (len(first.entities), first.is_ready, second.is_ready) == (3, True, False)


def test_presence_is_exact_at_the_threshold(project):
    service = training(days=[date(2023, 3, day) for day in range(1, 6)], people=[PersonFactory()])
    rows = Attendance.objects.order_by("day")
    rows.filter(day=date(2023, 3, 1)).update(state="excused")
    assert [presence.is_enough for presence in earned.of_service(service)] == [True]
    project.certificate_threshold = 81
    project.save()
    service = Service.objects.get(pk=service.pk)
    assert [presence.is_enough for presence in earned.of_service(service)] == [False]


def test_certificate_stays_as_it_was_issued(staff):
    person = PersonFactory(first_name="Łucja", last_name="Nowa")
    service = training(people=[person], topic="Promocja")
    [certificate] = Certificate.issue(drafts_of(service, staff))
    Person.objects.filter(pk=person.pk).update(last_name="Inna")
    Attendance.objects.filter(day=DAYS[0]).update(state="absent")
    service.topic = "Inny temat"
    service.save()
    issued = Certificate.objects.get()
    assert (issued.number, issued.holder, issued.topic, issued.minutes, issued.total_minutes) == (
        "Z/1/2023",
        "Łucja Nowa",
        "Promocja",
        240,
        240,
    )
    assert (issued.starts_on, issued.ends_on) == (DAYS[0], DAYS[1])
    [presence] = earned.of_service(service)
    assert (presence.certificate, presence.differs) == (issued, True)
    assert certificate.history.count() == 1


def test_certificates_are_numbered_in_polish_order_by_the_year_of_issue(staff):
    names = ["Żak", "Łąk", "Lis"]
    service = training(people=[PersonFactory(last_name=name) for name in names])
    issued = Certificate.issue(drafts_of(service, staff, issued_on=date(2024, 1, 5)))
    assert [(str(row), row.holder.split()[1]) for row in issued] == [
        ("Z/1/2024", "Lis"),
        ("Z/2/2024", "Łąk"),
        ("Z/3/2024", "Żak"),
    ]
    other = training(people=[PersonFactory()])
    assert [str(row) for row in Certificate.issue(drafts_of(other, staff))] == ["Z/1/2023"]


def test_issuing_twice_adds_nothing(staff):
    service = training(people=PersonFactory.create_batch(2))
    Certificate.issue(drafts_of(service, staff))
    assert Certificate.issue(drafts_of(service, staff)) == []
    assert (Certificate.objects.count(), Sequence.next("certificate sputnik-ii 2023")) == (2, 3)


def test_cancelled_certificate_keeps_its_number_and_leaves_room_for_a_new_one(staff):
    service = training(people=[PersonFactory()])
    [first] = Certificate.issue(drafts_of(service, staff))
    with pytest.raises(ValidationError, match="Podaj powód"):
        first.cancel(staff, " ")
    first.cancel(staff, "literówka")
    with pytest.raises(ValidationError, match="jest już anulowane"):
        Certificate.objects.get().cancel(staff, "drugi raz")
    [presence] = earned.of_service(service)
    assert (presence.certificate, presence.cancelled, presence.is_ready) == (None, [first], False)
    [second] = Certificate.issue(drafts_of(service, staff))
    rows = Certificate.objects.order_by("ordinal")
    assert [(str(row), row.cancel_reason) for row in rows] == [
        ("Z/1/2023", "literówka"),
        ("Z/2/2023", ""),
    ]
    assert first.history.count() == 2


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"issued_on": date(2023, 3, 15)}, "certificate_after_the_training"),
        ({"minutes": 0, "threshold": 0}, "certificate_of_somebody_present"),
        ({"minutes": 241}, "certificate_of_somebody_present"),
        ({"minutes": 191}, "certificate_below_threshold_has_reason"),
        ({"cancel_reason": "bez daty"}, "certificate_cancelled_with_reason"),
    ],
)
def test_database_refuses_a_certificate_that_is_not_right(staff, changes, constraint):
    service = training(people=[PersonFactory()])
    [draft] = drafts_of(service, staff)
    for name, value in changes.items():
        setattr(draft, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Certificate.issue([draft])
    draft = drafts_of(service, staff, exception_reason="choroba")[0]
    draft.minutes = 192 if constraint != "certificate_below_threshold_has_reason" else 191
    assert [str(row) for row in Certificate.issue([draft])] == ["Z/1/2023"]


def test_ten_issued_at_one_moment_leave_no_gap(committed, tmp_path):
    by = UserFactory()
    services = [training(people=PersonFactory.create_batch(2)) for _ in range(5)]
    calls = [
        lambda service=service: Certificate.issue(drafts_of(service, by))
        for service in [*services, *services]
    ]
    issued = at_once(calls, tmp_path)
    assert sorted(len(rows) for rows in issued) == [0] * 5 + [2] * 5
    ordinals = Certificate.objects.order_by("ordinal").values_list("ordinal", flat=True)
    assert list(ordinals) == list(range(1, 11))


def test_two_holders_of_one_training_are_not_merged_until_one_certificate_is_cancelled(staff):
    person, gone = PersonFactory(), PersonFactory()
    service = training(people=[person, gone])
    first, second = Certificate.issue(drafts_of(service, staff))
    with pytest.raises(ValidationError) as refused:
        merging.merge(person, gone, by=staff)
    assert refused.value.messages == [
        f"Obie osoby mają zaświadczenie z tej samej usługi: {first} i {second}. Najpierw anuluj "
        "jedno z nich, żeby w rejestrze został jego numer."
    ]
    second.cancel(staff, "ta sama osoba")
    merging.merge(person, gone, by=staff)
    assert set(Certificate.objects.values_list("person", flat=True)) == {person.pk}
    assert Certificate.objects.count() == 2
