"""A service is saved once, and two people at it lose nothing silently."""

from datetime import date, time

from django.test import Client
from django.urls import reverse

from owes import versions
from support.models import Attendance, Service, Theme
from support.roster.lists import ServiceLists, SessionTerm
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import hidden, sent
from tests.parallel import at_once
from tests.support.services.test_service_edit import service, typed_in, url  # noqa: F401

CREATE = reverse("support:service_create", args=["sputnik-ii"])


def new_form(**changes):
    rows = {"sessions": 1, "roster": 1}
    form = {f"{prefix}-TOTAL_FORMS": number for prefix, number in rows.items()}
    form |= {f"{prefix}-INITIAL_FORMS": 0 for prefix in rows}
    return form | {"topic": "Jedna", "act": "draft"} | changes


def test_ten_equal_submits_at_once_make_one_service(committed, staff, project, tmp_path):
    client = Client()
    client.force_login(staff)
    page = client.get(CREATE)
    type_pk = page.context["entry"].form.fields["type"].queryset.first().pk
    form = new_form(type=type_pk) | hidden(page)
    cookies = client.cookies

    def send():
        browser = Client()
        browser.cookies.update(cookies)
        return browser.post(CREATE, form)

    answers = at_once([send] * 10, tmp_path)
    saved = Service.objects.get()
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, saved.get_absolute_url())
    }
    assert saved.history.count() == 1


def test_second_editor_of_a_service_sees_fields_sessions_and_roster(
    client,
    staff,
    coordinator,
    service,  # noqa: F811
):
    first = Client()
    first.force_login(coordinator)
    client.force_login(staff)
    seen = hidden(client.get(url(service)))
    changed = typed_in(service, topic="Plan pierwszej osoby", **{"sessions-0-day": "08.03.2023"})
    assert first.post(url(service), changed | hidden(first.get(url(service)))).status_code == 302
    mine = typed_in(service, topic="Plan drugiej osoby")
    mine["sessions-0-day"] = "09.03.2023"
    page = client.post(url(service), mine | seen)
    assert page.status_code == 409
    service.refresh_from_db()
    assert service.topic == "Plan pierwszej osoby"
    rows = {row.label: row for row in page.context["request"].editing.conflict.differences}
    assert (rows["Temat"].saved, rows["Temat"].typed) == (
        ["Plan pierwszej osoby"],
        ["Plan drugiej osoby"],
    )
    assert {"Terminy", "Obecności"} <= rows.keys()
    assert page.context["entry"].form["topic"].value() == "Plan drugiej osoby"
    again = client.post(url(service), mine | hidden(page))
    assert again.status_code == 302
    service.refresh_from_db()
    assert service.topic == "Plan drugiej osoby"
    days = [session.day for session in service.sessions.all()]
    assert days == [date(2023, 3, 9), date(2023, 3, 10)]


def test_an_attendance_the_first_one_added_is_told_to_the_second(
    client,
    staff,
    service,  # noqa: F811
):
    client.force_login(staff)
    seen = hidden(client.get(url(service)))
    mine = typed_in(service, topic="Mój temat")
    entity = EntityFactory(code="P777")
    AttendanceFactory(
        session=service.sessions.first(), person=PersonFactory(code="O0777"), entity=entity
    )
    page = client.post(url(service), mine | seen)
    assert page.status_code == 409
    labels = {row.label for row in page.context["request"].editing.conflict.differences}
    assert {"Obecności", "Odbiorcy"} <= labels


def test_lists_changed_meanwhile_stay_where_the_second_left_them_alone(
    client,
    staff,
    service,  # noqa: F811
):
    client.force_login(staff)
    first, second = service.sessions.all()
    seen = client.get(url(service))
    theirs = EntityFactory(code="P777")
    added = AttendanceFactory(session=first, person=PersonFactory(code="O0777"), entity=theirs)
    Attendance.objects.get(session=first, person__code="O0001").delete()
    second.set_term(date(2023, 3, 13), time(15), time(17))
    second.save()
    SessionFactory(service=service, day=date(2023, 3, 20))
    service.adviser_links.create(staff_member=StaffMemberFactory(), position=1)
    service.theme_links.create(theme=Theme.objects.first())
    mine = sent(seen) | {"topic": "Mój temat", "act": "draft"}
    mine |= {"roster-0-s1": [""], "sessions-0-end": "11:30"}
    shown = client.post(url(service), mine)
    assert shown.status_code == 409
    lists = ServiceLists.from_version(versions.rows_at(service, Service.PARTS, None))
    answer = client.post(url(service), sent(shown) | {"act": "draft"})
    assert answer.status_code == 302
    saved = ServiceLists.from_version(versions.rows_at(service, Service.PARTS, None))
    terms = lists.terms | {first.day: SessionTerm(time(9), time(11, 30))}
    assert (saved.terms, saved.recipients) == (terms, lists.recipients)
    assert (saved.advisers, saved.themes) == (lists.advisers, lists.themes)
    assert saved.attendances == {(first.day, added.person_id, added.entity_id): "present"}
    service.refresh_from_db()
    assert service.topic == "Mój temat"


def test_rows_that_wait_to_be_mended_stay_as_typed_when_versions_are_joined(
    client,
    staff,
    service,  # noqa: F811
):
    client.force_login(staff)
    seen = client.get(url(service))
    Attendance.objects.filter(session=service.sessions.first()).delete()
    mine = sent(seen) | {"act": "draft", "roster-TOTAL_FORMS": "2"}
    mine |= {"roster-1-person": "Kto To", "roster-1-entity": "P021", "roster-1-s0": "yes"}
    shown = client.post(url(service), mine)
    rows = shown.context["entry"].roster.forms
    assert [(row["s0"].value(), row["s1"].value()) for row in rows] == [("", "yes"), ("yes", None)]
    assert rows[1]["person"].value() == "Kto To"


def test_buttons_that_only_arrange_rows_take_no_token(client, staff, project):
    client.force_login(staff)
    page = client.get(CREATE)
    type_pk = page.context["entry"].form.fields["type"].queryset.first().pk
    form = new_form(type=type_pk) | hidden(page)
    for act in ("add_session", "rehearse"):
        assert client.post(CREATE, form | {"act": act}).status_code == 200
    assert not Service.objects.exists()
    assert client.post(CREATE, form).status_code == 302
    assert Service.objects.count() == 1
