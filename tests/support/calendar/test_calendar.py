"""The calendar of a project: what stands on which day, and the address programs read it from."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from owes.chain.triggers import rewriting
from support.models import CalendarFeed, Recipient, Service, ServiceAdviser, Session
from support.models.session import local_moment
from tests.factories import (
    EntityFactory,
    ProjectFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
)

URL = reverse("support:calendar", args=["sputnik-ii"])
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def ewa(staff):
    return StaffMemberFactory(name="Ewa Piórkowska", user=staff)


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


def held(day, *, adviser=None, topic="Statut", start=9, **fields):
    service = ServiceFactory(topic=topic, **fields)
    if adviser:
        service.adviser_links.create(staff_member=adviser)
    at = {
        name: local_moment(day, time(hour))
        for name, hour in (("starts_at", start), ("ends_at", start + 1))
    }
    return SessionFactory(service=service, day=day, minutes=60, **at)


def shown(client, **asked):
    """`{day: titles}` of the days that hold anything."""
    weeks = client.get(URL, asked).context["weeks"]
    days = [day for _, week in weeks for day in week]
    return {
        f"{day.date:%d.%m}": [event.title for event in day.events] for day in days if day.events
    }


def test_a_month_holds_whole_weeks_in_the_order_of_hours(signed_in):
    held(date(2024, 4, 30), topic="Przed majem")
    held(date(2024, 5, 8), topic="Po południu", start=14)
    held(date(2024, 5, 8), topic="Rano")
    held(date(2024, 4, 28), topic="Tydzień wcześniej")
    held(date(2024, 6, 3), topic="Tydzień później")
    assert shown(signed_in, day="2024-05-31") == {
        "30.04": ["Przed majem"],
        "08.05": ["Rano", "Po południu"],
    }


def test_a_week_is_from_monday_to_sunday(signed_in):
    for day in (5, 6, 12, 13):
        held(date(2024, 5, day), topic=f"{day} maja")
    assert shown(signed_in, day="08.05.2024", view="week") == {
        "06.05": ["6 maja"],
        "12.05": ["12 maja"],
    }


def test_staff_see_their_own_first_and_may_ask_for_all(signed_in, ewa):
    held(date(2024, 5, 8), topic="Moja", adviser=ewa)
    held(date(2024, 5, 9), topic="Cudza", adviser=StaffMemberFactory())
    assert shown(signed_in, day="2024-05-08") == {"08.05": ["Moja"]}
    assert shown(signed_in, day="2024-05-08", adviser="") == {
        "08.05": ["Moja"],
        "09.05": ["Cudza"],
    }


def test_a_cancelled_service_and_another_project_are_no_part_of_the_plan(signed_in):
    held(date(2024, 5, 8), state="cancelled")
    held(date(2024, 5, 8), project=ProjectFactory())
    assert shown(signed_in, day="2024-05-08") == {}


def test_a_staff_training_stands_on_each_of_its_days(signed_in, ewa):
    StaffTrainingFactory(
        staff_member=ewa, topic="RODO", starts_on=date(2024, 4, 20), ends_on=date(2024, 5, 1)
    )
    StaffTrainingFactory(staff_member=ewa, topic="Dzień", starts_on=date(2024, 5, 31))
    assert shown(signed_in, day="2024-05-31") == {
        "29.04": ["RODO"],
        "30.04": ["RODO"],
        "01.05": ["RODO"],
        "31.05": ["Dzień"],
    }


def test_what_has_not_ended_is_a_plan(signed_in):
    held(date(2024, 5, 8), topic="Plan")
    for moment, word in (("2024-05-08 07:59Z", "plan"), ("2024-05-08 08:00Z", "szkic")):
        with time_machine.travel(moment, tick=False):
            page = signed_in.get(URL, {"day": "2024-05-08"}).content.decode()
        badges = re.findall(r'class="badge[^>]*>.*?</svg>([^<]+)<', page)
        assert badges == [word]


def test_a_session_of_today_leads_to_its_attendance(signed_in):
    with time_machine.travel("2024-05-08T10:00:00+02:00"):
        session = held(date(2024, 5, 8))
        held(date(2024, 5, 8), state="approved")
        held(date(2024, 5, 9))
        page = reverse("support:service_attendance", args=["sputnik-ii", session.service.pk])
        weeks = signed_in.get(URL, {"adviser": ""}).context["weeks"]
    found = [event.attendance_url for _, week in weeks for day in week for event in day.events]
    assert sorted(found) == ["", "", f"{page}?session={session.pk}"]


def adding(page):
    """`{name: address}` of the links of days that add something."""
    found = re.findall(
        r'class="calendar-add" href="([^"]+)" aria-label="([^"]+)"', page.content.decode()
    )
    return {name: address for address, name in found}


def test_a_visit_is_added_on_each_day_of_the_project_empty_or_not(signed_in):
    held(date(2022, 4, 5))
    page = signed_in.get(URL, {"day": "2022-04-08", "view": "week"})
    visit = reverse("support:visit_create", args=["sputnik-ii"])
    assert adding(page) == {
        f"Dodaj usługę, {name} 2022": f"{visit}?day={day}.04.2022"
        for day, name in [
            ("05", "wtorek 5 kwietnia"),
            ("06", "środa 6 kwietnia"),
            ("07", "czwartek 7 kwietnia"),
            ("08", "piątek 8 kwietnia"),
            ("09", "sobota 9 kwietnia"),
            ("10", "niedziela 10 kwietnia"),
        ]
    }


def test_a_visit_added_on_a_day_begins_with_it(signed_in):
    address = adding(signed_in.get(URL, {"day": "2024-05-08"}))["Dodaj usługę, środa 8 maja 2024"]
    assert signed_in.get(address).context["entry"].form["day"].value() == "08.05.2024"


def test_the_main_button_leads_to_a_visit_and_the_second_to_the_whole_form(signed_in):
    page = signed_in.get(URL).content.decode()
    assert re.findall(r'btn-(primary|secondary)" href="/p/sputnik-ii/(\w+)/add/"', page) == [
        ("primary", "visits"),
        ("secondary", "services"),
    ]


def test_nothing_is_added_by_those_who_only_look(client, auditor):
    client.force_login(auditor)
    page = client.get(URL, {"day": "2024-05-08"})
    assert adding(page) == {}
    assert "/add/" not in page.content.decode()


def test_public_holidays_stand_on_their_days(signed_in):
    page = signed_in.get(URL, {"day": "2024-05-31", "view": "week"}).content.decode()
    days = r'class="calendar-holiday">([^<]+)<|<p><span class="calendar-weekday">(\w+)'
    found = [day or name for name, day in re.findall(days, page) if day or name]
    assert found == [
        *("Poniedziałek", "Wtorek", "Środa", "Czwartek", "Dzień Bożego Ciała"),
        *("Piątek", "Sobota", "Niedziela"),
    ]


@pytest.mark.parametrize("day", ["31.02.2024", "9999-12-31", "0001-01-01", "a\x00b", "1999-12-31"])
def test_a_day_that_is_none_shows_the_last_month_of_a_project_that_is_over(signed_in, day):
    page = signed_in.get(URL, {"day": day, "view": "rok", "adviser": "x"})
    assert page.status_code == 200
    assert "Kalendarz: grudzień 2024" in page.content.decode()


def test_the_neighbours_keep_what_is_asked(signed_in):
    page = signed_in.get(URL, {"day": "2024-01-15", "adviser": ""}).content.decode()
    found = re.findall(r'btn-secondary" href="\?([^"]+)"', page)
    assert found == [
        "day=2023-12-31&amp;adviser=&amp;view=month",
        "day=2024-02-01&amp;adviser=&amp;view=month",
    ]


def test_the_funder_sees_the_calendar_and_gets_no_address(client, auditor):
    client.force_login(auditor)
    assert "Utwórz adres" not in client.get(URL).content.decode()
    create = reverse("support:calendar_feed_create", args=["sputnik-ii"])
    assert client.post(create).status_code == 403


def test_queries_do_not_grow_with_sessions(signed_in, query_count):
    def one():
        session = held(date(2024, 5, 8), adviser=StaffMemberFactory())
        session.service.recipient_links.create(entity=EntityFactory())

    one()
    before = query_count(URL, day="2024-05-08", adviser="")
    for _ in range(24):
        one()
    assert query_count(URL, day="2024-05-08", adviser="") == before


# The address for calendar programs


def feed_address(client, whose=None):
    """The address as the page shows it, once."""
    create = reverse("support:calendar_feed_create", args=["sputnik-ii"])
    page = client.post(create, {"staff_member": whose.pk if whose else ""}, follow=True)
    address = re.search(r'calendar-address">http://testserver([^<]+)<', page.content.decode())[1]
    assert address not in client.get(URL).content.decode()
    return address


def events(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_program_reads_the_sessions_without_signing_in(signed_in, ewa, client):
    session = held(date(2024, 5, 8), adviser=ewa, topic="Łąka", place="Płock", state="approved")
    held(date(2024, 5, 9), topic="Cudza")
    StaffTrainingFactory(staff_member=ewa, topic="RODO", starts_on=date(2024, 5, 2))
    address = feed_address(signed_in, ewa)
    client.logout()
    service, training = events(client, address)
    assert service["summary"] == "Doradztwo ogólne: Łąka"
    assert (service["location"], service["status"]) == ("Płock", "CONFIRMED")
    assert (service.decoded("dtstart"), service.decoded("dtend")) == (
        session.starts_at,
        session.ends_at,
    )
    assert service["url"] == f"http://testserver{session.service.get_absolute_url()}"
    assert (training["summary"], training.decoded("dtend")) == (
        "Szkolenie kadry: RODO",
        date(2024, 5, 3),
    )


def test_a_cancelled_service_is_told_to_the_program(signed_in, client):
    held(date(2024, 5, 8), state=Service.State.CANCELLED)
    held(date(2024, 5, 9))
    address = feed_address(signed_in)
    assert [event["status"] for event in events(client, address)] == ["CANCELLED", "TENTATIVE"]


@pytest.mark.parametrize("changed", ["hours", "place", "adviser", "recipient", "state"])
def test_a_changed_event_is_newer_than_the_one_the_program_has(signed_in, client, changed):
    session = held(date(2024, 5, 8), place="Płock", state="submitted")
    held(date(2024, 5, 9))
    address = feed_address(signed_in)
    past = timezone.now() - timedelta(hours=1)
    with rewriting():
        for model in (Service, Session, ServiceAdviser, Recipient):
            model.history.update(history_date=past)
    before, other_before = events(client, address)
    change_event(session, changed)
    after, other_after = events(client, address)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    for name in ("dtstamp", "last-modified"):
        assert after.decoded(name) > before.decoded(name)
    assert other_after.to_ical() == other_before.to_ical()


def change_event(session, changed):
    service = session.service
    match changed:
        case "hours":
            session.ends_at += timedelta(hours=1)
            session.minutes += 60
            session.save()
        case "place":
            service.place = "Gostynin"
            service.save()
        case "adviser":
            service.adviser_links.create(staff_member=StaffMemberFactory())
        case "recipient":
            service.recipient_links.create(entity=EntityFactory())
        case "state":
            service.state = Service.State.CANCELLED
            service.save()


def test_a_changed_training_is_newer_too(signed_in, ewa, client):
    training = StaffTrainingFactory(staff_member=ewa, topic="RODO", starts_on=date(2024, 5, 2))
    address = feed_address(signed_in)
    with rewriting():
        type(training).history.update(history_date=timezone.now() - timedelta(hours=1))
    [before] = events(client, address)
    training.topic = "RODO w praktyce"
    training.save()
    [after] = events(client, address)
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") > before.decoded("dtstamp")


def test_a_feed_takes_the_same_queries_for_any_number_of_sessions(signed_in, client):
    held(date(2024, 5, 8), adviser=StaffMemberFactory())
    address = feed_address(signed_in)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for day in range(9, 29):
        held(date(2024, 5, day), adviser=StaffMemberFactory())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_revoked_address_leads_nowhere(signed_in, client):
    address = feed_address(signed_in)
    revoke = reverse(
        "support:calendar_feed_revoke", args=["sputnik-ii", CalendarFeed.objects.get().pk]
    )
    signed_in.post(revoke)
    assert client.get(address).status_code == 404


def test_an_address_outlives_neither_the_membership_nor_the_account(signed_in, staff, client):
    address = feed_address(signed_in)
    staff.memberships.update(is_active=False)
    assert client.get(address).status_code == 404
    staff.memberships.update(is_active=True)
    assert client.get(address).status_code == 200
    staff.is_active = False
    staff.save()
    assert client.get(address).status_code == 404


def test_nobody_revokes_what_another_made(signed_in, coordinator, client):
    feed_address(signed_in)
    feed = CalendarFeed.objects.get()
    client.force_login(coordinator)
    revoke = reverse("support:calendar_feed_revoke", args=["sputnik-ii", feed.pk])
    assert client.post(revoke).status_code == 404
    feed.refresh_from_db()
    assert feed.revoked_at is None


def test_the_base_keeps_no_address(signed_in):
    token = feed_address(signed_in).removeprefix("/calendar/").removesuffix(".ics")
    assert token not in str(CalendarFeed.objects.values().get())


@pytest.mark.parametrize("token", ["x", "a" * 300])
def test_a_guessed_address_leads_nowhere(client, token):
    assert client.get(reverse("support:calendar_feed", args=[token])).status_code == 404
