"""An indicator of hours says the same on every page, in every file and of every change."""

import json
from datetime import date, time
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from indicators.catalogue import CATALOGUE
from indicators.counting.scope import Scope
from indicators.counting.verifying import numbers_by_day
from indicators.models import IndicatorRule, Milestone, ReportRecord, Target
from indicators.records.lines import progress_lines
from indicators.reference import add_indicators
from indicators.reports.annex5 import sentence
from indicators.reports.builder import build_report
from indicators.reports.comparison import Comparison
from indicators.reports.files import html_of, render_xlsx
from indicators.reports.indicator_report import IndicatorReport
from owes.periods import Period
from owes.rehearsal import rehearse, watch_reports
from support.models import Service, Session
from tests.factories import ActivityFactory, EntityFactory, sputnik
from tests.indicators.control.trials import ask_only, begun, find, standing
from tests.indicators.given import DAY, FIRST, LAST, attend, service_of
from tests.indicators.reports.report_pages import closed_of, draft_of, url
from tests.indicators.reports.test_report import sheet

CODE, LABEL = "hours_of_support", "godziny wsparcia"
NBSP = "\xa0"
IN_2022 = date(2022, 6, 1)


@pytest.fixture
def hours(db):
    """Sessions of 2 h, 2 h and 30 min in 2022 and 2023, and one that is not approved."""
    add_indicators(apps, sputnik(), [CATALOGUE[CODE]])
    entity = EntityFactory(code="P1")
    first = service_of(IN_2022, DAY, entity=entity, code="U/1", activity=ActivityFactory(name="A"))
    attend(first, entity)
    short = service_of(entity=entity, code="U/2")
    session = Session(service=short)
    session.set_term(DAY, time(9), time(9, 30))
    session.save()
    service_of(DAY, entity=entity, code="U/3", state="submitted")
    return Target.objects.create(
        project=sputnik(), indicator=CODE, value=750, valid_from=FIRST, means_of_verification="k"
    )


def line_on(day):
    scope = Scope.of(sputnik(), day)
    return next(line for line in progress_lines(scope, day) if line.indicator.code == CODE)


def hours_of(report):
    return next(line for line in report.lines if line.code == CODE)


def report_of(kind="partial", start=date(2023, 1, 1), end=date(2023, 12, 31)):
    return build_report(sputnik(), kind, Period(start, end))


@pytest.mark.usefixtures("hours")
@pytest.mark.parametrize(("day", "value"), [(IN_2022, 120), (DAY, 270), (LAST, 270)])
def test_the_value_of_a_day_is_a_sum_of_minutes(day, value):
    assert line_on(day).value == value


@pytest.mark.usefixtures("hours")
def test_progress_is_said_in_hours_and_records_are_counted_apart():
    line = line_on(LAST)
    assert line.state.words == f"nieosiągnięty, brakuje 8{NBSP}h"
    assert (line.counted_count, line.not_counted, line.unproven_count) == (3, 1, 3)
    assert (line.without_proof, line.share) == (270, 270 / 750)


@pytest.mark.usefixtures("hours")
def test_the_page_shows_each_session_and_what_it_adds(client, coordinator):
    client.force_login(coordinator)
    response = client.get(reverse("indicators:indicator_detail", args=["sputnik-ii", CODE]))
    composition = response.context["composition"]
    assert (composition.value, composition.others_count) == (270, 1)
    assert composition.splits() == [("activity", "działania", [("A", 240), ("nie podano", 30)])]
    page = response.content.decode()
    assert f"4,5{NBSP}h" in page
    assert f"z 12,5{NBSP}h" in page
    added = {row.record.code: row.get_cell("amount") for row in response.context["counted"].rows}
    assert added == {
        "U/1 2022-06-01": f"2{NBSP}h",
        "U/1 2023-03-09": f"2{NBSP}h",
        "U/2 2023-03-09": f"0,5{NBSP}h",
    }
    assert "Usługa U/3 z 09.03.2023 czeka na zatwierdzenie." in page
    others = client.get(response.request["PATH_INFO"], {"q": "U/2"}).context["counted"].rows
    assert [row.record.code for row in others] == ["U/2 2023-03-09"]


@pytest.mark.usefixtures("hours")
@pytest.mark.parametrize("page", ["dashboard", "indicator_list", "what_if"])
def test_pages_of_all_indicators_say_hours(client, coordinator, page):
    client.force_login(coordinator)
    address = reverse(f"indicators:{page}", args=["sputnik-ii"])
    shown = client.get(address, {"chart": CODE, CODE: "2"}).content.decode()
    assert f"4,5{NBSP}h" in shown
    assert f"12,5{NBSP}h" in shown
    if page == "what_if":
        assert f"<strong>6,5{NBSP}h</strong>" in shown


