"""Dated readings of the contract: what each changes, since when, and what closed reports keep."""

import json
from datetime import date, time, timedelta

import pytest

from entities.models import SocialEnterpriseStatus
from indicators.closing import closing
from indicators.models import Report
from indicators.reports.builder import build_report
from indicators.reports.comparison import Comparison
from indicators.reports.files import html_of
from indicators.reports.indicator_report import IndicatorReport
from owes.periods import Period
from support.models import Session
from tests.factories import AdoptionFactory, EntityFactory, PersonFactory, sputnik
from tests.indicators.given import (
    DAY,
    FIRST,
    LAST,
    attend,
    counted,
    reasons,
    scope,
    service_of,
    supported,
)
from tests.indicators.rules import annex, indicator

pytestmark = pytest.mark.usefixtures("db")
ONE = timedelta(days=1)


def ps(code="P1"):
    entity = supported(entity=EntityFactory(code=code))
    SocialEnterpriseStatus.objects.create(
        entity=entity, basis="voivode", valid_from=DAY, valid_until=None
    )
    return entity


def test_the_rule_in_force_is_the_last_one_begun_by_the_day():
    annex(DAY, ps_within_pes=True)
    annex(DAY + ONE, ps_within_pes=False)
    rules = [scope().at(day).indicator("pes").in_force for day in (FIRST, DAY, DAY + ONE)]
    assert [rule.valid_from for rule in rules] == [FIRST, DAY, DAY + ONE]
    assert [{"block": "ps_status", "held": False} in rule.blocks for rule in rules] == [
        True,
        False,
        True,
    ]


def test_before_the_first_rule_the_first_holds():
    assert scope().at(FIRST - ONE).ruleset == scope().at(FIRST).ruleset


def test_ps_read_as_a_part_of_the_pes_counts_in_both():
    ps()
    assert (counted("pes"), counted("ps")) == ({}, {"P1": DAY})
    annex(ps_within_pes=True)
    assert (counted("pes"), counted("ps")) == ({"P1": DAY}, {"P1": DAY})


def test_entity_counts_from_the_service_that_makes_enough_of_them():
    entity = supported(DAY, DAY + ONE, entity=EntityFactory(code="P1"), code="U/1")
    annex(least_services=2)
    assert (counted("pes"), reasons("pes")) == ({}, {"P1": ["too_little_support"]})
    supported(DAY + 2 * ONE, entity=entity, code="U/2")
    assert counted("pes") == {"P1": DAY + 2 * ONE}


def test_services_of_one_day_count_together():
    entity = supported(entity=EntityFactory(code="P1"), code="U/1")
    supported(entity=entity, code="U/2")
    annex(least_services=2)
    assert counted("pes") == {"P1": DAY}


@pytest.mark.parametrize(
    "fields",
    [{"state": "draft"}, {"type": "informacja i promocja"}, {"code": "U/2", "days": [LAST + ONE]}],
)
def test_what_is_no_support_day_does_not_help(fields):
    entity = supported(entity=EntityFactory(code="P1"), code="U/1")
    supported(*fields.pop("days", [DAY + ONE]), entity=entity, **fields)
    annex(least_services=2)
    assert counted("pes") == {}


@pytest.mark.parametrize(("least", "found"), [(240, {"P1": DAY + ONE}), (241, {})])
def test_entity_counts_from_the_session_that_makes_enough_minutes(least, found):
    supported(DAY, DAY + ONE, entity=EntityFactory(code="P1"))
    annex(least_minutes=least)
    assert counted("pes") == found


def test_minutes_are_of_sessions_each_once_however_many_came():
    entity = EntityFactory(code="P1")
    service = service_of(DAY, entity=entity)
    for _ in range(3):
        attend(service, entity)
    annex(least_minutes=121)
    assert counted("pes") == {}


def test_minutes_of_a_session_nobody_of_the_entity_came_to_are_none():
    entity = supported(DAY, entity=EntityFactory(code="P1"))
    empty = Session(service=entity.recipient_links.get().service)
    empty.set_term(DAY + ONE, time(9), time(11))
    empty.save()
    annex(least_minutes=121)
    assert counted("pes") == {}


def test_status_is_looked_at_on_the_day_enough_was_given():
    entity = supported(DAY, DAY + ONE, entity=EntityFactory(code="P1"))
    SocialEnterpriseStatus.objects.create(
        entity=entity, basis="voivode", valid_from=DAY, valid_until=DAY
    )
    annex(least_minutes=240)
    assert (counted("pes"), counted("ps")) == ({"P1": DAY + ONE}, {})


