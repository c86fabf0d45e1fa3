"""A partial report of a target with milestones is measured by what was due by its last day."""

import io
import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.template.loader import render_to_string
from python_calamine import CalamineWorkbook

from indicators.closing import closing
from indicators.closing.obstacles import Obstacles
from indicators.counting.scope import Scope
from indicators.models import Milestone, Report
from indicators.records.lines import progress_lines
from indicators.reports.builder import build_report
from indicators.reports.comparison import Comparison
from indicators.reports.files import render_xlsx
from indicators.reports.indicator_report import IndicatorReport
from owes.periods import Period
from tests.factories import EntityFactory, PersonFactory, sputnik
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import draft_of

pytestmark = pytest.mark.usefixtures("db")
END = date(2023, 12, 31)
KEPT = Path(__file__).parents[2] / "data" / "closed_report.json"


def milestone(value, indicator="pes", day=END):
    target = sputnik().targets.get(indicator=indicator)
    return Milestone.objects.create(target=target, day=day, value=value)


def support(number):
    for _ in range(number):
        supported(DAY, person=PersonFactory(), entity=EntityFactory())


def report(kind="partial", end=END):
    return build_report(sputnik(), kind, Period(date(2023, 1, 1), end))


def line(of, code="pes"):
    return next(line for line in of.lines if line.code == code)


def fields(draft):
    values = build_report(draft.project, draft.kind, draft.period).drafted(draft)
    return {field.part: field for field in values.official.fields}


def results(of):
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(of)))
    return book.get_sheet_by_name("Wyniki").to_python()


def test_a_partial_report_says_what_was_planned_by_its_last_day():
    support(2)
    milestone(1)
    made = report()
    assert (line(made).planned, line(made).meets_plan, line(made).is_behind) == (1, True, False)
    assert made.beside_plan(line(made)) == "2 z 1 zaplanowanych na 31.12.2023 (45 na koniec)"
    assert [each.code for each in made.planned] == ["pes"]
    words = {each.code: words for each, words in made.lacking()}
    assert words["pes"] == "2 z 1 zaplanowanych na 31.12.2023 (45 na koniec)"
    assert words["ps"] == "0 z 5 (0,0%)"


def test_a_final_report_is_of_the_whole_target():
    milestone(1)
    final = report("final", sputnik().ends_on)
    assert (line(final).planned, line(final).is_behind) == (None, None)
    assert {"pes", "ps"} <= {each.code for each in final.behind}


@pytest.mark.parametrize(("due", "is_asked"), [(2, False), (3, True)])
def test_the_reason_is_asked_for_only_of_what_falls_behind(coordinator, due, is_asked):
    support(2)
    milestone(due)
    draft = draft_of(coordinator)
    asked = fields(draft).get("shortfall-pes")
    assert (asked is not None) is is_asked
    if is_asked:
        assert asked.is_required
        achieved = "2 z 3 zaplanowanych na 31.12.2023 (45 na koniec)"
        assert asked.hint == f"Osiągnięto {achieved}. Wyjaśnij, dlaczego mniej."
        found = Obstacles.of(draft, report().drafted(draft)).gaps
        assert ("shortfall-pes", "nie ma tekstu") in [(field.part, field.gap) for field in found]
        with pytest.raises(ValidationError, match="w tekstach"):
            closing.close(draft, coordinator)


def test_without_milestones_a_reason_is_offered_only_behind_the_even_plan(coordinator):
    sputnik().targets.filter(indicator="pes").update(value=3)
    support(2)
    draft = draft_of(coordinator)
    found = fields(draft)
    assert "shortfall-pes" not in found  # 2 of 3, the even plan says 2
    assert found["shortfall-ps"].is_required is False
    sentence = found["result-pes"].text.replace("\u00a0", " ")
    assert sentence.startswith("Objęto wsparciem 2 PES, tj. 66,7% wartości docelowej (3)")
    sputnik().targets.filter(indicator="pes").update(value=4)
    assert "shortfall-pes" in fields(draft)  # the even plan says 3


