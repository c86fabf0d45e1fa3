"""A closed report: frozen values and records, one file, the same bytes on any day."""

import hashlib
import io
import json
from datetime import date

import pikepdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.checks.findings import accept, blocking
from indicators.closing import closing
from indicators.models import AcceptedFinding, Report, ReportText
from indicators.reports.annex5 import OfficialReport
from indicators.reports.builder import build_report
from indicators.reports.indicator_report import IndicatorReport
from owes.models import Job
from support.models import AcceptedWarning, Service
from tests.factories import EntityFactory, PersonFactory, UserFactory, sputnik
from tests.indicators.checks.test_checks import serviced
from tests.indicators.given import DAY, FIRST, supported

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def draft(coordinator):
    supported(
        FIRST, person=PersonFactory(sex="M", code="O-2022"), entity=EntityFactory(code="P-2022")
    )
    supported(
        DAY, person=PersonFactory(sex="K", code="O-2023"), entity=EntityFactory(code="P-2023")
    )
    return Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )


@pytest.fixture
def closed(draft, coordinator):
    return closing.close(draft, coordinator, "próba")


def test_closing_keeps_values_rules_targets_and_records(closed, coordinator):
    assert (closed.state, closed.number, closed.closed_by) == ("closed", "1", coordinator)
    line = closed.lines.get(indicator="pes")
    assert (line.in_period, line.cumulative, line.target) == (1, 2, 45)
    assert line.rule.startswith("Liczy się podmiot")
    assert [(record.code, record.counted_on) for record in line.records.all()] == [
        ("P-2022", FIRST),
        ("P-2023", DAY),
    ]
    people = closed.lines.get(indicator="representatives").records.all()
    assert [record.label for record in people] == ["O-2022", "O-2023"]
    assert people[1].details["entity"] == "P-2023"


def test_what_was_closed_stays_when_records_change(closed):
    before = IndicatorReport.of_json(Report.objects.get().document)
    Service.objects.update(state="cancelled")
    assert build_report(sputnik(), "partial", closed.period).lines[0].cumulative == 0
    assert IndicatorReport.of_json(Report.objects.get().document) == before
    assert before.lines[0].cumulative == 2


@pytest.mark.parametrize("field", ["number", "document", "ends_on", "closed_at", "kind"])
def test_a_closed_report_is_not_changed(closed, field):
    changed = Report.objects.get()
    setattr(changed, field, {"document": {}, "kind": "final"}.get(field))
    if field in ("number", "ends_on", "closed_at"):
        setattr(changed, field, {"number": "9", "ends_on": DAY}.get(field))
    with pytest.raises(ValidationError):
        changed.save()


def test_a_closed_report_is_neither_reopened_nor_deleted(closed):
    reopened = Report.objects.get()
    reopened.state = "draft"
    with pytest.raises(ValidationError):
        reopened.save()
    with pytest.raises(ValidationError):
        closed.delete()


def test_sending_is_the_one_thing_that_follows(closed):
    closed.state, closed.sent_on = "sent", date(2024, 1, 29)
    closed.save()
    assert Report.objects.get().sent_on == date(2024, 1, 29)


def test_a_report_is_closed_once(closed, coordinator):
    with pytest.raises(ValidationError, match="jest już zamknięty"):
        closing.close(closed, coordinator, "próba")


def test_a_project_of_two_people_is_closed_by_the_other_one(draft, coordinator):
    draft.project.needs_two_people = True
    draft.project.save()
    with pytest.raises(ValidationError, match="inna osoba"):
        closing.close(draft, coordinator, "próba")
    assert closing.close(draft, UserFactory(), "próba").number == "1"


def test_what_blocks_is_accepted_with_a_reason_or_nothing_is_closed(draft, coordinator):
    left = blocking(draft.project, draft.period)
    assert {"V38", "V17"} <= {finding.check.code for finding in left}
    with pytest.raises(ValidationError, match="Zamknięcie wstrzymuje"):
        closing.close(draft, coordinator, "  ")
    assert Report.objects.get().state == "draft"
    closing.close(draft, coordinator, "papiery są w segregatorze")
    # The gap before the period is seen once there is a report.
    left = blocking(draft.project, draft.period)
    assert {finding.check.code for finding in left} <= {"V35"}
    assert set(AcceptedFinding.objects.values_list("reason", "by")) == {
        ("papiery są w segregatorze", coordinator.pk)
    }
    assert Report.objects.get().closing_reason == "papiery są w segregatorze"


def collided(hour, count):
    """Services that collide in pairs, without a day of signing: two kinds of findings each."""
    for number in range(count):
        entity = EntityFactory()
        for _ in range(2):
            serviced(DAY, entity=entity, adviser=f"Ewa {hour} {number}", hours=(hour, hour + 1))


def test_closing_asks_as_often_for_any_number_of_findings(closed, coordinator):
    queries, accepted = [], []
    for hour, count in ((7, 1), (9, 1), (12, 12)):
        collided(hour, count)
        before = AcceptedWarning.objects.count(), AcceptedFinding.objects.count()
        correction = closing.correction_of(closed, coordinator)
        with CaptureQueriesContext(connection) as captured:
            closing.close(correction, coordinator, "próba")
        queries.append(len(captured))
        after = AcceptedWarning.objects.count(), AcceptedFinding.objects.count()
        accepted.append([now - then for now, then in zip(after, before, strict=True)])
    assert accepted[1:] == [[2, 4], [24, 48]]
    assert queries[1] == queries[2]


