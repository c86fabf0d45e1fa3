from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from support.models import Attendance, Recipient, Service, Session
from support.services.entry import ServiceEntry
from support.services.saving import save_entry
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    MembershipFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)


def url(service):
    return reverse("support:service_edit", args=["sputnik-ii", service.pk])


@pytest.fixture
def service(staff):
    """A draft of the member of staff: two sessions, one person at both, for the recipient."""
    service = ServiceFactory(code="N/2023/7", topic="Plan publikacji", created_by=staff)
    service.adviser_links.create(staff_member=StaffMemberFactory(name="Ewa Piórkowska"))
    person, entity = PersonFactory(code="O0001"), EntityFactory(code="P021")
    for day in (date(2023, 3, 9), date(2023, 3, 10)):
        session = SessionFactory(service=service, day=day)
        AttendanceFactory(session=session, person=person, entity=entity)
    return service


def typed_in(service, **changes):
    """What the page of the service would send back, with changes; None takes a field out."""
    entry = ServiceEntry(None, service)
    form = {
        "type": service.type_id,
        "topic": service.topic,
        "mode": service.mode,
        "adviser": entry.form.initial["adviser"] or "",
        "recipients": [entity.code for entity in entry.recipients],
        "act": "draft",
    }
    for rows in (entry.sessions, entry.roster):
        form[f"{rows.prefix}-TOTAL_FORMS"] = len(rows.forms)
        form[f"{rows.prefix}-INITIAL_FORMS"] = 0
        for row in rows.forms:
            for field in row:
                value = field.value()
                form[field.html_name] = "" if value is None else value
    form |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in form.items() if value is not None}


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def changes_since(models, counts):
    return {
        model.__name__: model.history.count() - count
        for model, count in zip(models, counts, strict=True)
    }


def test_service_edit_shows_what_is_saved(signed_in, service):
    response = signed_in.get(url(service))
    assertContains(response, 'value="09.03.2023"')
    assertContains(response, "(O0001)")
    assertContains(response, 'name="roster-0-s1" id="id_roster-0-s1" value="yes" checked')


def test_service_edit_without_changes_writes_no_history(signed_in, service):
    models = [Service, Session, Attendance, Recipient]
    counts = [model.history.count() for model in models]
    response = signed_in.post(url(service), typed_in(service))
    assertRedirects(response, service.get_absolute_url())
    assert changes_since(models, counts) == dict.fromkeys(
        ["Service", "Session", "Attendance", "Recipient"], 0
    )


def test_service_edit_writes_only_what_changed(signed_in, service):
    models = [Service, Session, Attendance, Recipient]
    kept = list(service.sessions.values_list("pk", flat=True))
    counts = [model.history.count() for model in models]
    form = typed_in(service, topic="Nowy temat", sessions__1__end="12:00", roster__0__s0="")
    signed_in.post(url(service), form)
    service.refresh_from_db()
    assert service.topic == "Nowy temat"
    assert list(service.sessions.values_list("pk", "minutes")) == [(kept[0], 120), (kept[1], 180)]
    assert [row.day for row in Attendance.objects.all()] == [date(2023, 3, 10)]
    assert changes_since(models, counts) == {
        "Service": 1,
        "Session": 1,
        "Attendance": 1,
        "Recipient": 0,
    }


def test_service_edit_refuses_a_card_signed_before_the_sessions_typed(signed_in, service):
    early = typed_in(service, signed_on="08.03.2023")
    response = signed_in.post(url(service), early)
    sentence = "Karta nie mogła być podpisana przed usługą (09.03.2023)."
    assert response.context["entry"].form.errors == {"signed_on": [sentence]}
    assert not Service.objects.exclude(signed_on=None).exists()
    moved = early | {"sessions-0-day": "08.03.2023"}
    assertRedirects(signed_in.post(url(service), moved), service.get_absolute_url())
    assert Service.objects.get(pk=service.pk).signed_on == date(2023, 3, 8)


