"""What the demonstration tells beside its records: reports, changes, control, files to come."""

from collections import Counter
from datetime import date

from django.utils import timezone

from entities.models import Entity
from indicators.checks.findings import findings
from indicators.contract.deadlines import report_deadlines
from indicators.control.outcomes import outcomes_of
from indicators.counting.scope import Scope
from indicators.models import ControlledDocument, Package, Report
from indicators.records.lines import progress_lines
from indicators.reports.comparison import Comparison
from indicators.reports.indicator_report import IndicatorReport
from owes.models import Job
from support.models import Attendance, Evidence, Service, StaffMember
from support.workbook.demonstration import ADVISER, COORDINATOR


def test_demonstration_has_its_reports_closed_and_sent_on_their_days(demo):
    told = [
        (report.title, timezone.localdate(report.closed_at), report.sent_on)
        for report in demo.reports.order_by("pk")
    ]
    assert told == [
        ("Raport częściowy nr 1", date(2023, 1, 27), date(2023, 1, 30)),
        ("Korekta nr 1 raportu częściowego nr 1", date(2023, 2, 15), date(2023, 2, 16)),
        ("Raport częściowy nr 2", date(2024, 1, 24), date(2024, 1, 26)),
        ("Raport końcowy nr 3", date(2025, 1, 27), date(2025, 1, 29)),
    ]
    assert list(report_deadlines(demo, timezone.localdate())) == []
    for report in demo.reports.all():
        days = [timezone.localdate(row.history_date) for row in report.history.all()]
        closed_on = timezone.localdate(report.closed_at)
        assert days == [report.sent_on, closed_on, timezone.localdate(report.created_at)]


def test_demonstration_differs_from_reports_by_later_changes_with_reasons(demo):
    found = {
        report.number: [
            (each.sentence, [change.author.name for change in each.changes], each.author.at)
            for each in Comparison.of(report).differences
        ]
        for report in demo.reports.all()
    }
    days = {
        number: [(sentence, names, timezone.localdate(at)) for sentence, names, at in each]
        for number, each in found.items()
    }
    assert days == {
        "1": [
            (
                "PES: zmienia się Stowarzyszenie „Ciepła Rękawica” Gajówek (P037)",
                ["Kinga Łącka"],
                date(2023, 2, 14),
            )
        ],
        "1/1": [],
        "2": [],
        "3": [
            (
                "PES: zmienia się Stowarzyszenie „Uchylone Okna” Sierpc (P084)",
                ["Kinga Łącka"],
                date(2025, 2, 10),
            ),
            ("przedstawiciele: dochodzi O0183", ["Kinga Łącka"], date(2025, 2, 18)),
        ],
    }


def test_demonstration_leaves_some_findings_and_none_that_blocks(demo):
    standing = [finding for finding in findings(demo) if finding.acceptance is None]
    assert Counter(finding.check.code for finding in standing) == {
        **{"V01": 5, "V04": 4, "V06": 4, "V08": 3, "V12": 1, "V14": 2, "V32": 3},
        **{"V33": 2, "V34": 1, "V46": 1},
    }


def test_demonstration_has_files_of_most_records(demo):
    states = Counter(Evidence.objects.values_list("state", flat=True))
    assert states["verified"] > 750
    assert {"waiting", "refused"} < states.keys()
    assert 0 < demo.evidence_requirements.missing().count() < 40
    assert 0 < Service.objects.filter(project=demo).awaiting_signature().count() < 10
    assert len({row.file.name for row in Evidence.objects.all()}) == sum(states.values())


def test_demonstration_leaves_the_adviser_cards_to_sign(demo):
    own = StaffMember.objects.get(user__email=ADVISER).services
    left = own.awaiting_signature().order_by("code").values_list("code", flat=True)
    assert list(left) == ["U/0001/2025", "U/0003/2024"]


def test_demonstration_dates_its_history_by_the_records(demo):
    for row in Attendance.history.exclude(person__code="O0183"):
        assert timezone.localdate(row.history_date) == row.day
    for row in Entity.history.filter(history_change_reason="dane przykładowe"):
        assert timezone.localdate(row.history_date) == demo.starts_on


def test_demonstration_has_a_finished_trial_control(demo):
    control = demo.controls.get()
    assert timezone.localdate(control.finished_at) == date(2025, 1, 17)
    verdicts = Counter(ControlledDocument.objects.values_list("verdict", flat=True))
    assert verdicts["wrong"] == 1
    assert 0 < verdicts["missing"] < 10
    assert {
        line.indicator.code: line.missing for line in outcomes_of(control) if line.missing
    } == {
        "digital": 1,
        "eco": 2,
    }


def test_demonstration_orders_the_files_of_reports_and_of_a_package(demo):
    orders = Counter(Job.objects.values_list("kind", flat=True))
    assert orders == {"closed_report_file": Report.objects.count(), "package": 1}
    assert Package.objects.get().by.email == COORDINATOR


def test_partial_reports_of_the_demonstration_are_measured_by_what_was_due(demo):
    first, _, second, final = demo.reports.order_by("pk")
    closed = IndicatorReport.of_json(first.document)
    pes = closed.lines[0]
    assert closed.beside_plan(pes) == "12 z 11 zaplanowanych na 31.12.2022 (45 na koniec)"
    assert (len(closed.planned), len(closed.on_plan), closed.behind) == (7, 7, [])
    shown = progress_lines(Scope.of(demo, first.ends_on), first.ends_on)
    assert [line.planned for line in shown if line.target] == [
        line.planned for line in closed.lines if line.target
    ]
    late = IndicatorReport.of_json(second.document)
    assert [line.code for line in late.behind] == ["eco"]
    assert IndicatorReport.of_json(final.document).planned == []
