"""A saved visit in the short form; what is more than a visit opens in the long one."""

from datetime import date, time

import pytest
from django.db import transaction
from django.urls import reverse
from lxml import html
from pytest_django.asserts import assertContains, assertRedirects

from support.models import Attendance, ServiceType
from support.models.session import local_moment
from support.roster.lists import update_attendances
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import hidden, sent


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def visit(staff):
    """Two hours of one adviser with one person of one entity, not submitted yet."""
    service = ServiceFactory(created_by=staff, topic="Statut", outcome="Zmiana")
    service.adviser_links.create(staff_member=StaffMemberFactory(user=staff))
    AttendanceFactory(
        session=SessionFactory(service=service, day=date(2023, 3, 9)),
        person=PersonFactory(code="O0001"),
        entity=EntityFactory(code="P021", name="Koło"),
    )
    return service


def url_of(service, name="visit_edit"):
    return reverse(f"support:{name}", args=["sputnik-ii", service.pk])


def typed(page, **changes):
    """What the page would send, with changes."""
    entry = page.context["entry"]
    names = ("adviser", "recipient", "type", "topic", "outcome", "next_steps", "mode", "hours")
    form = {name: entry.form[name].value() or "" for name in names}
    form["day"] = entry.form["day"].value()
    form["people"] = [
        companion.person.code for companion in entry.companion_choices if companion.is_marked
    ]
    return form | hidden(page) | {"act": "draft"} | changes


def test_a_saved_visit_opens_with_all_it_holds_and_is_saved_unchanged(signed_in, visit):
    page = signed_in.get(url_of(visit))
    assertContains(page, 'value="09:00–11:00"')
    assertContains(page, "czwartek, 9 marca 2023; 09:00–11:00")
    rows = list(Attendance.objects.values_list("pk", "state"))
    assertRedirects(signed_in.post(url_of(visit), typed(page)), visit.get_absolute_url())
    assert list(Attendance.objects.values_list("pk", "state")) == rows
    assert visit.history.count() == 1
    assert visit.sessions.get().history.count() == 1


@pytest.mark.parametrize("name", ["visit_edit", "service_edit"])
def test_a_returned_service_begins_with_what_is_to_be_mended(signed_in, visit, name):
    visit.state, visit.state_reason, visit.outcome = "returned", "Brakuje miejsca.", ""
    visit.save()
    page = html.fromstring(signed_in.get(url_of(visit, name)).content.decode())
    callouts = [" ".join(row.text_content().split()) for row in page.find_class("callout")]
    assert callouts[0] == "Zwrócona: Brakuje miejsca."
    assert page.xpath("//*[@autofocus]") == []


def test_what_is_changed_is_saved(signed_in, visit):
    page = signed_in.get(url_of(visit))
    signed_in.post(
        url_of(visit), typed(page, outcome="Nowy statut", hours="10–12", day="10.3.2023")
    )
    visit.refresh_from_db()
    assert visit.outcome == "Nowy statut"
    assert str(visit.sessions.get()) == "10.03.2023 10:00–12:00"
    assert Attendance.objects.get().day == date(2023, 3, 10)


def test_a_visit_moved_past_the_day_its_card_was_signed_is_refused(signed_in, visit):
    page = signed_in.get(url_of(visit))
    form = typed(page, signed_on="09.03.2023", day="10.3.2023")
    answer = signed_in.post(url_of(visit), form)
    assertContains(answer, "Karta nie mogła być podpisana przed usługą (10.03.2023).")
    assert visit.sessions.get().day == date(2023, 3, 9)


def test_own_hours_are_free_when_only_a_length_is_typed(signed_in, visit):
    page = signed_in.get(url_of(visit))
    signed_in.post(url_of(visit), typed(page, hours="1 h"))
    assert str(visit.sessions.get()) == "09.03.2023 09:00–10:00"


