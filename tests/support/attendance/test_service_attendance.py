"""Attendance on a page of its own: who is shown, what a mark means, and who may set it."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Representation
from support.models import Attendance
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    MembershipFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
)
from tests.owes.form_page import hidden
from tests.support.services.test_service_edit import typed_in

State = Attendance.State


def url(service, name="service_attendance", **query):
    return reverse(f"support:{name}", args=["sputnik-ii", service.pk], query=query or None)


@pytest.fixture
def service(staff):
    """A training of two days in 2023 for one entity, with one of its three people on the list."""
    service = ServiceFactory(created_by=staff)
    entity = EntityFactory(name="KGW „Zagon”")
    for day in (date(2023, 3, 9), date(2023, 3, 10)):
        SessionFactory(service=service, day=day)
    AttendanceFactory(
        session=service.sessions.first(),
        person=PersonFactory(first_name="Anna", last_name="Mak"),
        entity=entity,
    )
    for name in ("Bąk", "Ćma"):
        person = PersonFactory(first_name="Jan", last_name=name)
        Representation.objects.create(person=person, entity=entity)
    return service


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def sheet_of(client, service, **query):
    return client.get(url(service, **query)).context["sheet"]


def states_of(group):
    return {
        line.participant.person.last_name: [str(cell.state or "") for cell in line.cells]
        for line in group.rows
    }


def key_of(service, name, day=0):
    """The key of a cell, by the surname and the place of the session."""
    person = PersonFactory._meta.model.objects.get(last_name=name)
    session = service.sessions.all()[day]
    return f"{session.pk}-{person.pk}-{service.recipients.get().pk}"


def states(service):
    rows = Attendance.objects.filter(session__service=service)
    return {(row.person.last_name, row.day.day): row.state for row in rows}


def form_of(page):
    """What the form of the page sends when nothing is touched."""
    sheet = page.context["sheet"]
    marks = [f"{cell.key}:{cell.on}" for cell in sheet.cells if cell.is_on]
    return {"was": sheet.was, "mark": marks}


def test_those_on_the_list_stand_before_the_people_of_the_recipients(signed_in, service):
    sheet = sheet_of(signed_in, service)
    assert states_of(sheet.listed) == {"Mak": ["present", ""]}
    assert states_of(sheet.others) == {"Bąk": ["", ""], "Ćma": ["", ""]}
    assert [count for _, count in sheet.listed.days] == [1, 0]
    assert (sheet.present, sheet.present_people) == (1, 1)


def test_one_day_may_stay_in_sight_and_the_sums_are_of_all(signed_in, service):
    second = service.sessions.last()
    sheet = sheet_of(signed_in, service, session=second.pk)
    assert [day.session for day in sheet.shown] == [second]
    assert states_of(sheet.listed) == {"Mak": [""]}
    assert [line.present for line in sheet.listed.rows] == [1]
    assert len(sheet_of(signed_in, service, session=999_999).shown) == 2


def test_a_form_without_a_script_saves_what_was_touched_and_nothing_else(signed_in, service):
    page = signed_in.get(url(service))
    mak, bak = key_of(service, "Mak", 1), key_of(service, "Bąk")
    form = form_of(page)
    form["mark"] += [f"{mak}:present", f"{bak}:present"]
    # Somebody else marks another person meanwhile: it stays.
    person = PersonFactory(last_name="Obca")
    entity = service.recipients.get()
    AttendanceFactory(session=service.sessions.first(), person=person, entity=entity)
    before = Attendance.history.count()
    answer = signed_in.post(url(service), form)
    assert (answer.status_code, answer.url) == (302, service.get_absolute_url())
    assert states(service) == {
        ("Mak", 9): "present",
        ("Mak", 10): "present",
        ("Bąk", 9): "present",
        ("Obca", 9): "present",
    }
    assert Attendance.history.count() == before + 2
    assert signed_in.post(url(service), form_of(signed_in.get(url(service)))).status_code == 302
    assert Attendance.history.count() == before + 2


def test_all_are_present_at_once_and_once_more_takes_it_back(signed_in, service):
    first = service.sessions.first()
    act = f"mark:others-{first.pk}"
    page = signed_in.get(url(service))
    answer = signed_in.post(url(service), form_of(page) | {"act": act})
    assert answer.url == url(service)
    assert states(service) == dict.fromkeys([("Mak", 9), ("Bąk", 9), ("Ćma", 9)], "present")
    page = signed_in.get(url(service))
    signed_in.post(url(service), form_of(page) | {"act": f"mark:listed-{first.pk}"})
    assert states(service) == {}


def test_all_present_leaves_those_who_were_excused(signed_in, service):
    Attendance.objects.update(state=State.EXCUSED)
    act = {"act": f"mark:listed-{service.sessions.first().pk}"}
    signed_in.post(url(service), form_of(signed_in.get(url(service))) | act)
    assert states(service) == {("Mak", 9): "excused"}


def test_a_mark_means_expected_until_the_session_begins(signed_in, service, time_machine):
    key = key_of(service, "Bąk", 1)
    for moment, state in (("2023-03-10T08:59", "expected"), ("2023-03-10T09:01", "present")):
        time_machine.move_to(f"{moment}:00+01:00")
        page = signed_in.get(url(service))
        cell = next(cell for cell in page.context["sheet"].cells if cell.key == key)
        assert cell.on == state
    assert cell.off is None
    Attendance.objects.update(state=State.EXPECTED)
    sheet = sheet_of(signed_in, service)
    cell = sheet.listed.rows[0].cells[0]
    assert (cell.is_on, cell.on, cell.off) == (False, "present", "expected")


def test_those_only_expected_are_told_absent_at_once(signed_in, service):
    Attendance.objects.update(state=State.EXPECTED)
    page = signed_in.get(url(service))
    assertContains(page, "czw. 09.03: 1\xa0osobę tylko zapisaną oznacz jako nieobecne")
    act = {"act": f"absent:{service.sessions.first().pk}"}
    signed_in.post(url(service), form_of(page) | act)
    assert states(service) == {("Mak", 9): "absent"}
    assertNotContains(signed_in.get(url(service)), "oznacz jako nieobecne")


def test_every_state_may_be_chosen(signed_in, service):
    page = signed_in.get(url(service, states=1))
    key = key_of(service, "Mak")
    assertContains(page, f'name="state-{key}"')
    form = {"was": page.context["sheet"].was}
    form |= {f"state-{cell.key}": cell.state or "" for cell in page.context["sheet"].cells}
    signed_in.post(url(service), form | {f"state-{key}": "excused"})
    assert states(service) == {("Mak", 9): "excused"}


def test_who_was_never_present_may_leave_and_nobody_else(signed_in, service):
    line = sheet_of(signed_in, service).listed.rows[0]
    act = {"act": f"leave:{line.key}"}
    page = signed_in.post(url(service), act, follow=True)
    assertContains(page, "Wypisać można osobę z listy, która ani razu nie była obecna.")
    assert states(service) == {("Mak", 9): "present"}
    Attendance.objects.update(state=State.ABSENT)
    assertContains(signed_in.get(url(service)), f'value="leave:{line.key}"')
    signed_in.post(url(service), act)
    assert states(service) == {}
    assert Attendance.history.filter(history_type="-").count() == 1


@pytest.mark.parametrize("state", ["submitted", "approved", "cancelled"])
def test_a_service_no_longer_edited_is_read_only(signed_in, service, state):
    type(service).objects.update(state=state)
    page = signed_in.get(url(service))
    assertNotContains(page, 'name="mark"')
    assertContains(page, "więc obecności nie można zmieniać")
    assert page.context["sheet"].others.rows == []
    key = key_of(service, "Bąk")
    form = {"was": f"{key}::", "mark": f"{key}:present"}
    assert signed_in.post(url(service), form).status_code == 403
    assert states(service) == {("Mak", 9): "present"}


def test_somebody_elses_service_is_read_only(client, service):
    client.force_login(MembershipFactory().user)
    page = client.get(url(service))
    assertNotContains(page, 'name="mark"')
    assert client.post(url(service), {}).status_code == 403


def test_an_auditor_reads_no_name(client, auditor, service):
    type(service).objects.update(state="approved")
    client.force_login(auditor)
    page = client.get(url(service))
    assertNotContains(page, "Mak")
    assertContains(page, Attendance.objects.get().person.code)


def test_a_service_with_nothing_says_what_to_do(signed_in, staff):
    empty = ServiceFactory(created_by=staff)
    page = signed_in.get(url(empty))
    assertContains(page, "Nie ma jeszcze terminu")
    SessionFactory(service=empty)
    assertContains(signed_in.get(url(empty)), "Nikogo jeszcze nie ma na liście")


def test_the_long_form_asks_before_it_writes_over_a_mark(signed_in, service):
    long_form = url(service, "service_edit")
    seen = hidden(signed_in.get(long_form))
    mine = typed_in(service, topic="Nowy temat")
    key = key_of(service, "Bąk")
    signed_in.post(url(service), {"was": f"{key}::", "mark": f"{key}:present"})
    page = signed_in.post(long_form, mine | seen)
    assert page.status_code == 409
    labels = {row.label for row in page.context["request"].editing.conflict.differences}
    assert "Obecności" in labels
    assert states(service)["Bąk", 9] == "present"


def test_the_service_leads_to_its_attendance(signed_in, service):
    assertContains(signed_in.get(service.get_absolute_url()), f'href="{url(service)}"')


def filled(service, people, days):
    for number in range(days):
        SessionFactory(service=service, day=date(2023, 5, 1 + number))
    entity = service.recipients.get()
    for person in PersonFactory.create_batch(people):
        for session in service.sessions.all():
            AttendanceFactory(session=session, person=person, entity=entity)
    for person in PersonFactory.create_batch(people):
        Representation.objects.create(person=person, entity=entity)


def test_queries_grow_neither_with_people_nor_with_days(signed_in, service, query_count):
    few = query_count(url(service))
    filled(service, people=12, days=4)
    assert query_count(url(service)) == few


def test_its_author_withdraws_a_submitted_service_to_mend_attendance(signed_in, service):
    type(service).objects.update(state="submitted")
    withdraw = reverse("support:service_withdraw", args=["sputnik-ii", service.pk])
    assertContains(signed_in.get(url(service)), f'action="{withdraw}"')
    answer = signed_in.post(withdraw, {"back": "attendance"})
    assert answer.url == url(service)
    assertContains(signed_in.get(url(service)), 'name="mark"')


def test_only_its_author_is_offered_to_withdraw(client, coordinator, service):
    type(service).objects.update(state="submitted")
    client.force_login(coordinator)
    assertNotContains(client.get(url(service)), "Wycofaj, żeby")
