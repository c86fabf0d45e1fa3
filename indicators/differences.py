"""What a closed report said and the records say now: the live difference, record by record."""

from dataclasses import dataclass
from datetime import datetime

from entities.models import Entity, Person, SocialEnterpriseStatus
from indicators.reports import IndicatorReport
from owes.formatting import day
from support.models import (
    Adoption,
    AdoptionService,
    Attendance,
    Partnership,
    Recipient,
    Service,
    Session,
)


@dataclass(frozen=True)
class Author:
    """Who changed what was reported, when, and the reason given; unknown is empty."""

    name: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Difference:
    """A record of an indicator as the report has it and as it is; one side may be missing."""

    line: object
    then: object
    now: object
    words: list
    author: Author

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
class Comparison:
    lines: list
    differences: list

    @classmethod
    def of(cls, report):
        """Of a closed report; a fixed number of queries, as many as a report takes to gather."""
        kept = IndicatorReport.of_json(report.document)
        live = IndicatorReport.gather(report.project, report.kind, report.period)
        pairs = [
            (line, then, now)
            for line, then_annex, annex in zip(live.lines, kept.annexes, live.annexes, strict=True)
            for then, now in _pairs(then_annex, annex)
        ]
        authors = _authors(report, pairs)
        return cls(
            lines=[LineNow(then, now) for then, now in zip(kept.lines, live.lines, strict=True)],
            differences=[
                Difference(line, then, now, _words(kept, live, line, then, now), author)
                for (line, then, now), author in zip(pairs, authors, strict=True)
            ],
        )

    @property
    def changed_lines(self):
        return [line for line in self.lines if line.change]


def _pairs(then_annex, annex):
    """`(then, now)` of each record that is not the same on both sides, by code."""
    then = {entry.code: entry for entry in then_annex.entries}
    now = {entry.code: entry for entry in annex.entries}
    for code in sorted(then.keys() | now.keys()):
        before, after = then.get(code), now.get(code)
        if before is None or after is None or _facts(then_annex, before) != _facts(annex, after):
            yield before, after


def _facts(annex, entry):
    """What is compared: every printed value by its column, the day and what decided."""
    printed = {
        column.title: value for column, value in zip(annex.columns, entry.values, strict=True)
    }
    told = {title: value for title, value in printed.items() if value not in ("", None)}
    return told, entry.counted_on, entry.decided_by


def _words(kept, live, line, then, now):
    """What changed in a record on both sides, in words: "Gmina siedziby: Płock → Gąbin"."""
    if then is None or now is None:
        return []
    before = dict(_cells(kept, line, then))
    after = dict(_cells(live, line, now))
    return [
        f"{title}: {_shown(before.get(title))} → {_shown(after.get(title))}"
        for title in dict.fromkeys([*before, *after])
        if before.get(title) != after.get(title)
    ]


def _cells(report, line, entry):
    annex = next(annex for annex in report.annexes if annex.code == line.code)
    for column, value in zip(annex.columns, entry.values, strict=True):
        if value not in ("", None):
            yield column.title, value


def _shown(value):
    return day(value) if hasattr(value, "year") else value or "brak"


def _authors(report, pairs):
    """The last change since the closing of each record, or of what decided about it."""
    entries = [[entry for entry in (then, now) if entry] for _, then, now in pairs]
    changes = _changes(report, [entry for both in entries for entry in both])
    found = [_latest(changes, both) for both in entries]
    # What took a record out of one indicator brought it into another.
    known = {both[0].code: one for both, one in zip(entries, found, strict=True) if one.at}
    return [
        one if one.at else known.get(both[0].code, one)
        for both, one in zip(entries, found, strict=True)
    ]


def _latest(changes, entries):
    keys = {(kind, code) for entry in entries for kind, code in entry.decided_by.items()}
    for entry in entries:
        keys |= {(kind, entry.code) for kind in ("entity", "person")}
    known = [changes[key] for key in keys if key in changes]
    return max(known, key=lambda author: author.at, default=Author())


def _changes(report, entries):
    """`{(kind, code): Author}` of the last change since the closing, by kind of record."""
    codes = {kind: set() for kind in ("service", "entity", "person", "adoption", "partnership")}
    for entry in entries:
        codes["entity"].add(entry.code)
        codes["person"].add(entry.code)
        for kind, code in entry.decided_by.items():
            codes.setdefault(kind, set()).add(code)
    project = report.project
    services = dict(project.services.filter(code__in=codes["service"]).values_list("pk", "code"))
    entities = dict(Entity.objects.filter(code__in=codes["entity"]).values_list("pk", "code"))
    people = dict(Person.objects.filter(code__in=codes["person"]).values_list("pk", "code"))
    adoptions = dict(
        project.adoptions.filter(code__in=codes["adoption"]).values_list("pk", "code")
    )
    acts = dict(
        project.partnerships.filter(code__in=codes["partnership"]).values_list("pk", "code")
    )
    sessions = dict(
        Session.history.filter(service_id__in=services).values_list("id", "service_id").distinct()
    )
    held = {session: services[service] for session, service in sessions.items()}
    found = {}
    for kind, model, column, names in (
        ("service", Service, "id", services),
        ("service", Session, "service_id", services),
        ("service", Recipient, "service_id", services),
        ("service", Attendance, "session_id", held),
        ("entity", Entity, "id", entities),
        ("entity", SocialEnterpriseStatus, "entity_id", entities),
        ("person", Person, "id", people),
        ("adoption", Adoption, "id", adoptions),
        ("adoption", AdoptionService, "adoption_id", adoptions),
        ("partnership", Partnership, "id", acts),
    ):
        for key, author in _last(model, column, names, report.closed_at):
            name = (kind, names[key])
            if name not in found or found[name].at < author.at:
                found[name] = author
    return found


def _last(model, column, keys, since):
    """`(key, Author)` of the rows of history written after the moment, oldest first; one query."""
    reasons = ["history_change_reason"] + ["state_reason"] * (model is Service)
    rows = model.history.filter(**{f"{column}__in": keys}, history_date__gt=since)
    rows = rows.order_by("history_date", "history_id")
    for key, at, name, *told in rows.values_list(
        column, "history_date", "history_user__name", *reasons
    ):
        yield key, Author(name or "program", at, next(filter(None, told), ""))
