"""Of any register: nothing is lost, nothing counted twice, and every page says the same."""

import json
from datetime import date, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from entities.models.entity import SocialEnterpriseStatusQuerySet
from indicators.counting import statements
from indicators.counting.blocks import BLOCKS
from indicators.counting.engine import Indicator
from indicators.counting.ruleset import Ruleset
from indicators.counting.scope import Scope
from indicators.counting.series import Series
from indicators.counting.sources import Threshold
from indicators.models import IndicatorRule, ProjectIndicator
from indicators.reports.builder import build_report
from indicators.reports.files import render_pdf, render_xlsx
from owes.periods import Period
from support.models import Attendance, Service, ServiceType
from tests.factories import sputnik
from tests.indicators.given import FIRST, LAST
from tests.indicators.random_registers import (
    DAYS,
    READINGS,
    TYPES,
    build,
    expected,
    expected_sum,
    registers,
)
from tests.indicators.reports.test_report import pdf_text, sheet
from tests.indicators.rules import Terms, by

pytestmark = pytest.mark.usefixtures("db")
ORDINARY = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ON = st.sampled_from([day for day in DAYS if FIRST <= day <= LAST])


class Undone(Exception):
    """Takes an example's register out of the database."""


def tried(drawn, look):
    """What `look` answers with the register in the database, which is then taken out again."""
    answers = []
    try:
        with transaction.atomic():
            build(drawn)
            answers.append(look())
            raise Undone
    except Undone:
        return answers[0]


def counted_days(scope, indicator, period):
    rows = indicator.counted(scope, period).values_list(indicator.record_code, "counted_on")
    return list(rows)


@ORDINARY
@given(registers(), READINGS, ON)
def test_counting_agrees_with_the_rules_as_they_are_read(drawn, reading, on):
    tried(drawn, lambda: agrees(drawn, reading, on))


def read(reading):
    return by(reading)


def agrees(drawn, reading, on):
    scope, period = read(reading), Period(FIRST, on)
    for indicator in scope.indicators:
        code = indicator.code
        rows = counted_days(scope, indicator, period)
        wanted = {key: day for key, day in expected(drawn, reading)[code].items() if day <= on}
        assert (code, sorted(rows)) == (code, sorted(wanted.items()))


@ORDINARY
@given(registers(), READINGS, ON)
def test_every_candidate_is_counted_or_has_a_reason_and_sums_agree(drawn, reading, on):
    tried(drawn, lambda: adds_up(reading, on))


def adds_up(reading, on):
    sums_agree(read(reading), on)


def sums_agree(scope, on):
    period = Period(FIRST, on)
    for indicator in scope.indicators:
        counted = [key for key, _ in counted_days(scope, indicator, period)]
        others = list(indicator.not_counted(scope, period))
        left = [getattr(record, indicator.record_code) for record in others]
        every = indicator.candidates(scope).values_list(indicator.record_code, flat=True)
        assert sorted(counted + left) == sorted(every)
        assert all(indicator.reasons(scope, record, period) for record in others)
        value = added(scope, indicator, period)
        if not indicator.is_sum:
            assert value == len(counted)
        for name in indicator.splits:
            assert sum(indicator.split(scope, name, period).values()) == value
        cut = min(on, date(2023, 3, 9))
        parts = [Period(FIRST, cut)]
        if on > cut:
            parts.append(Period(cut + timedelta(days=1), on))
        assert sum(added(scope, indicator, part) for part in parts) == value
        series = Series(indicator.days(scope))
        assert (series.on(on), sum(series.months(period))) == (value, value)
        assert indicator.value(scope, period) == value


def added(scope, indicator, period):
    """What the counted records of the list add, one by one."""
    return sum(record.amount for record in indicator.counted(scope, period))


SUMS = ["hours", "participations", "services", "heads"]


@ORDINARY
@given(registers(), st.sampled_from(SUMS), st.sampled_from([None, *TYPES]), ON)
def test_sums_agree_with_a_plain_recount(drawn, base, kind, on):
    tried(drawn, lambda: sum_agrees(drawn, base, kind, on))


def sum_agrees(drawn, base, kind, on):
    types = [ServiceType.objects.get(name=kind).pk] if kind else []
    blocks = [{"block": base}, *([{"block": "types", "types": types}] if kind else [])]
    scope, period = by_blocks(blocks), Period(FIRST, on)
    indicator = scope.indicator("próba")
    rows = {
        (record.code if base in ("services", "heads") else record.service.code, record.counted_on)
        + (record.amount,)
        for record in indicator.counted(scope, period)
    }
    codes = list(Service.objects.order_by("pk").values_list("code", flat=True))
    wanted = {
        (codes[number], day, adds)
        for number, day, adds in expected_sum(drawn, base, kind)
        if day <= on
    }
    assert rows == wanted
    assert indicator.value(scope, period) == sum(adds for *_, adds in wanted)


def by_blocks(blocks):
    indicator = ProjectIndicator(code="próba", label="próba")
    rule = IndicatorRule(indicator=indicator, valid_from=FIRST, basis="próba", blocks=blocks)
    return Scope.of(sputnik()).ruled_by(Ruleset((rule,)))


