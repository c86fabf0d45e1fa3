from datetime import timedelta

import pytest

from entities.models import EntityActivity
from indicators.counting.totals import RESIDENTS, by_activity, goals, totals
from owes.periods import Period
from support.models import Recipient, ServiceAdviser, ServiceTheme, Theme
from tests.factories import ActivityFactory, EntityFactory, StaffMemberFactory
from tests.indicators.given import DAY, FIRST, LAST, attend, scope, service_of, supported

pytestmark = pytest.mark.usefixtures("db")
ONE = timedelta(days=1)


def all_totals(period=None):
    here = scope()
    return totals(here, period or here.period)


def test_totals_count_services_minutes_and_person_minutes():
    entity = EntityFactory()
    service = service_of(DAY, DAY + ONE, entity=entity)
    attend(service, entity)
    attend(service, entity)
    attend(service, entity, state="absent")
    service_of(DAY, entity=entity, type="informacja i promocja")
    service_of(DAY, entity=entity, state="draft")
    assert all_totals() == {
        "services": 1,
        "minutes": 240,
        "minutes_approved": 360,
        "person_minutes": 480,
    }


def test_totals_two_recipients_advisers_and_a_person_for_two_entities_double_nothing():
    one, two = EntityFactory(), EntityFactory()
    service = service_of(DAY, entity=one)
    Recipient.objects.create(service=service, entity=two)
    for position in (0, 1):
        ServiceAdviser.objects.create(
            service=service, staff_member=StaffMemberFactory(), position=position
        )
    person = attend(service, one)
    attend(service, two, person)
    total = all_totals()
    assert (total["services"], total["minutes"], total["person_minutes"]) == (1, 120, 120)


def test_totals_are_cut_to_the_project_and_to_the_period():
    supported(FIRST - ONE, FIRST, DAY, LAST, LAST + ONE)
    wide = Period(FIRST - 9 * ONE, LAST + 9 * ONE)
    assert all_totals(wide)["minutes"] == 360
    assert all_totals(Period(DAY, DAY))["minutes"] == 120
    assert all_totals(Period(LAST + ONE, LAST + ONE))["minutes"] == 0


def test_by_activity_gives_services_minutes_and_distinct_entities():
    advice = ActivityFactory(name="Doradztwo")
    entity = supported(DAY, activity=advice)
    supported(DAY, entity=entity, activity=advice)
    supported(DAY)
    here = scope()
    assert by_activity(here, here.period) == [
        {"activity": "Doradztwo", "services": 2, "minutes": 240, "entities": 1},
        {"activity": None, "services": 1, "minutes": 120, "entities": 1},
    ]


def goal(code):
    here = scope()
    return next(total for total in goals(here, here.period) if total.code == code)


def test_goals_by_theme_count_a_service_once():
    entity = EntityFactory()
    service = service_of(DAY, entity=entity)
    for theme in (
        Theme.objects.get(name="ekologia"),
        Theme.objects.create(name="klimat", goal="eco"),
    ):
        ServiceTheme.objects.create(service=service, theme=theme)
    total = goal("eco")
    assert (total.services, total.minutes, total.entities) == (1, 120, 1)
    assert goal("digital").services == 0


def test_goal_of_economisation_tells_who_began_paid_activity_in_the_project():
    began, before, unpaid = (supported(DAY) for _ in range(3))
    stranger = EntityFactory()
    for entity, kind, since in (
        (began, "paid", FIRST),
        (began, "business", DAY),
        (before, "paid", FIRST - ONE),
        (unpaid, "unpaid", DAY),
        (stranger, "business", DAY),
    ):
        EntityActivity.objects.create(entity=entity, kind=kind, since=since)
    assert [number for number, _ in goal("economisation").facts] == [1]


def test_goal_of_creation_tells_the_supported_groups():
    supported(DAY, entity=EntityFactory(legal_form="initiative_group"))
    supported(DAY)
    assert [number for number, _ in goal("creation").facts] == [1]


def test_goal_of_residents_sums_head_counts_and_tells_what_is_missing():
    kind = "spotkanie informacyjne dla mieszkańców"
    service_of(DAY, entity=EntityFactory(), type=kind, head_count=30)
    service_of(DAY, entity=EntityFactory(), type=kind, head_count=12)
    service_of(DAY, entity=EntityFactory(), type=kind)
    service_of(DAY, entity=EntityFactory(), type=kind, head_count=99, state="draft")
    total = goal(RESIDENTS)
    assert (total.services, total.minutes) == (3, 360)
    assert [number for number, _ in total.facts] == [42, 1]
