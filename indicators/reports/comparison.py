"""A closed report beside the records of now: which numbers and records differ, and why."""

from collections import Counter
from dataclasses import dataclass, field

from indicators.counting.record_facts import TYPED
from indicators.counting.report_numbers import (
    ACTIVITY,
    PLANNED,
    TOTALS,
    in_period,
    of_activity,
    part_of,
    planned_of,
    target_of,
)
from indicators.reports.builder import build_report
from indicators.reports.change_causes import Author, ChangeCauses
from indicators.reports.indicator_report import IndicatorReport
from owes.formatting import amount, day
from owes.free_text import covered
from owes.personal_data import names_read_once

# What annexes called a column before: the same column, not a change.
OLD_TITLES = {"Pracownik": "Kadra"}


@dataclass(frozen=True)
class EntryDifference:
    """A record that is not the same in a report and now; one side may be None.

    `facts` are what is compared of it now; None when it is gone.
    """

    line: object
    then: object
    now: object
    facts: tuple | None

    @property
    def entry(self):
        return self.now or self.then

    @property
    def key(self):
        return self.line.code, self.entry.code

    @property
    def compared(self):
        return self.sentence, self.facts

    @property
    def sentence(self):
        """What saving will have done to the record: "PES: wypada Spółdzielnia Zorza (P12)"."""
        entry = self.entry
        name = entry.label if entry.label == entry.code else f"{entry.label} ({entry.code})"
        verb = "dochodzi" if self.then is None else "zmienia się" if self.now else "wypada"
        return f"{self.line.label}: {verb} {name}"


@dataclass(frozen=True)
class ExplainedDifference(EntryDifference):
    """With what changed in words, who changed it, and the changes of records that caused it."""

    words: list
    author: Author
    changes: list = field(default_factory=list)
    url: str = ""

    @property
    def state(self):
        """`(kind, icon, words)`."""
        if self.then is None:
            return "ok", "plus", "doszedł"
        return ("watch", "cross", "ubył") if self.now is None else ("info", "pencil", "zmieniony")


@dataclass(frozen=True)
class LineDifference:
    """A line of the report and the same line of now, equal or not.

    `has_other_records`: one joined or one left, also where their number is the same.
    """

    then: object
    now: object
    has_other_records: bool

    @property
    def change(self):
        return self.now.cumulative - self.then.cumulative

    @property
    def is_ruled_otherwise(self):
        """Whether the sides count by different rules; before blocks were kept, by their words."""
        if self.then.blocks:
            return self.then.blocks != self.now.blocks
        return self.then.rule != self.now.rule

    @property
    def state(self):
        """`(kind, icon, words)`."""
        if self.change:
            return "watch", "watch", "zmieniony"
        if self.has_other_records:
            return "watch", "watch", "skład zmieniony"
        return "ok", "check", "bez zmian"


@dataclass(frozen=True)
class NumberDifference:
    """Another number that the report prints and that is not the same now."""

    label: str
    then: int | None
    now: int | None
    author: Author
    unit: str = ""


@dataclass(frozen=True)
class Comparison:
    lines: list
    differences: list
    numbers: list

    @classmethod
    @names_read_once()
    def of(cls, report):
        """Of a closed report; a fixed number of queries, as many as a report takes to build."""
        closed = IndicatorReport.of_json(report.document)
        live = build_report(report.project, report.kind, report.period)
        authors_of_records, authors_of_numbers = _authors(report)
        differences = _explained(report, closed, live, authors_of_records)
        moved = {each.line.code for each in differences if not (each.then and each.now)}
        return cls(
            lines=[
                LineDifference(then, now, then.code in moved)
                for then, now in _in_both(closed.lines, live.lines)
            ],
            differences=differences,
            numbers=[
                NumberDifference(
                    label,
                    then,
                    now,
                    authors_of_numbers.get(label, Author()),
                    unit_of(label, live.lines),
                )
                for label, (then, now) in compare_numbers(closed, live).items()
                if then != now
            ],
        )

    @property
    def ruled_otherwise(self):
        return [line for line in self.lines if line.is_ruled_otherwise]

    @property
    def changed_lines(self):
        return [line for line in self.lines if line.change]

    @property
    def is_none(self):
        return not (self.differences or self.numbers)


def _explained(report, closed, live, authors):
    differences = list(compare_entries(closed.annexes, live.annexes))
    entries = [entry for each in differences for entry in (each.then, each.now) if entry]
    causes = ChangeCauses(report.project, entries, report.closed_at)
    return [
        ExplainedDifference(
            **vars(difference),
            words=_words(closed, live, difference),
            author=authors.get(difference.key) or (changes[0].author if changes else Author()),
            changes=changes,
            url=causes.page(difference.entry.code),
        )
        for difference, changes in zip(differences, _changes(causes, differences), strict=True)
    ]