@pytest.mark.usefixtures("hours")
def test_the_command_gives_minutes_and_says_so():
    output = StringIO()
    call_command("indicators", project="sputnik-ii", format="json", records=True, stdout=output)
    line = next(
        each for each in json.loads(output.getvalue())["indicators"] if each["code"] == CODE
    )
    assert (line["value"], line["target"], line["unit"]) == (270, 750, "minutes")
    assert line["splits"] == {"activity": {"A": 240, "nie podano": 30}}
    assert line["records"][2] == {
        "code": "U/2 2023-03-09",
        "counted_on": "2023-03-09",
        "adds": 30,
    }
    pes = json.loads(output.getvalue())["indicators"][0]
    assert set(pes) == {"code", "name", "target", "value", "splits", "records", "not_counted"}
    assert set(pes["records"][0]) == {"code", "counted_on"}
    output = StringIO()
    call_command("indicators", project="sputnik-ii", stdout=output)
    assert f"4,5{NBSP}h z 12,5{NBSP}h" in output.getvalue()


@pytest.mark.usefixtures("hours")
def test_a_report_says_hours_in_each_of_its_files():
    report = report_of()
    line = hours_of(report)
    assert (line.in_period, line.cumulative, line.without_proof, line.unit) == (150, 270, 270, "h")
    assert (line.months[-1], line.splits) == (270, {"activity": {"A": 240, "nie podano": 30}})
    assert sentence(report, line) == (
        f"Liczba godzin wsparcia udzielonego podmiotom: 4,5{NBSP}h, tj. 36% wartości docelowej "
        f"(12,5{NBSP}h), w tym w okresie sprawozdawczym: 2,5{NBSP}h."
    )
    page = html_of(report)
    for said in (f"12,5{NBSP}h", f"4,5{NBSP}h", f"2,5{NBSP}h", f"0,5{NBSP}h"):
        assert said in page
    assert report.annexes[-1].title == f"Godziny wsparcia (4,5{NBSP}h, 3{NBSP}zapisy)"
    book = render_xlsx(report)
    [results] = [row for row in sheet(book, "Wyniki") if row[1] == line.name]
    assert (results[2:6], results[-1]) == ([12.5, 2.5, 4.5, 4.5], "godz.")
    records = sheet(book, f"9 {LABEL}")
    assert records[0] == ["Usługa", "Działanie", "Liczy się od", "Czas (godz.)", "W okresie"]
    assert [row[3] for row in records[1:]] == [2, 2, 0.5]
    assert hours_of(IndicatorReport.of_json(report.as_json())) == line


@pytest.mark.usefixtures("hours")
def test_a_closed_report_stays_and_says_what_changed(client, coordinator):
    report = closed_of(draft_of(coordinator), coordinator)
    assert report.lines.get(indicator=CODE).cumulative == 270
    kept = ReportRecord.objects.filter(line__report=report, line__indicator=CODE)
    assert list(kept.values_list("code", flat=True).order_by("code"))[-1] == "U/2 2023-03-09"
    watch = watch_reports()
    session = Session.objects.get(service__code="U/2")
    session.set_term(DAY, time(9), time(10, 20))
    session.save()
    [touch] = watch.touches()
    told = {change.label: str(change) for change in touch.changes}
    assert told[LABEL] == f"{LABEL}: 4,5{NBSP}h → 5{NBSP}h{NBSP}20{NBSP}min"
    assert told[f"{LABEL}, nie podano"].endswith(f"0,5{NBSP}h → 1{NBSP}h{NBSP}20{NBSP}min")
    assert touch.told == [f"{LABEL}: zmienia się U/2 (U/2 2023-03-09)"]
    comparison = Comparison.of(report)
    [difference] = comparison.differences
    assert difference.words == [f"Czas: 0,5{NBSP}h → 1{NBSP}h{NBSP}20{NBSP}min"]
    [line] = comparison.changed_lines
    assert (line.then.cumulative, line.now.cumulative, line.change) == (270, 320, 50)
    units = {number.label: number.unit for number in comparison.numbers}
    assert (units[LABEL], units["minuty wsparcia"]) == ("h", "")
    assert hours_of(IndicatorReport.of_json(report.document)).cumulative == 270
    client.force_login(coordinator)
    page = client.get(url("report_detail", report.pk)).content.decode()
    assert f"4,5{NBSP}h</td>" in page
    assert f"<strong>+50{NBSP}min</strong>" in page


@pytest.mark.usefixtures("hours")
def test_a_backup_keeps_what_counts_from_each_day():
    assert numbers_by_day()["sputnik-ii"][CODE] == {"2022-06-01": 120, "2023-03-09": 150}


def test_a_service_without_a_session_is_opened_to_mend_it(client, coordinator):
    add_indicators(apps, sputnik(), [CATALOGUE["services_of_support"]])
    service = service_of(entity=EntityFactory(), code="U/9")
    client.force_login(coordinator)
    address = reverse("indicators:indicator_detail", args=["sputnik-ii", "services_of_support"])
    # Nothing of it is kept, as it has no row: it is asked about live.
    page = client.get(address, {"outside": "yes"}).content.decode()
    assert "niezaliczone: usługi bez terminu" in page
    assert "Usługa nie ma terminu." in page
    assert f'href="{service.get_absolute_url()}?finding=services_of_support.no_session"' in page