def test_words_of_the_support_day_agree_with_the_number():
    """Supported on two days, a PS on the first alone: the words name the second as the day."""
    entity = supported(DAY, DAY + ONE, entity=EntityFactory(code="P1"))
    SocialEnterpriseStatus.objects.create(
        entity=entity, basis="voivode", valid_from=DAY, valid_until=DAY
    )
    annex(least_minutes=240)
    for rule in [indicator(code).rule for code in ("pes", "ps")]:
        assert "pierwsz" not in rule
        assert "dostaje łącznie co najmniej 1\u00a0usługę i 4\u00a0h wsparcia" in rule
    report = build_report(sputnik(), "partial", Period(DAY, DAY + ONE))
    assert all("pierwsz" not in line.summary for line in report.lines[:2])
    judged = indicator("ps").assessed(scope())
    [reason] = indicator("ps").reasons(scope(), judged.get(), Period(FIRST, LAST))
    assert reason.sentence == "W dniu uzyskania wymaganego wsparcia nie miał statusu PS."


def test_adoption_needs_a_support_day_and_no_more():
    entity = supported(entity=EntityFactory(code="P1"))
    service = entity.recipient_links.get().service
    adoption = AdoptionFactory(entity=entity, kind="digital", day=DAY)
    adoption.service_links.create(service=service)
    annex(least_services=5)
    assert counted("digital") == {"P1": DAY}


def test_founders_count_where_the_contract_counts_them():
    group = EntityFactory(code="G1", legal_form="initiative_group")
    supported(entity=group, person=PersonFactory(code="O1"))
    assert counted("representatives") == {}
    annex(founders_count=True)
    assert (counted("representatives"), counted("pes")) == ({"O1": DAY}, {})


def test_report_of_a_period_keeps_the_rules_of_its_last_day():
    ps()
    annex(date(2024, 1, 1), ps_within_pes=True)
    years = [Period(date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024)]
    reports = [build_report(sputnik(), "partial", year) for year in years]
    assert [report.lines[0].cumulative for report in reports] == [0, 1]
    assert [report.supported_entities for report in reports] == [1, 1]
    assert [report.lines[0].ruled_from for report in reports] == ["2022-04-05", "2024-01-01"]
    assert [{"block": "ps_status", "held": False} in r.lines[0].blocks for r in reports] == [
        True,
        False,
    ]
    assert reports[1].reading["sentences"] == [
        "Zasady liczenia (PES, PS, przedstawiciele): aneks nr 1, od 01.01.2024.",
        "Zasady liczenia (nowe, JST, cyfrowe, ekologiczne, kadra): umowa, od 05.04.2022.",
    ]
    assert reports[1].lines[0].rule == (
        "Liczy się podmiot, który w okresie projektu dostaje, z obecnością, zatwierdzoną usługę "
        "wsparcia; 1) ma formę prawną PES; 2) ma siedzibę w obszarze projektu. Liczy się raz, gdy "
        "pierwszy raz to spełnia."
    )


def test_charts_of_a_report_say_where_a_rule_changed_within_it():
    ps()
    annex(date(2023, 7, 1), "aneks nr 3", ps_within_pes=True)
    annex(date(2024, 1, 1), "aneks nr 4")
    years = [Period(date(year, 1, 1), date(year, 12, 31)) for year in (2022, 2023)]
    before, after = [build_report(sputnik(), "partial", year) for year in years]
    told = {line.code: line.changed_rules for line in after.lines if line.changes}
    assert told == {"pes": [(date(2023, 7, 1), "aneks nr 3")]}
    assert "changes" not in before.as_json()["lines"][0]
    assert IndicatorReport.of_json(json.loads(json.dumps(after.as_json()))) == after
    words = "Od 01.07.2023 liczy się inaczej (aneks nr 3)."
    printed, plain = [" ".join(html_of(report).split()) for report in (after, before)]
    assert printed.count('class="change"') == printed.count(words) == 1
    assert "cały wykres liczy się według zasady z dnia 31.12.2023." in printed
    assert "liczy się inaczej" not in plain


def test_closed_report_differs_only_by_rules_of_its_own_days(coordinator):
    ps()
    draft = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )
    report = closing.close(draft, coordinator, "próba")
    annex(date(2024, 1, 1), ps_within_pes=True)
    assert changes(report) == {}
    annex(date(2023, 12, 31), ps_within_pes=True)
    assert changes(report) == {"pes": 1}


def changes(report):
    comparison = Comparison.of(Report.objects.select_related("project").get(pk=report.pk))
    return {line.now.code: line.change for line in comparison.changed_lines}