def test_unmarking_takes_presence_away(signed_in, visit):
    page = signed_in.get(url_of(visit))
    signed_in.post(url_of(visit), typed(page, people=[]))
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("state", ["absent", "excused", "expected"])
def test_who_was_not_there_stays_on_the_list_until_marked(signed_in, visit, state):
    Attendance.objects.update(state=state)
    page = signed_in.get(url_of(visit))
    assertContains(page, Attendance.State(state).label)
    assert typed(page)["people"] == []
    signed_in.post(url_of(visit), typed(page))
    assert Attendance.objects.get().state == state
    page = signed_in.get(url_of(visit))
    signed_in.post(url_of(visit), typed(page, people=["O0001"]))
    assert Attendance.objects.get().state == "present"


def test_who_is_expected_is_marked_while_the_visit_is_ahead(signed_in, visit, time_machine):
    Attendance.objects.update(state="expected")
    time_machine.move_to("2023-03-08T08:00:00+01:00")
    page = signed_in.get(url_of(visit))
    assert typed(page)["people"] == ["O0001"]
    signed_in.post(url_of(visit), typed(page, people=[]))
    assert not Attendance.objects.exists()


def two_sessions(visit):
    SessionFactory(service=visit, day=date(2023, 3, 10))


def two_entities(visit):
    visit.recipient_links.create(entity=EntityFactory())


def two_advisers(visit):
    visit.adviser_links.create(staff_member=StaffMemberFactory(), position=1)


def a_break(visit):
    visit.sessions.update(break_minutes=15, minutes=105)


def a_night(visit):
    visit.sessions.update(ends_at=local_moment(date(2023, 3, 10), time(1)))


def a_training(visit):
    visit.type = ServiceType.objects.get(name="szkolenie")
    visit.save()


def somebody_of_no_recipient(visit):
    Attendance.objects.update(entity=EntityFactory())


@pytest.mark.parametrize(
    "made",
    [
        two_sessions,
        two_entities,
        two_advisers,
        a_break,
        a_night,
        a_training,
        somebody_of_no_recipient,
    ],
)
def test_more_than_a_visit_opens_in_the_long_form(signed_in, visit, made):
    made(visit)
    assert signed_in.get(url_of(visit)).url == url_of(visit, "service_edit")


def test_what_is_begun_in_the_long_form_is_finished_there(signed_in, visit):
    long = url_of(visit, "service_edit")
    signed_in.post(long, hidden(signed_in.get(long)) | {"topic": "Inny", "editing-act": "keep"})
    assert signed_in.get(url_of(visit)).url == long


def test_what_is_not_saved_in_the_short_form_is_not_submitted(signed_in, visit):
    page = signed_in.get(url_of(visit))
    signed_in.post(url_of(visit), typed(page, topic="Inny") | {"editing-act": "keep"})
    submit = url_of(visit, "service_submit")
    assertRedirects(signed_in.post(submit), url_of(visit))
    visit.refresh_from_db()
    assert visit.state == "draft"


def test_a_second_editor_is_shown_both_versions(signed_in, visit):
    page = signed_in.get(url_of(visit))
    visit.topic = "Statut i regulamin"
    visit.save()
    answer = signed_in.post(url_of(visit), typed(page, topic="Uchwała"))
    assert answer.status_code == 409
    assertContains(answer, "Statut i regulamin", status_code=409)
    visit.refresh_from_db()
    assert visit.topic == "Statut i regulamin"


def other(visit):
    """Somebody else who represents the entity of the visit and was there too."""
    entity = visit.recipients.get()
    row = AttendanceFactory(
        session=visit.sessions.get(), person=PersonFactory(code="O0002"), entity=entity
    )
    return row


def saved_again(client, page, visit):
    """What is saved by one who is shown the versions and does as told."""
    answer = client.post(url_of(visit), sent(page) | {"act": "draft"})
    assertRedirects(answer, visit.get_absolute_url())
    rows = Attendance.objects.order_by("person__code").values_list("person__code", "state")
    return list(rows)


