from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes.periods import Period
from support.models import MonthlySheet
from tests.factories import SessionFactory, StaffMemberFactory

URL = reverse("support:monthly_sheet_list", args=["sputnik-ii"])


def led(member, day=date(2024, 3, 5)):
    session = SessionFactory(day=day, service__state="approved")
    if member:
        session.service.adviser_links.create(staff_member=member)
    return session


def rows(response):
    return [
        (str(row.staff_member), row.month, row.minutes) for row in response.context["table"].data
    ]


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("administrator", 403)])
def test_hours_are_not_for_the_funder(client, request, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status


def test_coordinator_sees_all_the_latest_first(client, coordinator):
    first, second = StaffMemberFactory(name="Jan Żak"), StaffMemberFactory(name="Ewa Bąk")
    led(first).service.adviser_links.create(staff_member=second, position=1)
    led(first, date(2024, 4, 2))
    client.force_login(coordinator)
    assert rows(client.get(URL)) == [
        ("Jan Żak", date(2024, 4, 1), 120),
        ("Ewa Bąk", date(2024, 3, 1), 120),
        ("Jan Żak", date(2024, 3, 1), 120),
    ]


def test_staff_sees_own_months(client, staff):
    led(StaffMemberFactory(name="Ewa Piórkowska", user=staff))
    led(StaffMemberFactory(name="Jan Żak"))
    client.force_login(staff)
    assert [name for name, *_ in rows(client.get(URL))] == ["Ewa Piórkowska"]


def test_account_of_nobody_in_the_staff_is_told_so(client, staff):
    led(StaffMemberFactory())
    client.force_login(staff)
    response = client.get(URL)
    assert rows(response) == []
    assertContains(response, "Twoje konto nie jest połączone")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"month": "2024-03"}, ["Jan Żak", "Ewa Bąk"]),
        ({"state": "submitted"}, ["Ewa Bąk"]),
        ({"month": "x"}, []),
        ({"state": "\0"}, []),
    ],
)
def test_filters(client, coordinator, project, asked, expected):
    members = [StaffMemberFactory(name=name) for name in ("Jan Żak", "Ewa Bąk")]
    for member in members:
        led(member)
        led(member, date(2024, 4, 1)) if member == members[0] else None
    MonthlySheet.of(project, members[1], Period.of_month(date(2024, 3, 1))).submit(coordinator)
    client.force_login(coordinator)
    assert {name for name, *_ in rows(client.get(URL, asked))} == set(expected)


def test_difference_and_work_of_nobody_show(client, coordinator, project):
    member = StaffMemberFactory()
    led(member)
    MonthlySheet.of(project, member, Period.of_month(date(2024, 3, 1))).submit(coordinator)
    client.force_login(coordinator)
    response = client.get(URL)
    assertContains(response, "1\u00a0czeka na zatwierdzenie")
    assertNotContains(response, "zmieniło się od złożenia")
    led(member, date(2024, 3, 9))
    led(None)
    response = client.get(URL)
    assertContains(response, "zmieniło się od złożenia")
    assertContains(response, "1\u00a0zatwierdzony termin nie ma kadry (2\u00a0h)")


def test_hours_left_outside_a_month_show(client, coordinator):
    member = StaffMemberFactory(name="Jan Żak")
    led(member)
    for state in ("draft", "returned", "cancelled"):
        session = SessionFactory(day=date(2024, 3, 7), service__state=state)
        session.service.adviser_links.create(staff_member=member)
    client.force_login(coordinator)
    (row,) = client.get(URL).context["table"].data
    assert (row.minutes, row.left_out) == (120, 240)
    assertContains(client.get(URL), "4\u00a0h", count=1)


def test_list_is_a_file_too(client, coordinator):
    led(StaffMemberFactory(name="Jan Żak"))
    client.force_login(coordinator)
    content = client.get(URL, {"format": "csv"}).content.decode("utf-8-sig")
    assert content.splitlines()[1].startswith("01.03.2024;Jan Żak;1;120;")


def test_list_asks_as_often_for_many(client, coordinator, query_count):
    client.force_login(coordinator)
    led(StaffMemberFactory())
    few = query_count(URL)
    for _ in range(24):
        led(StaffMemberFactory())
    assert query_count(URL) == few
