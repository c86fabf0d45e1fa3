"""What changes do to closed reports, and the reasons given for changing what they said.

`owes.rehearsal` and `owes.change_reasons` call `Watch` and `keep` by their dotted names in
settings.
"""

from collections import defaultdict
from functools import cached_property

from indicators.counting.marks import marks_since, newest_mark, pending_marks
from indicators.counting.movements import Baseline, Movement
from indicators.counting.number_changes import NumbersBefore, NumbersNow
from indicators.counting.refreshing import order_refresh
from indicators.counting.report_numbers import PLANNED, target_of, whole_of
from indicators.counting.ruleset import Ruleset, rules_of
from indicators.counting.scope import Scope
from indicators.models import Report, ReportChange
from indicators.reports.annexes import annex_of
from indicators.reports.comparison import compare_entries, printed_numbers, unit_of
from indicators.reports.indicator_report import IndicatorReport
from owes.free_text import withheld
from owes.personal_data import names_read_once
from owes.rehearsal import Effect, Touch
from support.models import Project


class Watch:
    """The closed reports in force of every project, from the moment it is made.

    A change that counts nowhere costs the four queries of the beginning and one; one with no
    closed report a single one.
    """

    def __init__(self):
        reports = Report.objects.in_force().defer("document")
        reports = reports.select_related("project", "corrects", "numbers_now")
        self.reports = defaultdict(list)
        for report in reports.order_by("project", "ends_on", "pk"):
            self.reports[report.project].append(report)
        if self.reports:
            self._begin()
        order_refresh()

    def __bool__(self):
        return bool(self.reports)

    def _begin(self):
        projects = [project.pk for project in self.reports]
        self.mark = newest_mark()
        pending = pending_marks(projects)
        rules = rules_of(projects)
        self.watched = [
            _WatchedProject(
                project,
                reports,
                rules.get(project.pk, ()),
                [mark for mark in pending if mark.project == project.pk],
            )
            for project, reports in self.reports.items()
        ]

    @names_read_once()
    def touches(self):
        """A `Touch` of each report that what was done since moves the records further from."""
        if not self.reports:
            return []
        marks = marks_since(self.mark, [project.pk for project in self.reports])
        with withheld(False):
            return [
                touch
                for watched in self.watched
                for touch in watched.touches(
                    [mark for mark in marks if mark.project == watched.project.pk]
                )
            ]


class _WatchedProject:
    def __init__(self, project, reports, rules, pending):
        self.project, self.reports = project, reports
        self.rulesets = {report.pk: Ruleset.in_force(rules, report.ends_on) for report in reports}
        self.baseline = Baseline(project, self.rulesets.values(), pending)
        self.numbers = NumbersBefore(project, reports, self.baseline, pending)

    def touches(self, marks):
        last = max(report.ends_on for report in self.reports)
        if not any(mark.day is None or mark.day <= last for mark in marks):
            return
        scope = Scope.of(Project.objects.get(pk=self.project.pk))
        numbers, documents = NumbersNow(self.numbers, scope, marks), _Documents(self.reports)
        moved = {}
        for report in self.reports:
            own, ruleset = scope.at(report.ends_on), self.rulesets[report.pk]
            terms = ruleset.terms, own.terms
            if terms not in moved:
                moved[terms] = self.baseline.movements(ruleset, own, marks)
            touched = _TouchedReport(report, own, moved[terms], numbers, documents).touch()
            if touched.records or touched.changes:
                yield touched


class _Documents:
    """What closed reports say, read when the first of them is asked for."""

    def __init__(self, reports):
        self.keys = [report.pk for report in reports]

    @cached_property
    def of(self):
        rows = Report.objects.filter(pk__in=self.keys)
        return dict(rows.values_list("pk", "document"))


class _TouchedReport:
    """A closed report beside the records before a change and after it."""

    def __init__(self, report, scope, moved, numbers, documents):
        self.report, self.scope = report, scope
        self.numbers, self.documents = numbers, documents
        self.moved = {
            key: movement
            for key, each in moved.items()
            if not (movement := Movement(*map(self._reported, each))).is_none
        }

    @cached_property
    def closed(self):
        """What was closed; of its entries those that moved."""
        document = self.documents.of[self.report.pk]
        moved = {(code, row.code) for (code, _), pair in self.moved.items() for row in pair if row}
        for annex in document["annexes"]:
            annex["entries"] = [
                entry for entry in annex["entries"] if (annex["code"], entry["code"]) in moved
            ]
        return IndicatorReport.of_json(document)

    def _reported(self, judgement):
        """The judgement, or None of one that counts after the days of the report."""
        is_inside = judgement and judgement.counted_on in whole_of(self.report)
        return judgement if is_inside else None

    def touch(self):
        differences = list(self._differences())
        return Touch(
            key=self.report.pk,
            project=self.report.project_id,
            label=label(self.report),
            records=[difference.key for difference in differences],
            told=[difference.sentence for difference in differences],
            changes=list(self._changed_numbers()),
        )

    def _differences(self):
        """What is not as reported any more, and was before or was otherwise."""
        if not self.moved:
            return []
        before, after = (self._annexes(place) for place in range(2))
        closed = self.closed.annexes
        was = {each.key: each.compared for each in compare_entries(closed, before)}
        now = compare_entries(closed, after)
        return [each for each in now if was.get(each.key) != each.compared]

    def _annexes(self, place):
        """The annexes of what moved, as it was (0) or as it is (1)."""
        rows = defaultdict(list)
        for (code, _), movement in self.moved.items():
            if movement[place]:
                rows[code].append(movement[place])
        return [
            annex_of(indicator, rows[indicator.code], self.report.period)
            for indicator in self.scope.indicators
        ]

    def _changed_numbers(self):
        movements = [each for (code, _), each in self.moved.items() if code in self._labels]
        was, now = self.numbers.before_and_after(self.report, movements)
        if was == now:
            return
        reported = printed_numbers(self.closed, self._labels)
        names = dict.fromkeys([*reported, *now])
        for indicator in self.scope.indicators:
            if indicator.code not in self._labels:
                names.pop(target_of(indicator.label), None)
        for name in [each for each in names if each.endswith(PLANNED) and each not in reported]:
            del names[name]
        for name in names:
            if now.get(name, 0) not in (reported.get(name, 0), was.get(name, 0)):
                unit = unit_of(name, self.scope.indicators)
                yield Effect(name, name, was.get(name, 0), now.get(name, 0), unit)

    @cached_property
    def _labels(self):
        """`{code: label}` of the indicators of the report that are declared now."""
        declared = {indicator.code: indicator.label for indicator in self.scope.indicators}
        codes = {line.code for line in self.closed.lines}
        return {code: label for code, label in declared.items() if code in codes}


def label(report):
    """ "raport częściowy nr 1 (05.04.2022–31.12.2022)"."""
    period = f"{report.starts_on:%d.%m.%Y}–{report.ends_on:%d.%m.%Y}"
    return f"{report.title[:1].lower()}{report.title[1:]} ({period})"


def keep(touched, reason, by):
    """Writes why and by whom what reports said was changed; `by` is None of a command."""
    ReportChange.objects.bulk_create(
        ReportChange(
            report_id=touch.key,
            by=by,
            reason=reason,
            records=[list(key) for key in touch.records],
            numbers=[change.label for change in touch.changes],
        )
        for touch in touched
    )