@pytest.mark.parametrize("after", [None, "absent"])
def test_people_unmarked_meanwhile_do_not_come_back(signed_in, visit, after):
    other(visit)
    page = signed_in.get(url_of(visit))
    with transaction.atomic():
        row = Attendance.objects.get(person__code="O0001")
        update_attendances(visit, {(row.session_id, row.person_id, row.entity_id): after})
    shown = signed_in.post(url_of(visit), typed(page, topic="Uchwała"))
    assert shown.status_code == 409
    people = {row.person.code: row.is_marked for row in shown.context["entry"].companion_choices}
    assert people == {"O0002": True} | ({"O0001": False} if after else {})
    [row] = [
        row
        for row in shown.context["request"].editing.conflict.differences
        if row.label == "Obecności"
    ]
    assert (row.typed, row.is_collision) == (row.saved, False)
    kept = [("O0001", after)] if after else []
    assert saved_again(signed_in, shown, visit) == [*kept, ("O0002", "present")]
    visit.refresh_from_db()
    assert visit.topic == "Uchwała"


def test_who_was_absent_and_is_marked_meanwhile_stays_marked(signed_in, visit):
    Attendance.objects.get().delete()
    AttendanceFactory(
        session=visit.sessions.get(),
        person=PersonFactory(code="O0003"),
        entity=visit.recipients.get(),
        state="absent",
    )
    page = signed_in.get(url_of(visit))
    row = Attendance.objects.get()
    update_attendances(visit, {(row.session_id, row.person_id, row.entity_id): "present"})
    shown = signed_in.post(url_of(visit), typed(page, topic="Uchwała"))
    assert saved_again(signed_in, shown, visit) == [("O0003", "present")]


def test_who_is_added_meanwhile_by_name_stays_beside_who_is_added_here(signed_in, visit):
    page = signed_in.get(url_of(visit))
    other(visit)
    here = PersonFactory(code="O0009")
    mine = typed(page, others=[here.code])
    shown = signed_in.post(url_of(visit), mine)
    assert saved_again(signed_in, shown, visit) == [
        ("O0001", "present"),
        ("O0002", "present"),
        ("O0009", "present"),
    ]


def test_a_day_changed_here_and_an_entity_changed_meanwhile_are_both_kept(signed_in, visit):
    page = signed_in.get(url_of(visit))
    entity = EntityFactory(code="P022", name="Spółdzielnia")
    Attendance.objects.get().delete()
    visit.recipient_links.get().delete()
    AttendanceFactory(
        session=visit.sessions.get(), person=PersonFactory(code="O0002"), entity=entity
    )
    shown = signed_in.post(url_of(visit), typed(page, day="10.03.2023"))
    assert shown.context["entry"].form["recipient"].value() == "Spółdzielnia (P022)"
    assert saved_again(signed_in, shown, visit) == [("O0002", "present")]
    assert visit.sessions.get().day == date(2023, 3, 10)


def test_hours_changed_meanwhile_are_shown_and_those_typed_here_stay(signed_in, visit):
    page = signed_in.get(url_of(visit))
    session = visit.sessions.get()
    session.set_term(session.day, time(12), time(13))
    session.save()
    shown = signed_in.post(url_of(visit), typed(page, topic="Uchwała"))
    assert shown.context["entry"].form["hours"].value() == "12:00–13:00"
    shown = signed_in.post(url_of(visit), typed(page, hours="15–16"))
    assert shown.context["entry"].form["hours"].value() == "15–16"


def test_a_visit_that_became_more_meanwhile_is_compared_in_the_long_form(signed_in, visit):
    page = signed_in.get(url_of(visit))
    SessionFactory(service=visit, day=date(2023, 3, 16))
    answer = signed_in.post(url_of(visit), typed(page, topic="Uchwała"))
    long = url_of(visit, "service_edit")
    assert answer.url.startswith(f"{long}?draft=")
    shown = signed_in.get(answer.url)
    assertContains(shown, "Od tamtej pory zmieniono ten zapis.")
    compared = signed_in.post(long, sent(shown) | {"act": "draft"})
    assert compared.status_code == 409
    signed_in.post(long, sent(compared) | {"act": "draft"})
    visit.refresh_from_db()
    assert (visit.topic, visit.sessions.count()) == ("Uchwała", 2)


def test_a_visit_is_edited_by_those_who_may(client, visit, auditor):
    client.force_login(auditor)
    assert client.get(url_of(visit)).status_code == 403
    visit.state = "submitted"
    visit.save()
    client.force_login(visit.created_by)
    assert client.get(url_of(visit)).status_code == 403