def test_a_reason_that_is_written_is_not_lost_when_nothing_asks_for_it(coordinator):
    support(2)
    milestone(2)
    draft = draft_of(coordinator)
    draft.texts.create(part="shortfall-pes", text="Zaczęto później.")
    found = fields(draft)["shortfall-pes"]
    assert (found.text, found.is_required) == ("Zaczęto później.", False)


def test_the_drafted_sentence_says_the_plan(coordinator):
    support(2)
    milestone(1)
    sentence = fields(draft_of(coordinator))["result-pes"].text.replace("\u00a0", " ")
    assert sentence == (
        "Objęto wsparciem 2 PES, tj. 2 z 1 zaplanowanych na 31.12.2023 (45 na koniec), "
        "w tym w okresie sprawozdawczym: 2."
    )


def test_dashboard_report_sheet_and_command_measure_by_one_number(capsys):
    support(2)
    milestone(20, day=date(2024, 6, 30))
    due = sputnik().targets.get(indicator="pes").planned_on(END, sputnik().period)
    assert due == 16  # 636 of the 818 days that bring 20: 15.6
    shown = progress_lines(Scope.of(sputnik(), END), END)[0]
    header, first, *_ = results(report())
    column = header.index("Zaplanowano na koniec okresu")
    call_command("indicators", "--project", "sputnik-ii", "--on", "2023-12-31", format="json")
    told = json.loads(capsys.readouterr().out)["indicators"]
    in_sheet = first[column]
    assert [shown.planned, line(report()).planned, in_sheet, told[0]["planned"]] == [due] * 4
    assert "planned" not in told[1]
    call_command("indicators", "--project", "sputnik-ii", "--on", "2023-12-31")
    assert "objętych wsparciem, na ten dzień 16" in capsys.readouterr().out


def test_the_pdf_says_the_plan():
    support(2)
    milestone(3)
    made = report()
    html = " ".join(
        render_to_string(
            "indicators/reports/report_pdf.html", {"report": made, "charts": [], "sexes": []}
        ).split()
    )
    assert "Z wartości zaplanowanych na 31.12.2023 osiągnięto <strong>0 z 1</strong>." in html
    assert "PES objęte wsparciem: 2 z 3 zaplanowanych na 31.12.2023 (45 na koniec)." in html
    assert '<span class="how">3 na 31.12.2023</span>' in html


def test_a_report_closed_before_plans_opens_and_says_what_it_said():
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert not {"planned", "is_behind"} & kept["lines"][0].keys()
    for each in kept["lines"]:
        each["without_proof"] = 0  # the part that came before
    old = IndicatorReport.of_json(deepcopy(kept))
    assert old.as_json() == kept
    assert (old.planned, old.behind) == ([], old.missing)
    assert "Zaplanowano na koniec okresu" not in results(old)[0]


def test_what_was_planned_is_kept_and_a_later_change_shows(coordinator):
    support(2)
    step = milestone(1)
    closed = closing.close(draft_of(coordinator), coordinator, "próba")
    assert closed.document["lines"][0]["planned"] == 1
    assert IndicatorReport.of_json(closed.document).as_json() == closed.document
    assert [number.label for number in Comparison.of(closed).numbers] == []
    Milestone.objects.filter(pk=step.pk).update(value=2)
    changed = Comparison.of(Report.objects.get()).numbers
    assert [(each.label, each.then, each.now) for each in changed] == [("PES, zaplanowano", 1, 2)]


def test_a_report_measured_by_no_plan_is_not_compared_with_one(coordinator):
    support(2)
    closed = closing.close(draft_of(coordinator), coordinator, "próba")
    milestone(2)
    assert Comparison.of(closed).numbers == []
    assert replace(line(report()), planned=None).meets_plan is False
