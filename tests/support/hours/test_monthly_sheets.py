"""The monthly sheet itself: its rows, what is kept of them, and how it is accepted."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from owes.periods import Period
from support.models import MonthlySheet, Service, ServiceType
from tests.factories import (
    EntityFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
    UserFactory,
    sputnik,
)
from tests.parallel import at_once

pytestmark = pytest.mark.usefixtures("db")
MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))


@pytest.fixture
def member(staff):
    return StaffMemberFactory(name="Ewa Piórkowska", user=staff)


def led(member, day=date(2024, 3, 5), **fields):
    session = SessionFactory(
        day=day, **{f"service__{name}": v for name, v in ({"state": "approved"} | fields).items()}
    )
    session.service.adviser_links.create(staff_member=member)
    return session


def sheet(project, member):
    return MonthlySheet.of(project, member, MARCH)


def test_rows_are_sessions_of_approved_services_inside_month_and_project(project, member):
    led(member, date(2024, 3, 1), code="U/1", topic="Statut")
    led(member, date(2024, 3, 31), code="U/2", type=ServiceType.objects.get(name="szkolenie"))
    for day in (date(2024, 2, 29), date(2024, 4, 1)):
        led(member, day)
    for state in set(Service.State) - {"approved"}:
        led(member, state=state)
    led(StaffMemberFactory())
    led(member, project=ProjectFactory(starts_on=date(2020, 1, 1)))
    rows = sheet(project, member).rows()
    assert [(row.number, row.minutes, row.teaches) for row in rows] == [
        ("U/1", 120, False),
        ("U/2", 120, True),
    ]
    assert (rows[0].topic, rows[0].start, rows[0].on) == ("Statut", "09:00", date(2024, 3, 1))
    assert [row.service.state for row in sheet(project, member).waiting()] != []


def test_month_cut_by_the_end_of_the_project_has_only_its_days(project, member):
    project.ends_on = date(2024, 3, 10)
    led(member, date(2024, 3, 10), code="U/1")
    led(member, date(2024, 3, 11))
    march = MonthlySheet(project=project, staff_member=member, month=MARCH.start)
    assert [row.number for row in march.rows()] == ["U/1"]


def test_two_advisers_have_the_session_each(project, member):
    other = StaffMemberFactory()
    session = led(member)
    session.service.adviser_links.create(staff_member=other, position=1)
    assert len(sheet(project, member).rows()) == len(sheet(project, other).rows()) == 1


def test_handed_in_and_accepted(project, member, staff, coordinator):
    led(member)
    march = sheet(project, member)
    march.submit(staff)
    assert (march.state, march.submitted_by, len(march.kept_rows)) == ("submitted", staff, 1)
    march.approve(coordinator)
    saved = sheet(project, member)
    assert (saved.state, saved.submitted_by, saved.approved_by) == (
        "approved",
        staff,
        coordinator,
    )
    assert [row.state for row in saved.state_changes()] == ["approved", "submitted"]


def test_what_was_accepted_stays_and_the_difference_shows(project, member, staff, coordinator):
    session, gone = led(member, code="U/1"), led(member, date(2024, 3, 6), code="U/2")
    march = sheet(project, member)
    march.submit(staff)
    march.approve(coordinator)
    assert march.differences() == []
    session.set_term(session.day, time(9), time(12))
    session.save()
    gone.service.cancel(coordinator, "pomyłka")
    led(member, date(2024, 3, 4), code="U/3")
    march = sheet(project, member)
    assert sum(row.minutes for row in march.rows()) == 240
    assert march.differences() == [
        "doszło: 04.03.2024 09:00–11:00, nr U/3 (2\u00a0h)",
        "zmieniono: 05.03.2024 09:00–11:00, nr U/1 (2\u00a0h) → 09:00–12:00 (3\u00a0h)",
        "odpadło: 06.03.2024 09:00–11:00, nr U/2 (2\u00a0h)",
    ]


def test_mended_topic_is_a_difference_and_a_renamed_entity_is_not(project, member, staff):
    session = led(member, topic="Statut", code="U/1")
    link = session.service.recipient_links.create(entity=EntityFactory())
    march = sheet(project, member)
    march.submit(staff)
    link.entity.name = "Nowa nazwa"
    link.entity.save()
    assert sheet(project, member).differences() == []
    session.service.topic = "Statut i regulamin"
    session.service.save()
    [words] = sheet(project, member).differences()
    assert words.endswith("doradztwo ogólne: Statut i regulamin")


def test_changed_since_handing_in_is_not_accepted_but_may_be_handed_in_again(
    project, member, staff, coordinator
):
    led(member)
    march = sheet(project, member)
    march.submit(staff)
    led(member, date(2024, 3, 7))
    with pytest.raises(ValidationError, match="Od złożenia zmieniły się usługi"):
        march.approve(coordinator)
    sheet(project, member).submit(staff)
    sheet(project, member).approve(coordinator)
    assert len(sheet(project, member).kept_rows) == 2


def test_accepted_may_be_sent_back_with_a_reason_only(project, member, staff, coordinator):
    led(member)
    sheet(project, member).submit(staff)
    sheet(project, member).approve(coordinator)
    with pytest.raises(ValidationError, match="Podaj powód"):
        sheet(project, member).send_back(coordinator, "  ")
    sheet(project, member).send_back(coordinator, "brak usługi z 12.03")
    saved = sheet(project, member)
    assert (saved.state, saved.state_reason, saved.is_kept) == (
        "returned",
        "brak usługi z 12.03",
        False,
    )
    saved.submit(staff)
    assert (saved.state, saved.state_reason) == ("submitted", "")


@pytest.mark.parametrize(
    ("prepare", "act", "message"),
    [
        ([], "submit", "W tym miesiącu nie ma zatwierdzonych godzin."),
        (["row", "submit"], "submit", "Zestawienie jest już złożone."),
        (["row"], "approve", "Zestawienie jest teraz szkic. Odśwież stronę."),
        (["row", "submit", "approve"], "approve", "Zestawienie jest teraz zatwierdzone."),
        (["row", "submit", "approve"], "submit", "Zestawienie jest teraz zatwierdzone."),
    ],
)
def test_step_out_of_turn_is_refused_and_leaves_nothing(
    project, member, staff, prepare, act, message
):
    for step in prepare:
        led(member) if step == "row" else getattr(sheet(project, member), step)(staff)
    before = list(MonthlySheet.objects.values())
    with pytest.raises(ValidationError, match=message):
        getattr(sheet(project, member), act)(staff)
    assert list(MonthlySheet.objects.values()) == before


def test_month_is_handed_in_from_its_last_day(project, member, staff, time_machine):
    led(member)
    time_machine.move_to("2024-03-30 12:00+01:00")
    with pytest.raises(ValidationError, match="od ostatniego dnia miesiąca"):
        sheet(project, member).submit(staff)
    time_machine.move_to("2024-03-31 00:01+01:00")
    sheet(project, member).submit(staff)
    assert sheet(project, member).state == "submitted"


def test_project_of_two_people_wants_another_to_accept(project, member, staff, coordinator):
    project.needs_two_people = True
    project.save()
    led(member)
    sheet(project, member).submit(coordinator)
    for user in (staff, coordinator):
        with pytest.raises(ValidationError, match="zatwierdza inna osoba"):
            sheet(project, member).approve(user)


@pytest.mark.parametrize("given", [{"month": date(2024, 3, 2)}, {"state": "returned"}])
def test_database_refuses(project, member, given):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlySheet.objects.create(
            **({"project": project, "staff_member": member, "month": MARCH.start} | given)
        )


def test_rows_are_read_in_two_queries(project, member, django_assert_num_queries):
    for number in range(1, 5):
        service = ServiceFactory(state="approved")
        SessionFactory(service=service, day=date(2024, 3, number))
        service.adviser_links.create(staff_member=member)
        service.recipient_links.create(entity=EntityFactory())
    march = sheet(project, member)
    with django_assert_num_queries(2):
        assert len(march.rows()) == 4


def test_ten_clicks_at_one_moment_hand_it_in_once(committed, tmp_path):
    member = StaffMemberFactory(user=UserFactory())
    led(member)

    def click():
        try:
            sheet(sputnik(), member).submit(member.user)
        except ValidationError as error:
            return error.messages[0]
        return "złożono"

    answers = at_once([click] * 10, tmp_path)
    assert sorted(answers) == ["Zestawienie jest już złożone."] * 9 + ["złożono"]
    assert MonthlySheet.objects.get().state == "submitted"
