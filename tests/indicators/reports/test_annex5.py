"""The official report: what the program drafts, what a person writes, what closing keeps."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from indicators.closing import closing
from indicators.models import Report
from indicators.reports.annex5 import Field
from indicators.reports.builder import build_report
from indicators.reports.costs import Amounts
from indicators.reports.indicator_report import IndicatorReport
from support.models import Service
from tests.factories import ActivityFactory, EntityFactory, PersonFactory
from tests.indicators.given import DAY, FIRST, supported
from tests.indicators.reports.report_pages import closed_of, draft_of

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def draft(coordinator):
    advice = ActivityFactory(name="Doradztwo")
    for day in (FIRST, DAY):
        supported(day, person=PersonFactory(), entity=EntityFactory(), activity=advice)
    return draft_of(coordinator)


def official(report):
    gathered = build_report(report.project, report.kind, report.period)
    return gathered.drafted(report).official


def texts(official_report):
    return {field.part: field.text for field in official_report.fields}


def test_a_result_is_drafted_with_its_share_and_what_fell_in_the_period(draft):
    parts = {part: text.replace("\u00a0", " ") for part, text in texts(official(draft)).items()}
    assert parts["result-pes"] == (
        "Objęto wsparciem 2 PES, tj. 4,4% wartości docelowej (45), "
        "w tym w okresie sprawozdawczym: 1."
    )
    assert (
        parts["result-staff"]
        == "Przeszkolono 0 osób z kadry OWES, w tym w okresie sprawozdawczym: 0."
    )
    assert (parts["payments"], parts["more"], parts["durable"]) == ("nie dotyczy",) * 2 + ("",)


def test_a_whole_target_is_one_hundred_percent_and_nothing_less_is(draft, project):
    project.targets.filter(indicator="pes").update(value=2)
    assert "tj. 100% wartości" in texts(official(draft))["result-pes"]
    draft.starts_on = project.starts_on
    assert texts(official(draft))["result-pes"].endswith("(2).")


@pytest.mark.parametrize(("kind", "is_required"), [("partial", False), ("final", True)])
def test_a_goal_not_reached_asks_why_and_must_be_answered_in_the_final_report(
    draft, kind, is_required
):
    draft.kind = kind
    asked = {field.part: field for field in official(draft).fields if "shortfall" in field.part}
    assert "shortfall-pes" in asked
    assert "shortfall-staff" not in asked  # the contract names no number
    assert asked["shortfall-pes"].is_required is is_required


def test_a_text_left_to_the_program_says_the_numbers_of_today(draft):
    draft.texts.create(part="result-representatives", text="Napisane ręcznie.")
    supported(DAY, person=PersonFactory(), entity=EntityFactory())
    parts = texts(official(draft))
    assert parts["result-pes"].startswith("Objęto wsparciem 3\u00a0PES")
    assert parts["result-representatives"] == "Napisane ręcznie."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Objęto 1092 osoby", True),
        ("Objęto 1\u00a0092 osoby", True),
        ("Objęto 109 osób", False),
        ("Objęto 10920 osób", False),
        ("", False),
    ],
)
def test_a_text_is_asked_whether_it_says_the_number_of_the_program(text, says):
    field = Field("result-x", "I.1", "x", mentions=1092, text=text)
    assert field.says_its_number is says


def test_closing_keeps_texts_cells_and_actions_whatever_changes_later(draft, coordinator):
    draft.texts.create(part="durable", text="Trwa.")
    draft.costs.create(year=2023, name="biuro", planned=Decimal("10.00"))
    draft.sources.create(source="grant", actual=Decimal("9.99"))
    report = closed_of(draft, coordinator)
    closed = IndicatorReport.of_json(Report.objects.get().document)
    assert texts(closed.official)["durable"] == "Trwa."
    assert closed.official.costs.sources == {"grant": Amounts(None, Decimal("9.99"))}
    assert closed.official.costs.total == Amounts(Decimal("10.00"), None)
    (work,) = closed.official.works
    assert (work.name, work.first, work.services) == ("Doradztwo", DAY, 1)
    Service.objects.update(state="cancelled")
    report.project.activities.update(name="Inaczej")
    assert IndicatorReport.of_json(Report.objects.get().document) == closed
    assert json.loads(json.dumps(closed.as_json())) == Report.objects.get().document


def test_what_was_written_is_locked_with_the_report(draft, coordinator):
    row = draft.texts.create(part="durable", text="Trwa.")
    cost = draft.costs.create(year=2023, name="biuro", planned=Decimal("10.00"))
    source = draft.sources.create(source="grant", actual=Decimal("9.99"))
    closed_of(draft, coordinator)
    for part in (row, cost, source):
        with pytest.raises(ValidationError, match="nie zmienia się"):
            part.save()
        with pytest.raises(ValidationError, match="nie zmienia się"):
            part.delete()


def test_a_correction_begins_with_what_was_written(draft, coordinator):
    draft.leaves_costs_to_accounting = True
    draft.save()
    draft.texts.create(part="durable", text="Trwa.")
    draft.costs.create(year=2023, name="biuro", planned=Decimal("10.00"))
    draft.sources.create(source="grant", actual=Decimal("9.99"))
    closed = closed_of(draft, coordinator)
    correction = closing.correction_of(closed, coordinator)
    assert correction.leaves_costs_to_accounting
    assert [row.text for row in correction.texts.all()] == ["Trwa."]
    assert [row.name for row in correction.costs.all()] == ["biuro"]
    assert [row.actual for row in correction.sources.all()] == [Decimal("9.99")]
    assert closed.texts.count() == closed.costs.count() == closed.sources.count() == 1


def test_a_document_closed_before_the_official_report_stays_as_it_was(draft):
    gathered = build_report(draft.project, draft.kind, draft.period, date(2024, 1, 5))
    document = json.loads(json.dumps(gathered.as_json()))
    assert "official" not in document
    again = IndicatorReport.of_json(document)
    assert (again.official, again.as_json()) == (None, document)
