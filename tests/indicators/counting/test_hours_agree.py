"""Hours agree wherever they are printed: each session of an approved service once.

Cards and attendance lists, monthly sheets, the register and the list of services, the totals of
the indicators: each document sums its own rows, and the rows are of the same sessions.
"""

from datetime import date, time

import pytest
from django.urls import reverse

from indicators.counting.totals import totals
from owes.periods import Period
from support.hours import hours
from support.models import Recipient, Service, ServiceType, Session
from support.papers.attendance import attendance_list
from support.papers.cards import service_card
from support.papers.registers import services_register
from tests.factories import EntityFactory, ServiceFactory, StaffMemberFactory
from tests.indicators.given import scope

pytestmark = pytest.mark.usefixtures("db")


def on_paper(project):
    """`{(service, day): minutes}` of what single cards and attendance lists print as counted."""
    minutes = {}
    for service in Service.objects.for_papers().filter(project=project, state="approved"):
        if service.type.is_on_lists:
            lists = [attendance_list(service, row).context for row in service.sessions.all()]
            rows = [each["session"] for each in lists if not each["is_outside"]]
        else:
            card = service_card(service).context
            rows = [row for row in card["sessions"] if row not in card["outside"]]
        for row in rows:
            assert (service.pk, row.day) not in minutes
            minutes[service.pk, row.day] = row.minutes
    return minutes


def on_sheets(project):
    """The same of the union of all monthly sheets."""
    minutes = {}
    for line in hours.months_of_staff(project):
        rows = line.sheet.rows()
        assert sum(row.minutes for row in rows) == line.minutes
        minutes |= {(row.service, row.on): row.minutes for row in rows}
    return minutes


def of_month(rows, month):
    return sum(minutes for (_, day), minutes in rows.items() if day in month)


def sums_by_month(client, project):
    """`{month: {where: minutes}}` for each month of the project."""
    papers, sheets = on_paper(project), on_sheets(project)
    assert papers == sheets
    by_month = {}
    for month in project.period.months():
        inside = month.overlap(project.period)
        listed = client.get(
            reverse("support:service_list", args=[project.slug]),
            {"state": "approved", "from_day": inside.start, "to_day": inside.end},
        )
        by_month[month.start] = {
            "papers": of_month(papers, month),
            "sheets": of_month(sheets, month),
            "register": services_register(project, month, "approved").context["minutes"],
            "list": listed.context["table"].total_minutes,
            "minutes_approved": totals(scope(), month)["minutes_approved"],
        }
    return by_month


def disagreements(sums):
    return {month: where for month, where in sums.items() if len(set(where.values())) > 1}


def test_hours_of_the_demonstration_agree_in_each_month(client, demo, coordinator):
    client.force_login(coordinator)
    sums = sums_by_month(client, demo)
    assert disagreements(sums) == {}
    assert len(sums) == 33
    whole = Period(date(2022, 4, 5), date(2024, 12, 31))
    approved = totals(scope(), whole)["minutes_approved"]
    assert sum(where["papers"] for where in sums.values()) == approved > 0


def meeting(*terms, type="doradztwo ogólne", recipients=1, advisers=1, state="approved"):
    service = ServiceFactory(type=ServiceType.objects.get(name=type), state=state)
    for day, start, end in terms:
        session = Session(service=service)
        session.set_term(day, start, end)
        session.save()
    for _ in range(recipients):
        Recipient.objects.create(service=service, entity=EntityFactory())
    for position in range(advisers):
        service.adviser_links.create(staff_member=StaffMemberFactory(), position=position)
    return service


def test_planted_cases_count_each_session_once(client, coordinator, project):
    nine, eleven = time(9), time(11)
    meeting((date(2023, 3, 9), nine, eleven), recipients=2, advisers=2)
    meeting((date(2023, 3, 9), nine, eleven), type="szkolenie", recipients=2, advisers=2)
    meeting((date(2023, 3, 10), nine, eleven), type="informacja i promocja")
    # Over midnight at the end of a month, the whole of it belongs to the day it began.
    meeting((date(2023, 3, 31), time(23), time(1)))
    # One service with a session in each of two months, and one outside the project.
    meeting((date(2023, 3, 31), nine, eleven), (date(2023, 4, 1), nine, time(10)))
    meeting((date(2022, 4, 4), nine, eleven), (date(2022, 4, 5), nine, eleven))
    meeting((date(2024, 12, 31), nine, eleven), (date(2025, 1, 1), nine, eleven))
    for state in set(Service.State) - {"approved"}:
        meeting((date(2023, 3, 9), nine, eleven), state=state)
    client.force_login(coordinator)
    sums = sums_by_month(client, project)
    assert disagreements(sums) == {}
    counted = {month: where["papers"] for month, where in sums.items() if where["papers"]}
    assert counted == {
        date(2022, 4, 1): 120,
        date(2023, 3, 1): 600,
        date(2023, 4, 1): 60,
        date(2024, 12, 1): 120,
    }
