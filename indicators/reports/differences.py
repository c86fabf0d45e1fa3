"""What a closed report said and the records say now: the live difference, record by record."""

from dataclasses import dataclass

from indicators.reports.changes import Author, ChangeCauses
from indicators.reports.gathering import TYPED, IndicatorReport
from owes.formatting import NOT_GIVEN, day
from owes.free_text import covered
from owes.personal_data import names_read_once


@dataclass(frozen=True)
class RecordDifference:
    """A record of an indicator as the report has it and as it is; one side may be missing."""

    line: object
    then: object
    now: object
    words: list
    author: Author
    changes: list = ()
    url: str = ""

    @property
    def entry(self):
        return self.now or self.then

    @property
    def state(self):
        """`(kind, icon, words)`."""
        if self.then is None:
            return "ok", "plus", "doszedł"
        return ("watch", "cross", "ubył") if self.now is None else ("info", "pencil", "zmieniony")


@dataclass(frozen=True)
class LineNow:
    """A line of the report beside the same line of now."""

    then: object
    now: object

    @property
    def change(self):
        return self.now.cumulative - self.then.cumulative


@dataclass(frozen=True)
class NumberNow:
    """Another number that the report prints, no longer what it was."""

    label: str
    then: int | None
    now: int | None
    author: Author


@dataclass(frozen=True)
class Comparison:
    lines: list
    differences: list
    numbers: list

    @classmethod
    @names_read_once()
    def of(cls, report):
        """Of a closed report; a fixed number of queries, as many as a report takes to gather."""
        kept = IndicatorReport.of_json(report.document)
        live = IndicatorReport.gather(report.project, report.kind, report.period)
        found = list(pairs(kept, live))
        records, others = _explained(report)
        entries = [one for pair in found for one in (pair.then, pair.now) if one]
        causes = ChangeCauses(report.project, entries, report.closed_at)
        return cls(
            lines=[LineNow(then, now) for then, now in _in_both(kept.lines, live.lines)],
            differences=[
                RecordDifference(
                    line=pair.line,
                    then=pair.then,
                    now=pair.now,
                    words=_words(kept, live, pair),
                    author=records.get(pair.key) or (changes[0].author if changes else Author()),
                    changes=changes,
                    url=causes.page(pair.entry.code),
                )
                for pair, changes in zip(found, _changes(causes, found), strict=True)
            ],
            numbers=[
                NumberNow(label, said, now, others.get(label, Author()))
                for label, (said, now) in numbers(kept, live).items()
                if said != now
            ],
        )

    @property
    def changed_lines(self):
        return [line for line in self.lines if line.change]

    @property
    def is_none(self):
        return not (self.differences or self.numbers)


def numbers(kept, live):
    """`{label: (as reported, as it would be now)}` of every number a report prints."""
    names = {then.code: now.label for then, now in _in_both(kept.lines, live.lines)}
    said, now = _printed(kept, names), _printed(live, names)
    return {
        label: (said.get(label, 0), now.get(label, 0)) for label in dict.fromkeys([*said, *now])
    }


TOTALS = {
    "services": "usługi",
    "minutes": "minuty wsparcia",
    "minutes_approved": "minuty zatwierdzone",
    "person_minutes": "osobominuty",
}


def _printed(report, names):
    """The numbers of the indicators named (`{code: label}`) and the totals, the first ones first.

    Those of today's program: an indicator declared since the closing was not reported.
    """
    lines = [(names[line.code], line) for line in report.lines if line.code in names]
    found = {name: line.cumulative for name, line in lines}
    found |= {f"{name}, w okresie": line.in_period for name, line in lines}
    found |= {f"{name}, cel": line.target for name, line in lines}
    for code, words in TOTALS.items():
        found |= {words: report.totals_whole[code], f"{words}, w okresie": report.totals[code]}
    for name, line in lines:
        for split, counts in line.splits.items():
            recent = line.splits_in_period[split]
            found |= {f"{name}, {part}": n for part, n in counts.items()}
            found |= {f"{name}, {part}, w okresie": n for part, n in recent.items()}
    for row in report.activities:
        activity = f"działanie {row['activity'] or NOT_GIVEN}"
        found |= {f"{activity}, {words}": row[column] for column, words in WORK.items()}
    return found