def compare_numbers(closed, live):
    """`{label: (as reported, as it would be now)}` of every number a report prints.

    What was planned is compared where the report was measured by it.
    """
    labels = {then.code: now.label for then, now in _in_both(closed.lines, live.lines)}
    then, now = printed_numbers(closed, labels), printed_numbers(live, labels)
    return {
        label: (then.get(label, 0), now.get(label, 0))
        for label in dict.fromkeys([*then, *now])
        if label in then or not label.endswith(PLANNED)
    }


def unit_of(name, lines):
    """The unit of a number of a report, by its name; `lines` have labels and units."""
    return next((line.unit for line in lines if f"{name}, ".startswith(f"{line.label}, ")), "")


def printed_numbers(report, labels):
    """The numbers of the indicators in `labels` (`{code: label}`), then the totals.

    Labels are those of today's program: an indicator declared since the closing was not reported.
    """
    lines = [(labels[line.code], line) for line in report.lines if line.code in labels]
    numbers = {label: line.cumulative for label, line in lines}
    numbers |= {in_period(label): line.in_period for label, line in lines}
    numbers |= {target_of(label): line.target for label, line in lines}
    numbers |= {
        planned_of(label): line.planned for label, line in lines if line.planned is not None
    }
    for code, words in TOTALS.items():
        numbers |= {words: report.totals_whole[code], in_period(words): report.totals[code]}
    # A part that two splits have (a place that is not given) is told once, of both together.
    parts = Counter()
    for label, line in lines:
        for split, counts in line.splits.items():
            for part, number in counts.items():
                parts[part_of(label, part)] += number
            for part, number in line.splits_in_period[split].items():
                parts[in_period(part_of(label, part))] += number
    numbers |= parts
    for row in report.activities:
        numbers |= {of_activity(row["activity"], column): row[column] for column in ACTIVITY}
    return numbers


def compare_entries(closed_annexes, live_annexes):
    """An `EntryDifference` of each record that differs, by indicator and code."""
    for closed_annex, annex in _in_both(closed_annexes, live_annexes):
        then = {entry.code: entry for entry in closed_annex.entries}
        now = {entry.code: entry for entry in annex.entries}
        for code in sorted(then.keys() | now.keys()):
            before, after = then.get(code), now.get(code)
            facts = _facts(annex, after) if after else None
            if before is None or facts != _facts(closed_annex, before):
                yield EntryDifference(annex, before, after, facts)


def _in_both(then, now):
    """`(then, now)` of each indicator of the report that is declared now."""
    now_by_code = {item.code: item for item in now}
    return [(item, now_by_code[item.code]) for item in then if item.code in now_by_code]


def _values(annex, entry):
    """`(title, value)` of an entry as an annex would print it today, without empty values."""
    for column, value in zip(annex.columns, entry.values, strict=True):
        title = OLD_TITLES.get(column.title, column.title)
        value = covered(value) if title in TYPED else value
        if value not in ("", None):
            yield title, amount(value, column.unit) if column.unit else value


def _facts(annex, entry):
    """What is compared: every printed value by its column, the day and what decided."""
    return dict(_values(annex, entry)), entry.counted_on, entry.decided_by


def _words(closed, live, difference):
    """What changed in a record on both sides, in words: "Gmina siedziby: Płock → Gąbin"."""
    if difference.then is None or difference.now is None:
        return []
    before = dict(_values(_annex(closed, difference.line), difference.then))
    after = dict(_values(_annex(live, difference.line), difference.now))
    return [
        f"{title}: {_text(before.get(title))} → {_text(after.get(title))}"
        for title in dict.fromkeys([*before, *after])
        if before.get(title) != after.get(title)
    ]


def _annex(report, line):
    return next(annex for annex in report.annexes if annex.code == line.code)


def _text(value):
    return day(value) if hasattr(value, "year") else value or "brak"


def _authors(report):
    """`(by record, by number)`: the last change of each that was given a reason; one query."""
    by_record, by_number = {}, {}
    for change in report.changes.select_related("by").order_by("at", "pk"):
        author = Author(str(change.by or "program"), change.at, change.reason)
        by_record |= {tuple(key): author for key in change.records}
        by_number |= dict.fromkeys(change.numbers, author)
    return by_record, by_number


def _changes(causes, differences):
    """Of each difference the changes that caused it, else those of the same record elsewhere."""
    changes = [
        causes.of([entry for entry in (difference.then, difference.now) if entry])
        for difference in differences
    ]
    # What took a record out of one indicator brought it into another.
    by_code = {
        difference.entry.code: own
        for difference, own in zip(differences, changes, strict=True)
        if own
    }
    return [
        own or by_code.get(difference.entry.code, [])
        for difference, own in zip(differences, changes, strict=True)
    ]