@st.composite
def compositions(draw):
    """A rule of any base with any of the blocks that suit it."""
    blocks = [draw(st.sampled_from(OF_BASES))]
    for block in draw(st.lists(st.sampled_from(OTHER_BLOCKS), max_size=5, unique_by=str)):
        suits = BLOCKS[block["block"]].suits
        if not suits or blocks[0]["block"] in suits:
            blocks.append(block)
    once = [block["block"] for block in blocks if not BLOCKS[block["block"]].is_repeatable]
    assume(len(set(once)) == len(once))
    return blocks


OF_BASES = [
    {"block": "supported"},
    {"block": "present"},
    {"block": "present", "whom": "pes_or_group", "in_area": False},
    {"block": "present", "whom": "any"},
    {"block": "founded"},
    {"block": "cooperating"},
    {"block": "cooperating", "kinds": ["letter", "clause"]},
    {"block": "adopted"},
    {"block": "adopted", "kind": "eco"},
    {"block": "adopted", "kind": "eco", "linked": False},
    {"block": "trained"},
    *({"block": base} for base in SUMS),
]
OTHER_BLOCKS = [
    {"block": "types", "types": [1, 2, 10]},
    {"block": "themes", "themes": [1]},
    {"block": "modes", "modes": ["online", "on_site"]},
    {"block": "pes_form"},
    {"block": "in_area"},
    {"block": "forms", "forms": ["association", "initiative_group"]},
    {"block": "seat_in", "powiats": [1, 2, 3]},
    {"block": "jst_in_area"},
    {"block": "sex"},
    {"block": "ps_status"},
    {"block": "ps_status", "held": False},
    {"block": "age", "at_most": 29, "at_least": 55},
    {"block": "at_least", "services": 2},
    {"block": "at_least", "minutes": 240, "types": [1]},
]


@settings(ORDINARY, max_examples=120)
@given(registers(), compositions(), ON)
def test_whatever_is_composed_every_candidate_is_counted_or_has_a_reason(drawn, blocks, on):
    tried(drawn, lambda: sums_agree(by_blocks(blocks), on))


@pytest.mark.pdf
@settings(ORDINARY, max_examples=3)
@given(registers())
def test_page_pdf_xlsx_attachment_and_command_say_the_same(client, coordinator, drawn):
    client.force_login(coordinator)
    page, report, command = tried(drawn, lambda: values_everywhere(client))
    values = {line["code"]: line["value"] for line in command["indicators"]}
    assert page == values
    assert {line.code: line.cumulative for line in report.lines} == values
    words = " ".join(pdf_text(render_pdf(report)).split())
    for line in report.lines:
        goal = "brak" if line.target is None else line.target
        assert f" {goal} {line.in_period} {values[line.code]} " in words
    results = sheet(render_xlsx(report), "Wyniki")[1:]
    assert [row[4] for row in results] == list(values.values())
    attachment = json.loads(json.dumps(report.as_json()))
    assert [line["cumulative"] for line in attachment["lines"]] == list(values.values())


def values_everywhere(client):
    page = client.get(reverse("indicators:indicator_list", args=["sputnik-ii"]))
    output = StringIO()
    call_command("indicators", "--project=sputnik-ii", "--format=json", stdout=output)
    return (
        {line.indicator.code: line.value for line, _, _ in page.context["rows"]},
        build_report(sputnik(), "final", Period(date(2024, 1, 1), LAST)),
        json.loads(output.getvalue()),
    )


# The properties are worth something only if a fault breaks them.


counted = Indicator.counted


def doubled(self, scope, period):
    """A join to attendances, as if it were harmless."""
    rows = counted(self, scope, period)
    if rows.model is not Attendance and hasattr(rows.model, "attendances"):
        rows = rows.filter(Q(attendances=None) | Q(attendances__isnull=False))
    return rows


def without_the_minutes(self, received):
    firsts = [day for day, _ in received.services]
    return firsts[self.services - 1] if len(firsts) >= self.services else None


def without_the_last_day(self, on):
    return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


# Each with the readings among which it is looked for.
FAULTS = {
    "a join that doubles": (READINGS, lambda: patch.object(Indicator, "counted", doubled)),
    "an edge of the period": (
        READINGS,
        lambda: patch.object(
            Scope, "days", property(lambda self: (self.period.start, date(2024, 12, 30)))
        ),
    ),
    "an edge of a status": (
        st.just(Terms()),
        lambda: patch.object(SocialEnterpriseStatusQuerySet, "valid", without_the_last_day),
    ),
    "hours that nobody asks for": (
        READINGS,
        lambda: patch.object(Threshold, "reached_on", without_the_minutes),
    ),
}


@pytest.mark.once
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name):
    def is_wrong(case):
        drawn, reading = case
        try:
            tried(drawn, lambda: agrees(drawn, reading, LAST))
        except AssertionError:
            return True
        return False

    readings, plant = FAULTS[name]
    cases = st.tuples(registers(), readings)
    many = settings(ORDINARY, max_examples=400)
    with pytest.raises(NoSuchExample):
        find(cases, is_wrong, settings=settings(many, max_examples=5))
    with patch.dict(statements._made, clear=True), plant():
        assert find(cases, is_wrong, settings=many)
