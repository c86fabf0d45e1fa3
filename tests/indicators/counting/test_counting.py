"""The machine: the days are the value; counted and not counted are all the candidates."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from indicators.counting.judging import judge
from indicators.counting.series import Series
from indicators.counting.store import kept
from owes.periods import Period
from tests.factories import EntityFactory, ProjectFactory
from tests.indicators.given import DAY, FIRST, LAST, attend, counted, scope, service_of, supported
from tests.indicators.rules import CODES, Terms, by

ONE = timedelta(days=1)


@pytest.fixture
def register(db):
    """Entities at every step of the ladder of support."""
    EntityFactory()
    EntityFactory(seat=None)
    supported(DAY)
    supported(DAY, DAY + ONE, entity=EntityFactory(registered_on=DAY + ONE))
    supported(FIRST - ONE)
    supported(DAY, state="draft")
    supported(DAY, type="informacja i promocja")
    service_of(DAY, entity=EntityFactory())
    service_of(DAY, entity=EntityFactory(), type="asysta")
    service_of(entity=EntityFactory())
    service = service_of(DAY, entity=EntityFactory())
    attend(service, EntityFactory())


@pytest.mark.parametrize("code", CODES)
def test_counted_and_not_counted_are_all_candidates_and_disjoint(register, code):
    here = scope()
    indicator = here.indicator(code)
    every = set(indicator.candidates(here).values_list("pk", flat=True))
    for period in (here.period, Period(DAY, DAY), Period(LAST, LAST)):
        inside = set(indicator.counted(here, period).values_list("pk", flat=True))
        outside = {record.pk for record in indicator.not_counted(here, period)}
        assert (inside | outside, inside & outside) == (every, set())


OTHER_FACTS = [
    {},
    {"period": Period(DAY + ONE, LAST)},
    {"area": ()},
    {"support_types": ()},
    {"unattended_types": ()},
    Terms(ps_within_pes=True),
    Terms(least_services=2),
    Terms(least_minutes=600),
    Terms(founders_count=True),
]


@pytest.mark.parametrize("code", CODES)
def test_days_are_those_of_the_counted_whatever_was_asked_before(register, code):
    """SQL and judgements are kept for equal facts, so each of the facts is changed here."""
    for facts in OTHER_FACTS * 2:
        here = by(facts) if isinstance(facts, Terms) else replace(scope(), **facts)
        indicator = here.indicator(code)
        verdicts = judge([indicator], here)[code]
        days = Counter(each.counted_on for each in verdicts if each.is_counted)
        assert (facts, indicator.days(here)) == (facts, days)


@pytest.mark.parametrize("code", CODES)
def test_every_record_not_counted_has_a_reason(register, code):
    here = scope()
    indicator = here.indicator(code)
    for record in indicator.not_counted(here, Period(LAST, LAST)):
        assert indicator.reasons(here, record, Period(LAST, LAST)) != []


@pytest.mark.parametrize("code", CODES)
def test_a_row_reaches_the_top_if_and_only_if_there_is_a_day(register, code):
    """Holds the fast way to the first support day to the ladder of deliveries."""
    here = scope()
    indicator = here.indicator(code)
    top = len(indicator.counting_source.steps(here))
    has_day = {record.pk: record.counted_on is not None for record in indicator.assessed(here)}
    assert has_day == {record.pk: record.passed == top for record in indicator.assessed(here)}


def test_deciding_row_is_the_earliest_by_day_then_start_then_code(db):
    entity = EntityFactory()
    supported(DAY, entity=entity, code="U/2")
    supported(DAY, entity=entity, code="U/1")
    supported(DAY - ONE, entity=entity, code="U/0", state="cancelled")
    here = scope()
    indicator = here.indicator("pes")
    record = indicator.counted(here, here.period).get()
    service = entity.services.get(code="U/1")
    assert (record.row["service"], record.row["day"]) == (
        service.pk,
        DAY.isoformat(),
    )


def test_furthest_row_is_the_one_that_passed_most_steps(db):
    entity = EntityFactory()
    supported(DAY, entity=entity, code="U/draft", state="draft")
    service_of(DAY + ONE, entity=entity, code="U/approved")
    here = scope()
    indicator = here.indicator("pes")
    rows = indicator.not_counted(here, here.period)
    assert rows.get().row["service"] == entity.services.get(code="U/approved").pk


def test_nearest_are_those_with_one_reason_that_work_can_mend(db):
    waiting = supported(DAY, state="submitted")
    unserved = EntityFactory()
    seatless = supported(DAY, entity=EntityFactory(seat=None))
    supported(DAY, entity=EntityFactory(seat=None), state="draft")
    supported(DAY, entity=EntityFactory(legal_form="not_pes"))
    supported(FIRST - ONE)
    supported(DAY)
    here = scope()
    indicator = here.indicator("pes")
    near = indicator.nearest(here, indicator.assessments(indicator.assessed(here)))
    assert {candidate.code for candidate in near} == {waiting.code, unserved.code, seatless.code}


def test_a_record_counted_outside_the_dates_says_when(db):
    entity = supported(DAY)
    here = scope()
    indicator = here.indicator("pes")

    def sentence(period):
        record = indicator.not_counted(here, period).get(pk=entity.pk)
        return [reason.sentence for reason in indicator.reasons(here, record, period)]

    assert sentence(Period(FIRST, DAY - ONE)) == ["Policzono dopiero 09.03.2023."]
    assert sentence(Period(DAY + ONE, LAST)) == ["Policzono już 09.03.2023."]


def test_another_project_counts_its_own_services_only(db):
    supported(DAY, project=ProjectFactory(starts_on=FIRST, ends_on=LAST))
    assert counted("pes") == {}


@pytest.mark.parametrize("code", CODES)
def test_the_days_take_two_queries(register, code, django_assert_num_queries):
    here = scope()
    kept(here)
    with django_assert_num_queries(2):  # whether they are fresh, and they
        here.indicator(code).days(here)


SERIES = Series({date(2023, 1, 31): 2, date(2023, 2, 1): 1, date(2023, 4, 9): 3})


def test_series_values_on_days_and_in_periods():
    days = [date(2023, 1, 30), date(2023, 1, 31), date(2023, 2, 1), date(2023, 12, 31)]
    assert [SERIES.on(day) for day in days] == [0, 2, 3, 6]
    assert SERIES.within(Period(date(2023, 2, 1), date(2023, 4, 8))) == 1


def test_series_months_add_up_and_are_cut_to_the_period():
    period = Period(date(2023, 1, 31), date(2023, 4, 9))
    assert SERIES.months(period) == [2, 1, 0, 3]
    assert SERIES.cumulative(period) == [2, 3, 3, 6]
    assert SERIES.months(Period(date(2023, 1, 1), date(2023, 1, 30))) == [0]


def test_series_says_when_the_target_was_reached():
    assert SERIES.reached_on(3) == date(2023, 2, 1)
    assert SERIES.reached_on(4) == date(2023, 4, 9)
    assert SERIES.reached_on(7) is None
    assert SERIES.reached_on(None) is None


def test_scope_never_asks_beyond_the_end_of_the_project(db):
    here = scope()
    assert here.as_of(timezone.datetime(2026, 1, 1).date()) == LAST
    assert here.as_of(DAY) == DAY
