"""What a new service begins with: a copy, or one's last one."""

import re
from datetime import date, time

import pytest
from django.urls import reverse
from pytest_django.asserts import assertNotContains

from support.models import Attendance, Service
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import sent

CREATE = reverse("support:service_create", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def values(page, *names):
    form = page.context["entry"].form
    return [form[name].value() for name in names]


def test_a_copy_has_all_but_days_presence_and_signature(signed_in, staff):
    source = ServiceFactory(topic="Statut", place="Płock", signed_on=date(2023, 3, 9))
    member = StaffMemberFactory()
    source.adviser_links.create(staff_member=member)
    row = AttendanceFactory(session=SessionFactory(service=source, day=date(2023, 3, 9)))
    page = signed_in.get(CREATE, {"copy": source.pk})
    assert values(page, "topic", "place", "adviser", "signed_on") == [
        "Statut",
        "Płock",
        member.pk,
        None,
    ]
    entry = page.context["entry"]
    assert [entity.code for entity in entry.recipients] == [row.entity.code]
    assert [row["person"].value() for row in entry.roster.shown if row["person"].value()] == [
        f"{row.person} ({row.person.code})"
    ]
    assert [row["day"].value() for row in entry.sessions.shown] == [None]


def copied_training():
    """Two days of other hours; Anna on both, Beata on the second, Celina came to none."""
    source = ServiceFactory(topic="Księgowość")
    for day, start, end, rest in [(9, 9, 15, 30), (10, 10, 12, 0)]:
        session = SessionFactory.build(service=source)
        session.set_term(date(2023, 3, day), time(start), time(end), rest)
        session.save()
    entity = EntityFactory(code="P1", name="Koło")
    states = {"Anna": ("present", "expected"), "Beata": ("absent", "present")}
    for name, row in (states | {"Celina": ("excused", "absent")}).items():
        person = PersonFactory(first_name=name, last_name="Bór", code=name)
        for session, state in zip(source.sessions.all(), row, strict=True):
            AttendanceFactory(session=session, person=person, entity=entity, state=state)
    return source


def test_a_copy_of_several_days_keeps_their_hours_and_people_and_asks_for_the_days(signed_in):
    page = signed_in.get(CREATE, {"copy": copied_training().pk})
    sent_in = sent(page)
    terms = [
        [sent_in[f"sessions-{place}-{name}"] for name in ("day", "start", "end", "break_minutes")]
        for place in range(2)
    ]
    assert terms == [[[""], ["09:00"], ["15:00"], ["30"]], [[""], ["10:00"], ["12:00"], [""]]]
    marks = {
        sent_in[f"roster-{place}-person"][0]: [f"roster-{place}-s{n}" in sent_in for n in (0, 1)]
        for place in range(int(sent_in["roster-TOTAL_FORMS"][0]))
    }
    assert marks == {
        "Anna Bór (Anna)": [True, True],
        "Beata Bór (Beata)": [False, True],
        "Celina Bór (Celina)": [False, False],
        "": [False, False],
    }


def test_a_copy_asks_for_its_days_alone(signed_in):
    source = copied_training()
    Attendance.objects.filter(person__code="Celina").delete()
    page = signed_in.get(CREATE, {"copy": source.pk})
    assert re.findall(r'<input[^>]* name="([^"]+)"[^>]* autofocus', page.content.decode()) == [
        "sessions-0-day"
    ]
    url, form = f"{CREATE}?copy={source.pk}", sent(page) | {"act": "draft"}
    told = [sentence for _, sentence in signed_in.post(url, form).context["entry"].problems()]
    assert told == ["Termin 1: Podaj datę.", "Termin 2: Podaj datę."]
    form |= {"sessions-0-day": "8.5.2024", "sessions-1-day": "9.5.2024"}
    signed_in.post(url, form)
    copy = Service.objects.exclude(pk=source.pk).get()
    assert [str(session) for session in copy.sessions.all()] == [
        "08.05.2024 09:00–15:00",
        "09.05.2024 10:00–12:00",
    ]
    assert [session.break_minutes for session in copy.sessions.all()] == [30, 0]
    rows = Attendance.objects.filter(session__service=copy).order_by("day", "person__code")
    assert list(rows.values_list("day", "person__code", "state")) == [
        (date(2024, 5, 8), "Anna", "present"),
        (date(2024, 5, 9), "Anna", "present"),
        (date(2024, 5, 9), "Beata", "present"),
    ]


def test_a_copy_of_another_project_or_of_none_is_not_found(signed_in):
    assert signed_in.get(CREATE, {"copy": 999999}).status_code == 404
    assert signed_in.get(CREATE, {"copy": "x"}).status_code == 200


def test_a_new_service_begins_as_ones_last_one_led_by_oneself(signed_in, staff):
    member = StaffMemberFactory(user=staff)
    activity = ActivityFactory()
    ServiceFactory(created_by=staff, mode="online", place="Gąbin", activity=activity, topic="Inny")
    page = signed_in.get(CREATE)
    names = ("adviser", "mode", "place", "activity_name", "topic")
    assert values(page, *names) == [member.pk, "online", "Gąbin", str(activity), ""]


def test_what_the_last_service_gives_is_said_and_cleared_at_one_click(signed_in, staff):
    last = ServiceFactory(
        created_by=staff,
        code="U/7",
        mode="online",
        place="Gąbin",
        activity=ActivityFactory(name="Animacja"),
    )
    SessionFactory(service=last, day=date(2022, 4, 5))
    SessionFactory(service=last, day=date(2022, 4, 6))
    page = signed_in.get(CREATE)
    text = " ".join(page.content.decode().split())
    link = f'<a href="{last.get_absolute_url()}">U/7</a>'
    assert (
        f"Przeniesiono z&nbsp;usługi {link} z&nbsp;05.04.2022: "
        "rodzaj doradztwo ogólne, tryb online, miejsce Gąbin, działanie Animacja." in text
    )
    # What was typed anew is no longer carried over, and stays.
    typed = sent(page) | {"place": "Płock", "topic": "Statut", "act": "clear_carried"}
    page = signed_in.post(CREATE, typed)
    names = ("type", "mode", "activity_name", "place", "topic")
    assert values(page, *names) == ["", "", "", "Płock", "Statut"]
    assertNotContains(page, "Przeniesiono")


def test_a_last_service_without_a_day_is_said_without_one(signed_in, staff):
    ServiceFactory(created_by=staff, code="U/7", mode="online")
    text = " ".join(signed_in.get(CREATE).content.decode().split())
    assert "U/7</a>: rodzaj doradztwo ogólne, tryb online." in text


def test_a_first_service_has_nothing_carried_over(signed_in, staff):
    ServiceFactory(mode="online", place="Cudza")
    page = signed_in.get(CREATE)
    assertNotContains(page, "Przeniesiono")
    assert values(page, "type", "mode", "place") == [None, "", ""]