def test_service_edit_takes_out_what_is_gone(signed_in, service):
    form = typed_in(service)
    gone = [name for name in form if name.startswith("sessions-1-") or name.endswith("-s1")]
    signed_in.post(url(service), {name: form[name] for name in form if name not in gone})
    assert [session.day for session in service.sessions.all()] == [date(2023, 3, 9)]
    assert Attendance.objects.count() == 1


def test_service_edit_keeps_an_imported_session_outside_the_period(signed_in, service):
    SessionFactory(service=service, day=date(2025, 1, 1))
    form = typed_in(service, topic="Nowy temat")
    assertRedirects(signed_in.post(url(service), form), service.get_absolute_url())
    response = signed_in.post(url(service), form | {"sessions-2-day": "02.01.2025"})
    assertContains(response, "Termin jest poza okresem projektu 05.04.2022–31.12.2024.")


def test_service_edit_keeps_every_state_of_attendance(signed_in, service):
    states = ["absent", "excused"]
    for row, state in zip(Attendance.objects.order_by("day"), states, strict=True):
        Attendance.objects.filter(pk=row.pk).update(state=state)
    response = signed_in.get(url(service))
    assertContains(response, '<option value="excused" selected>usprawiedliwienie</option>')
    signed_in.post(url(service), typed_in(service))
    assert list(Attendance.objects.order_by("day").values_list("state", flat=True)) == states


def test_service_edit_keeps_the_order_of_advisers(signed_in, service):
    second = StaffMemberFactory(name="Adam Pierwszy")
    first = service.advisers.get()
    signed_in.post(url(service), typed_in(service, co_advisers=[second.pk, first.pk]))
    links = service.adviser_links.all()
    assert [link.staff_member for link in links] == [first, second]


def test_service_edit_refuses_when_somebody_submitted_meanwhile(signed_in, service, staff):
    form = typed_in(service, topic="Za późno")
    entry = ServiceEntry(form_data(form), Service.objects.get(pk=service.pk))
    service.submit(staff)
    assert save_entry(entry, staff) is None
    assert entry.problems() == [
        ("", "Usługa N/2023/7 jest teraz w stanie „złożona”. Odśwież stronę.")
    ]
    service.refresh_from_db()
    assert service.topic == "Plan publikacji"


def form_data(form):
    data = QueryDict(mutable=True)
    for name, value in form.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


@pytest.mark.parametrize("state", ["submitted", "approved", "cancelled"])
def test_service_edit_is_closed_once_submitted(client, coordinator, service, state):
    Service.objects.filter(pk=service.pk).update(state=state)
    client.force_login(coordinator)
    assert client.get(url(service)).status_code == 403
    assert client.post(url(service), {"act": "draft"}).status_code == 403


def test_service_edit_of_another_member_of_staff_is_closed(client, service):
    client.force_login(MembershipFactory().user)
    assert client.get(url(service)).status_code == 403


def test_service_edit_is_open_to_its_adviser_and_the_coordinator(client, coordinator, service):
    adviser = MembershipFactory().user
    service.adviser_links.create(staff_member=StaffMemberFactory(user=adviser), position=1)
    for user in (adviser, coordinator):
        client.force_login(user)
        assert client.get(url(service)).status_code == 200


def test_service_edit_submits_a_returned_service(signed_in, service, staff, coordinator):
    service.submit(staff)
    service.send_back(coordinator, "Dopisz efekt.")
    response = signed_in.get(url(service))
    assertContains(response, "Dopisz efekt.")
    response = signed_in.post(url(service), typed_in(service, outcome="Plan", act="submit"))
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Złożono do zatwierdzenia usługę N/2023/7."
    ]
    service.refresh_from_db()
    assert (service.state, service.outcome) == ("submitted", "Plan")


def test_service_edit_asks_the_database_the_same_number_of_times(signed_in, service):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(url(service)).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for _ in range(30):
        AttendanceFactory(session=service.sessions.first())
    assert queries() == few