@pytest.mark.usefixtures("hours")
def test_a_rehearsal_says_hours():
    waiting = Service.objects.filter(code="U/3")
    tried = rehearse(lambda: waiting.update(state="approved"), project=sputnik())
    assert [str(change) for change in tried.effects.changes] == [
        f"{LABEL}: 4,5{NBSP}h → 6,5{NBSP}h"
    ]


@pytest.mark.usefixtures("hours")
def test_a_deleted_session_adds_nothing_any_more():
    Session.objects.get(service__code="U/2").delete()
    assert line_on(LAST).value == 240
    Session.objects.filter(service__code="U/1", day=DAY).delete()
    assert line_on(LAST).value == 120
    call_command("verify_indicators", stdout=StringIO())


@pytest.mark.usefixtures("hours")
@pytest.mark.parametrize(
    ("typed", "minutes"), [("13,5", 810), ("1 200", 72_000), ("12 h 20 min", 740), ("7.5 h", 450)]
)
def test_a_target_is_typed_in_hours(client, coordinator, typed, minutes):
    client.force_login(coordinator)
    address = reverse("indicators:target_create", args=["sputnik-ii"])
    data = {
        "indicator": CODE,
        "value": typed,
        "valid_from": "1.01.2023",
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-of": CODE,
        "milestones-0-day": "31.12.2023",
        "milestones-0-value": "2,5",
    }
    shown = client.post(address, data)
    client.post(address, data | {"seen": shown.context["seen"]})
    target = Target.objects.filter(indicator=CODE).latest("valid_from")
    assert target.value == minutes
    assert list(Milestone.objects.filter(target=target).values_list("value", flat=True)) == [150]
    page = client.get(reverse("indicators:target_settings", args=["sputnik-ii"])).content.decode()
    assert f"2,5{NBSP}h do 31.12.2023" in page


def test_milestones_spread_evenly_are_whole_hours(client, coordinator, hours):
    client.force_login(coordinator)
    address = reverse("indicators:milestone_edit", args=["sputnik-ii", hours.pk])
    data = {
        "milestones-TOTAL_FORMS": "0",
        "milestones-INITIAL_FORMS": "0",
        "milestones-arrange": "evenly",
    }
    page = client.post(address, data).content.decode()
    assert f'value="3{NBSP}h"' in page
    assert f'value="7{NBSP}h"' in page
    shown = client.post(
        address,
        {
            "milestones-TOTAL_FORMS": "1",
            "milestones-INITIAL_FORMS": "0",
            "milestones-0-day": "31.12.2023",
            "milestones-0-value": "13",
        },
    )
    assert f"Najwięcej tyle, ile wynosi wartość docelowa: 12,5{NBSP}h." in shown.content.decode()


@pytest.mark.usefixtures("hours")
def test_a_partial_report_measures_hours_by_milestones():
    Milestone.objects.create(target=Target.objects.get(indicator=CODE), day=LAST, value=750)
    Milestone.objects.create(
        target=Target.objects.get(indicator=CODE), day=date(2023, 12, 31), value=330
    )
    report = report_of()
    assert report.beside_plan(hours_of(report)) == (
        f"4,5{NBSP}h z 5,5{NBSP}h zaplanowanych na 31.12.2023 (12,5{NBSP}h na koniec)"
    )


@pytest.mark.usefixtures("hours")
def test_a_new_rule_may_not_change_the_unit(client, coordinator):
    client.force_login(coordinator)
    address = reverse("indicators:rule_create", args=["sputnik-ii", CODE])
    data = {"base": "services", "valid_from": "1.01.2024", "basis": "aneks"}
    response = client.post(address, data)
    assert "godziny licz w osobnym wskaźniku" in response.content.decode()
    assert IndicatorRule.objects.filter(indicator__code=CODE).count() == 1


@pytest.mark.usefixtures("hours")
def test_a_trial_control_takes_away_what_the_faulty_sessions_add(coordinator):
    ask_only(("service", ["service_card"]))
    control = begun(coordinator)
    outcome = standing(control, CODE)
    assert (outcome.counted, outcome.target, len(outcome.records)) == (270, 750, 3)
    service = Service.objects.get(code="U/1")
    find(control, "missing", subject="service", subject_key=service.pk)
    outcome = standing(control, CODE)
    assert (outcome.undoubted, outcome.proved, outcome.missing) == (30, 30, 720)


@pytest.mark.usefixtures("hours")
def test_the_draft_says_hours(client, coordinator):
    client.force_login(coordinator)
    page = client.get(url("report_detail", draft_of(coordinator).pk)).content.decode()
    assert f"2,5{NBSP}h</a>" in page
    assert f"4,5{NBSP}h</a>" in page
