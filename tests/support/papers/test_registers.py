from datetime import date

import pytest

from owes.periods import Period
from support.models import Declaration, Enrolment, Service, ServiceType
from support.papers.registers import entities_register, participants_register, services_register
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.support.papers.printed import A4_WIDE, facts, text

pytestmark = pytest.mark.usefixtures("db")
MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))


def cells(printout):
    return [[text for text, _ in row] for row in printout.context["rows"]]


def attended(day=date(2024, 3, 5), state="approved", **fields):
    return AttendanceFactory(session__day=day, session__service__state=state, **fields)


def test_services_register_sums_sessions_of_the_days_once(project):
    session = SessionFactory(
        day=date(2024, 3, 31), service__state="approved", service__code="U/1", service__topic="A"
    )
    SessionFactory(service=session.service, day=date(2024, 4, 1))
    for name in ("Łąka", "Brzeg"):
        session.service.recipient_links.create(entity=EntityFactory(name=name))
    for position, name in enumerate(["Ewa Ż", "Jan Ąk"]):
        member = StaffMemberFactory(name=name)
        session.service.adviser_links.create(staff_member=member, position=position)
    SessionFactory(day=date(2024, 3, 1), service__code="U/2", service__state="draft")
    printout = services_register(project, MARCH)
    assert cells(printout) == [
        ["U/2", "01.03.2024", cells(printout)[0][2], "", "", "2\u00a0h", "szkic"],
        [
            "U/1",
            "31.03.2024",
            "Doradztwo ogólne: A",
            "Brzeg; Łąka",
            "Ewa Ż, Jan Ąk",
            "2\u00a0h",
            "zatwierdzona",
        ],
    ]
    assert (printout.context["minutes"], printout.context["foot"]) == (
        240,
        "Razem 2\u00a0usługi, 4\u00a0h",
    )
    approved = services_register(project, MARCH, "approved").context
    assert (approved["minutes"], len(approved["rows"])) == (120, 1)


def test_entities_register_has_those_who_joined_or_were_supported(project):
    helped = attended(entity__name="Łąka", entity__code="P1").entity
    Enrolment.objects.create(
        project=project,
        entity=helped,
        joined_on=date(2023, 1, 2),
        left_on=date(2024, 5, 6),
        reason="likwidacja",
    )
    joined = EntityFactory(name="Brzeg", code="P2")
    Enrolment.objects.create(project=project, entity=joined, joined_on=date(2024, 3, 31))
    attended(date(2024, 4, 1))
    attended(state="submitted")
    attended(session__service__type=ServiceType.objects.get(name="informacja i promocja"))
    rows = cells(entities_register(project, MARCH))
    assert [[row[0], row[1], *row[5:]] for row in rows] == [
        ["P2", "Brzeg", "31.03.2024", "", "0", "0\u00a0h", ""],
        [
            "P1",
            "Łąka",
            "02.01.2023",
            "05.03.2024",
            "1",
            "2\u00a0h",
            "06.05.2024 likwidacja",
        ],
    ]


def test_time_of_an_entity_is_not_doubled_by_sessions_or_advisers(project):
    attendance = attended()
    SessionFactory(service=attendance.session.service, day=date(2024, 3, 7))
    for position in range(2):
        attendance.session.service.adviser_links.create(
            staff_member=StaffMemberFactory(), position=position
        )
    [row] = cells(entities_register(project, MARCH))
    assert row[7:9] == ["1", "4\u00a0h"]


def test_participants_register_has_those_present_and_those_who_signed(project):
    person = PersonFactory(last_name="Żak", code="O1", phone="600700800")
    for name in ("Łąka", "Brzeg"):
        attended(person=person, entity__name=name)
    signed = PersonFactory(last_name="Ćma", code="O2", sex="M", first_name="Jan")
    Declaration.objects.create(project=project, person=signed, signed_on=date(2024, 3, 1))
    Declaration.objects.create(project=project, person=person, signed_on=date(2023, 1, 1))
    attended(date(2024, 2, 29))
    attended(state="draft")
    printout = participants_register(project, MARCH)
    assert cells(printout) == [
        ["O2", "Ćma Jan", "M", "", "01.03.2024", "", "0"],
        ["O1", "Żak Łucja", "K", "Łąka; Brzeg", "01.01.2023", "05.03.2024", "2"],
    ]
    assert "600700800" not in printout.html()


@pytest.mark.pdf
@pytest.mark.parametrize("register", [services_register, entities_register, participants_register])
def test_register_is_a_wide_page_and_says_when_it_is_empty(project, register):
    content = register(project, MARCH).pdf()
    assert facts(content)["sizes"] == {A4_WIDE}
    assert "W tych dniach nie ma żadnego wpisu." in text(content)


def test_registers_ask_as_often_for_many(project, django_assert_num_queries):
    for _ in range(3):
        attendance = attended()
        attendance.session.service.adviser_links.create(staff_member=StaffMemberFactory())
    assert Service.objects.count() == 3
    ServiceFactory()
    for register, queries in (
        (services_register, 8),
        (entities_register, 3),
        (participants_register, 3),
    ):
        with django_assert_num_queries(queries):
            register(project, MARCH)