WORK = {"services": "usługi", "minutes": "minuty", "entities": "podmioty"}


@dataclass(frozen=True)
class ChangedEntry:
    """A record that is not the same in a report and now; one side may be None."""

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
    def words(self):
        """What saving will have done to the record: "PES: ubył Spółdzielnia Zorza (P12)"."""
        entry = self.entry
        name = entry.label if entry.label == entry.code else f"{entry.label} ({entry.code})"
        fate = "dochodzi" if self.then is None else "zmienia się" if self.now else "wypada"
        return f"{self.line.label}: {fate} {name}"


def pairs(kept, live):
    """A `ChangedEntry` of each record that differs, by indicator and code."""
    for then_annex, annex in _in_both(kept.annexes, live.annexes):
        then = {entry.code: entry for entry in then_annex.entries}
        now = {entry.code: entry for entry in annex.entries}
        for code in sorted(then.keys() | now.keys()):
            before, after = then.get(code), now.get(code)
            facts = _facts(annex, after) if after else None
            if before is None or facts != _facts(then_annex, before):
                yield ChangedEntry(annex, before, after, facts)


def _in_both(then, now):
    """`(then, now)` of each indicator of the report."""
    known = {one.code: one for one in now}
    return [(one, known[one.code]) for one in then if one.code in known]


# What annexes called a column before: the same column, not a change.
CALLED_BEFORE = {"Pracownik": "Kadra"}


def _printed_of(annex, entry):
    """`(title, value)` of an entry as an annex would print it today."""
    for column, value in zip(annex.columns, entry.values, strict=True):
        title = CALLED_BEFORE.get(column.title, column.title)
        yield title, covered(value) if title in TYPED else value


def _facts(annex, entry):
    """What is compared: every printed value by its column, the day and what decided."""
    printed = _printed_of(annex, entry)
    told = {title: value for title, value in printed if value not in ("", None)}
    return told, entry.counted_on, entry.decided_by


def _words(kept, live, pair):
    """What changed in a record on both sides, in words: "Gmina siedziby: Płock → Gąbin"."""
    if pair.then is None or pair.now is None:
        return []
    before = dict(_cells(kept, pair.line, pair.then))
    after = dict(_cells(live, pair.line, pair.now))
    return [
        f"{title}: {_shown(before.get(title))} → {_shown(after.get(title))}"
        for title in dict.fromkeys([*before, *after])
        if before.get(title) != after.get(title)
    ]


def _cells(report, line, entry):
    annex = next(annex for annex in report.annexes if annex.code == line.code)
    for title, value in _printed_of(annex, entry):
        if value not in ("", None):
            yield title, value


def _shown(value):
    return day(value) if hasattr(value, "year") else value or "brak"


def _explained(report):
    """`(by record, by number)`: the last change of each that was given a reason; one query."""
    records, others = {}, {}
    for change in report.changes.select_related("by").order_by("at", "pk"):
        author = Author(str(change.by or "program"), change.at, change.reason)
        records |= {tuple(key): author for key in change.records}
        others |= dict.fromkeys(change.numbers, author)
    return records, others


def _changes(causes, found):
    """Of each pair the changes that touch it, else those of the same record elsewhere."""
    changes = [causes.of([one for one in (pair.then, pair.now) if one]) for pair in found]
    # What took a record out of one indicator brought it into another.
    known = {pair.entry.code: own for pair, own in zip(found, changes, strict=True) if own}
    return [
        own or known.get(pair.entry.code, []) for pair, own in zip(found, changes, strict=True)
    ]