def test_history_says_who_closed_and_who_accepted(closed, coordinator):
    said = ("history_type", "history_user", "history_change_reason")
    assert set(AcceptedFinding.history.values_list(*said)) == {("+", coordinator.pk, None)}
    columns = [field.attname for field in AcceptedFinding._meta.concrete_fields]
    rows = list(AcceptedFinding.objects.order_by("pk").values_list(*columns))
    assert rows == list(AcceptedFinding.history.order_by("id").values_list(*columns))
    assert {row[columns.index("reason")] for row in rows} == {"próba"}
    assert closed.history.first().history_user == coordinator


def test_a_final_report_explains_each_target_not_met(draft, coordinator):
    draft.kind = "final"
    draft.save()
    with pytest.raises(ValidationError, match="Przyczyna nieosiągnięcia: PES objęte wsparciem"):
        closing.close(draft, coordinator, "próba")
    assert not AcceptedFinding.objects.exists()
    missing = build_report(draft.project, "final", draft.period).missing
    for line in missing:
        ReportText.objects.create(report=draft, part=f"shortfall-{line.code}", text="Pandemia.")
    assert closing.close(draft, coordinator, "próba").is_closed


def test_a_final_report_without_expenses_waits_for_a_reason(draft, coordinator):
    draft.kind = "final"
    draft.save()
    gathered = build_report(draft.project, "final", draft.period)
    for line in gathered.missing:
        ReportText.objects.create(report=draft, part=f"shortfall-{line.code}", text="Pandemia.")
    for part in unfinished(draft):
        ReportText.objects.create(report=draft, part=part, text="Nie dotyczy.")
    accept(draft.project, blocking(draft.project, draft.period), "w segregatorze", coordinator)
    with pytest.raises(ValidationError, match="wstrzymuje: brak kwot w Części II"):
        closing.close(draft, coordinator)
    draft.sources.create(source="grant", planned=1)
    assert closing.close(draft, coordinator).is_closed


def test_expenses_left_to_accounting_are_not_missing(draft):
    draft.kind = "final"
    gathered = build_report(draft.project, "final", draft.period)
    assert gathered.drafted(draft).lacks_costs
    draft.leaves_costs_to_accounting = True
    assert not gathered.drafted(draft).lacks_costs


def unfinished(draft):
    return {
        field.part: field.gap
        for field in OfficialReport.of(
            draft, build_report(draft.project, draft.kind, draft.period)
        ).gaps
    }


def test_a_text_that_is_missing_or_says_another_number_waits_for_a_reason(draft, coordinator):
    empty = unfinished(draft)
    assert set(empty.values()) == {"nie ma tekstu"}
    assert {"durable", "goal", "departures"} <= empty.keys()
    # Asked of a final report alone.
    assert not any(part.startswith("shortfall-") for part in empty)
    for part in empty:
        ReportText.objects.create(report=draft, part=part, text="Nie dotyczy.")
    ReportText.objects.create(report=draft, part="result-pes", text="Objęto 46 PES.")
    assert unfinished(draft) == {"result-pes": "w tekście nie ma liczby 2"}
    accept(draft.project, blocking(draft.project, draft.period), "w segregatorze", coordinator)
    with pytest.raises(ValidationError) as refused:
        closing.close(draft, coordinator)
    assert refused.value.messages == [
        "Zamknięcie wstrzymuje: 1\u00a0brak w tekstach. Popraw je albo podaj powód, dla którego "
        "mogą zostać."
    ]
    assert closing.close(draft, coordinator, "z umowy").closing_reason == "z umowy"


def test_a_report_without_gaps_closes_without_a_reason(draft, coordinator):
    for part in unfinished(draft):
        ReportText.objects.create(report=draft, part=part, text="Nie dotyczy.")
    accept(draft.project, blocking(draft.project, draft.period), "w segregatorze", coordinator)
    assert closing.close(draft, coordinator, "niepotrzebny").closing_reason == ""


def test_a_period_that_is_not_over_is_not_closed(draft, coordinator):
    with time_machine.travel("2023-12-30 12:00Z"), pytest.raises(ValidationError, match="Okres"):
        closing.close(draft, coordinator, "próba")


def test_numbers_have_no_gaps_and_corrections_follow_what_they_correct(closed, coordinator):
    correction = closing.correction_of(closed, coordinator)
    assert closing.correction_of(closed, coordinator) == correction
    assert correction.title == "Korekta raportu częściowego nr 1"
    assert (
        closing.close(correction, coordinator, "próba").title
        == "Korekta nr 1 raportu częściowego nr 1"
    )
    second = closing.correction_of(Report.objects.get(pk=correction.pk), coordinator)
    assert closing.close(second, coordinator, "próba").number == "1/2"


def test_closing_orders_the_file(closed):
    assert Job.objects.get().params == {"report": closed.pk}


@pytest.mark.pdf
def test_the_file_is_the_same_on_any_day_and_carries_its_data(closed, settings):
    first = closing.render_closed(closed)
    EntityFactory()
    Service.objects.update(state="cancelled")
    settings.SITE_ADDRESS = "https://przeniesiony.example.org"
    with time_machine.travel("2029-12-31 23:30Z"):
        assert closing.render_closed(Report.objects.get()) == first
    stored = closing.keep_file(closed)
    assert stored.sha256 == hashlib.sha256(first).hexdigest()
    assert stored.file.read() == first
    files = attachments(first)
    assert sorted(files) == ["dane.json", "raport.xlsx"]
    data = json.loads(files["dane.json"])
    assert data["lines"][0]["cumulative"] == 2
    assert "Próbna" not in files["dane.json"].decode()


def attachments(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@pytest.mark.pdf
def test_the_file_is_kept_once(closed):
    stored = closing.keep_file(closed)
    assert closing.keep_file(closed).file.name == stored.file.name
