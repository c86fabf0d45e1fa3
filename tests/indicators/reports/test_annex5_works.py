"""What was done in each action: counted once, whatever a service has several of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.counting.totals import totals
from indicators.reports.annex5_works import UNNAMED, Work, works
from owes.periods import Period
from support.models import Recipient, ServiceAdviser
from tests.factories import ActivityFactory, EntityFactory, PersonFactory, StaffMemberFactory
from tests.indicators.given import DAY, FIRST, attend, scope, service_of

pytestmark = pytest.mark.usefixtures("db")
ONE = timedelta(days=1)


def all_works(period=None):
    here = scope()
    return works(here, period or here.period)


@pytest.fixture
def advice():
    return ActivityFactory(name="Doradztwo")


def test_an_action_counts_services_sessions_hours_entities_people_places_and_advisers(advice):
    entity, other, person = EntityFactory(), EntityFactory(), PersonFactory()
    service = service_of(DAY, DAY + ONE, entity=entity, activity=advice, place="Płock")
    Recipient.objects.create(service=service, entity=other)
    attend(service, entity, person)
    attend(service, other)
    attend(service, entity, state="absent")
    for name in ("Żaneta Ćma", "Adam Łoś"):
        ServiceAdviser.objects.create(service=service, staff_member=StaffMemberFactory(name=name))
    again = service_of(FIRST, entity=entity, activity=advice, place="Gąbin")
    attend(again, entity, person)
    service_of(FIRST + ONE, entity=entity, activity=advice, place="Gąbin")
    service_of(DAY, entity=EntityFactory(), activity=advice, state="draft")
    assert all_works() == [
        Work(
            key=advice.pk,
            name="Doradztwo",
            first=FIRST,
            last=DAY + ONE,
            services=3,
            sessions=4,
            minutes=480,
            entities=2,
            people=2,
            places=("Gąbin", "Płock"),
            advisers=("Adam Łoś", "Żaneta Ćma"),
        )
    ]


def test_only_days_of_the_period_count(advice):
    service_of(FIRST, DAY, entity=EntityFactory(), activity=advice)
    (work,) = all_works(Period(DAY, DAY))
    assert (work.first, work.sessions, work.minutes) == (DAY, 1, 120)


def test_services_of_every_kind_add_up_to_the_approved_hours(advice):
    service_of(DAY, entity=EntityFactory(), activity=advice)
    service_of(DAY, entity=EntityFactory(), type="informacja i promocja", activity=advice)
    service_of(DAY, entity=EntityFactory())
    here = scope()
    done = works(here, here.period)
    assert [(work.name, work.minutes) for work in done] == [("Doradztwo", 240), (UNNAMED, 120)]
    assert sum(work.minutes for work in done) == totals(here, here.period)["minutes_approved"]


def test_people_of_open_events_are_told_by_their_number(advice):
    for heads in (40, 2):
        service_of(
            DAY,
            entity=EntityFactory(),
            type="informacja i promocja",
            activity=advice,
            head_count=heads,
        )
    (work,) = all_works()
    assert work.reached == 42
    assert "Wydarzenia otwarte zgromadziły 42\u00a0uczestników." in work.paragraph()


def test_where_nobody_was_received_nobody_is_told(advice):
    service_of(DAY, entity=EntityFactory(), type="informacja i promocja", activity=advice)
    (work,) = all_works()
    shown = replace(work, entities=0, people=0).paragraph()
    assert shown.startswith(
        "Dnia 09.03.2023 zrealizowano 1\u00a0usługę (1\u00a0termin), łącznie 2"
    )
    assert "Odbiorcy" not in shown
    assert "Odbiorcy: 1\u00a0podmiot" in replace(work, entities=1, people=0).paragraph()


def test_an_action_without_services_says_so(advice):
    (work,) = all_works()
    assert work.paragraph() == "W okresie sprawozdawczym nie zrealizowano usług w tym działaniu."


def test_the_paragraph_says_every_number():
    work = Work(
        key=1,
        name="Doradztwo",
        first=FIRST,
        last=DAY,
        services=2,
        sessions=5,
        minutes=615,
        entities=1,
        people=22,
        places=tuple(f"miejsce {n}" for n in range(1, 11)),
        advisers=("Adam Łoś",),
    )
    assert work.paragraph().replace("\u00a0", " ") == (
        "W dniach 05.04.2022–09.03.2023 zrealizowano 2 usługi (5 terminów), łącznie 10 h 15 min. "
        "Odbiorcy: 1 podmiot, obecność 22 osób. Miejsca: miejsce 1; miejsce 2; miejsce 3; "
        "miejsce 4; miejsce 5; miejsce 6; miejsce 7; miejsce 8 i 2 inne miejsca. "
        "Kadra: Adam Łoś."
    )


def test_the_number_of_queries_does_not_grow(advice):
    def queries():
        here = scope()
        with CaptureQueriesContext(connection) as queries:
            works(here, here.period)
        return len(queries)

    service_of(DAY, entity=EntityFactory(), activity=advice)
    few = queries()
    for n in range(3):
        service_of(DAY + n * ONE, entity=EntityFactory(), activity=ActivityFactory())
    assert queries() == few
