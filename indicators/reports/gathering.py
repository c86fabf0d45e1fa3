"""The report of indicators to the funder: gathered once, as plain values that can be kept.

What a report prints is all in these values, so a report kept as JSON prints the same two years
later, whatever became of the records. People appear as code, K or M, the entity they represented
and the day; never by name.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from entities.models import Entity, LocalGovernment, Person
from indicators.counting.conditions import SUPPORT
from indicators.counting.definitions import INDICATORS
from indicators.counting.engine import Series
from indicators.counting.proofs import Proofs
from indicators.counting.rows import SourceRows
from indicators.counting.totals import by_activity, totals
from indicators.models import Report, Target
from indicators.reports.annex5 import OfficialReport
from indicators.scope import Scope
from owes.folding import sort_key
from owes.formatting import NOT_GIVEN
from owes.free_text import covered, withheld
from owes.periods import Period
from owes.personal_data import names_read_once
from support.models import StaffMember
from support.papers.logotypes import picture


@dataclass(frozen=True)
class Counted:
    """A counted record with the objects of its deciding row; those it does not name are None.

    `labels` say where it stands in each split of its indicator.
    """

    record: object
    service: object
    entity: object
    adoption: object
    partnership: object
    training: object
    labels: dict

    @property
    def counted_on(self):
        return self.record.counted_on

    def decided_by(self):
        """Codes of what the deciding row names, by kind; a training has its topic."""
        coded = ("service", "entity", "adoption", "partnership")
        found = {name: row.code for name in coded if (row := getattr(self, name))}
        return found | ({"training": self.training.topic} if self.training else {})


@dataclass(frozen=True)
class Printed:
    """What an annex prints of a record; its column is a "text", "word", "day" or "code".

    `is_typed` of what people type freely: it is covered where it leads to somebody.
    """

    title: str
    read: Callable
    kind: str = "text"
    is_typed: bool = False

    def value(self, entry):
        value = self.read(entry)
        return covered(value) if self.is_typed else value


COUNTED_ON = Printed("Liczy się od", lambda entry: entry.counted_on, "day")
SERVICE = Printed(
    "Usługa", lambda entry: entry.service.printed_number if entry.service else "", "code"
)

TRAINING = "Szkolenie"
# What is printed of a record, by what the record is. A column empty in every row is left out.
LAYOUTS = {
    Entity: [
        Printed("Nazwa", lambda entry: entry.record.name),
        Printed("Kod", lambda entry: entry.record.code, "code"),
        Printed("Forma prawna", lambda entry: entry.record.get_legal_form_display()),
        Printed("Gmina siedziby", lambda entry: str(entry.record.seat or "")),
        Printed(
            "Wdrożenie",
            lambda entry: entry.adoption.description if entry.adoption else "",
            is_typed=True,
        ),
        COUNTED_ON,
        SERVICE,
    ],
    Person: [
        Printed("Kod osoby", lambda entry: entry.record.code, "code"),
        Printed("K/M", lambda entry: entry.record.sex, "word"),
        Printed("Reprezentowany podmiot", lambda entry: entry.entity.name),
        Printed("Kod podmiotu", lambda entry: entry.entity.code, "code"),
        COUNTED_ON,
        SERVICE,
    ],
    LocalGovernment: [
        Printed("Samorząd", lambda entry: str(entry.record)),
        Printed("Kod", lambda entry: entry.record.code, "code"),
        Printed("Pierwsza współpraca", lambda entry: entry.partnership.get_kind_display()),
        Printed("Dokument", lambda entry: entry.partnership.document_number, is_typed=True),
        COUNTED_ON,
    ],
    StaffMember: [
        Printed("Kadra", lambda entry: entry.record.name),
        Printed(TRAINING, lambda entry: entry.training.topic, is_typed=True),
        Printed("Organizator", lambda entry: entry.training.organiser, is_typed=True),
        Printed("Zaświadczenie", lambda entry: entry.training.certificate_number, is_typed=True),
        COUNTED_ON,
    ],
}
TYPED = {one.title for layout in LAYOUTS.values() for one in layout if one.is_typed}
RELATED = {Entity: ["seat"], LocalGovernment: [], Person: [], StaffMember: []}


@dataclass(frozen=True)
class ProjectFacts:
    """What a report prints of its project; `strip` is the picture of the logotypes, or empty."""

    slug: str
    name: str
    title: str
    contractor: str
    funder: str
    contract_number: str
    contract_date: date | None
    legal_citation: str
    funding_sentence: str
    logotypes: list
    strip: str
    area: list

    @classmethod
    def of(cls, project):
        columns = cls.__dataclass_fields__.keys() - {"logotypes", "strip", "area"}
        return cls(
            **{name: getattr(project, name) for name in columns},
            logotypes=project.logotypes.splitlines(),
            strip=picture(project.logotype_strip),
            area=[str(one) for one in project.area.order_by("level", "sort_key")],
        )

    @property
    def place(self):
        return self.contractor.rpartition(", ")[2]


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in the table of results; `months` are the values at the ends of months."""

    code: str
    name: str
    short_name: str
    label: str
    rule: str
    summary: str
    is_support: bool
    target: int | None
    means_of_verification: str
    in_period: int
    cumulative: int
    months: list
    splits: dict
    splits_in_period: dict
    without_proof: int | None = None  # of the cumulative ones; not told before this was counted

    @property
    def percent(self):
        """The share of the target, None without one."""
        return self.cumulative / self.target if self.target else None

    @property
    def is_reached(self):
        return self.target is not None and self.cumulative >= self.target


@dataclass(frozen=True)
class AnnexColumn:
    title: str
    kind: str


@dataclass(frozen=True)
class AnnexEntry:
    """A counted record as it was: what an annex prints, and the codes of what decided."""

    code: str
    label: str
    counted_on: date
    is_in_period: bool
    values: list
    decided_by: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Annex:
    """The records an indicator counted from the project's start to the end of the period."""

    code: str
    short_name: str
    label: str
    columns: list
    entries: list

    @property
    def title(self):
        return f"{self.short_name} ({len(self.entries)})"

    def rows(self):
        """`(entry, [(column, value)])` of each record, oldest first."""
        for entry in self.entries:
            yield entry, list(zip(self.columns, entry.values, strict=True))

    def decided_by(self, entry):
        """What decided about an entry, as it may be told: a training as its column was printed."""
        titles = [column.title for column in self.columns]
        told = dict(zip(titles, entry.values, strict=True))
        found = entry.decided_by
        return found | {"training": told.get(TRAINING, "")} if "training" in found else found


@dataclass(frozen=True)
class IndicatorReport:
    """Everything a report prints, of its `period` and of the `whole` from the start to its end."""

    project: ProjectFacts
    kind: str
    period: Period
    whole: Period
    made_on: date
    lines: list
    annexes: list
    activities: list
    totals: dict
    totals_whole: dict
    title: str = "Raport roboczy"
    closed_at: str = ""
    identifier: str = ""
    official: OfficialReport | None = None
    reading: dict | None = None  # not told before readings of the contract were kept
    site: str = ""  # where its links lead; not told before reports had links

    @classmethod
    def gather(cls, project, kind, period, made_on=None, tell=lambda done, total: None):
        """Reads everything once; `tell` hears of each step done, printing being the last.

        The same whoever asks: what it prints of texts is covered where it leads to somebody.
        """
        whole = Period(min(project.starts_on, period.start), period.end)
        with withheld(False), names_read_once():
            return Gathering(project, whole, tell).report(kind, period, made_on)

    def drafted(self, report):
        """With what the official report adds of its draft."""
        return replace(self, title=report.title, official=OfficialReport.of(report, self))

    def closed(self, report):
        """With the number and the moment of its closing, which its file prints."""
        return replace(
            self.drafted(report),
            closed_at=report.closed_at.astimezone(UTC).isoformat(timespec="seconds"),
            identifier=f"{self.project.slug}-{report.pk}",
        )

    @property
    def closing(self):
        """The moment of closing, or None of a draft."""
        return datetime.fromisoformat(self.closed_at) if self.closed_at else None

    def as_json(self):
        """Plain values, days and amounts as texts: what `of_json` makes the same report of.

        A report closed before these parts were kept with it stays, word for word, as it was.
        """
        plain = asdict(self, dict_factory=_plain)
        for part in ("official", "reading", "site"):
            if not plain[part]:
                del plain[part]
        return plain

    @classmethod
    def of_json(cls, kept):
        found = dict(kept)
        facts = found["project"]
        found["project"] = ProjectFacts(**facts | {"contract_date": _day(facts["contract_date"])})
        found["lines"] = [_line_of(line) for line in found["lines"]]
        found["annexes"] = [_annex_of(annex) for annex in found["annexes"]]
        for name in ("period", "whole"):
            found[name] = Period(_day(found[name]["start"]), _day(found[name]["end"]))
        found["made_on"] = _day(found["made_on"])
        if "official" in found:
            found["official"] = OfficialReport.of_json(found["official"])
        return cls(**found)

    @property
    def is_final(self):
        return self.kind == Report.Kind.FINAL.label

    @property
    def lacks_costs(self):
        """Whether a final report has nothing in part II that the program was to print."""
        costs = self.official.costs
        return self.is_final and costs.is_empty and not costs.is_left_to_accounting

    @property
    def targeted(self):
        return [line for line in self.lines if line.target is not None]

    @property
    def reached(self):
        return [line for line in self.targeted if line.is_reached]

    @property
    def missing(self):
        return [line for line in self.targeted if not line.is_reached]

    @property
    def supported(self):
        """The lines that share one evidence: an entity is a PES or a PS, or a PS is a PES too."""
        return [line for line in self.lines if line.is_support]

    @property
    def supported_entities(self):
        return self._together([line.cumulative for line in self.supported])

    @property
    def supported_entities_in_period(self):
        return self._together([line.in_period for line in self.supported])

    def _together(self, counts):
        nested = self.reading and self.reading["ps_within_pes"]
        return max(counts) if nested else sum(counts)

    @property
    def by_sex(self):
        return [line for line in self.lines if "sex" in line.splits]

    @property
    def by_powiat(self):
        return [line for line in self.lines if "powiat" in line.splits]

    def powiats(self):
        """`(powiat, [count of each of by_powiat])` in Polish order."""
        names = {name for line in self.by_powiat for name in line.splits["powiat"]}
        return [
            (name, [line.splits["powiat"].get(name, 0) for line in self.by_powiat])
            for name in sorted(names, key=sort_key)
        ]

    @property
    def file_name(self):
        start, end = self.period.start.isoformat(), self.period.end.isoformat()
        return f"raport-wskaznikow-{self.project.slug}-{start}-{end}"


def _plain(pairs):
    return {key: _text(value) for key, value in pairs}


def _text(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return [_text(one) for one in value] if isinstance(value, list | tuple) else value


def _day(text):
    return date.fromisoformat(text) if text else None


def _line_of(kept):
    """PostgreSQL keeps no order of the labels, and a file must be the same from any database."""
    ordered = {
        name: {split: dict(sorted(counts.items())) for split, counts in kept[name].items()}
        for name in ("splits", "splits_in_period")
    }
    return IndicatorLine(**kept | ordered)


def _annex_of(kept):
    columns = [AnnexColumn(**column) for column in kept["columns"]]
    entries = [
        AnnexEntry(
            **entry
            | {
                "counted_on": _day(entry["counted_on"]),
                "values": [
                    _day(value) if column.kind == "day" else value
                    for column, value in zip(columns, entry["values"], strict=True)
                ],
            }
        )
        for entry in kept["entries"]
    ]
    return Annex(**kept | {"columns": columns, "entries": entries})


class Gathering:
    """What counts in a project on the days of `whole`, read once.

    Any report whose days, from the project's start, lie inside them is made of it.
    """

    def __init__(self, project, whole, tell=lambda done, total: None):
        self.project, self.whole, self.tell = project, whole, tell
        self.scope = Scope.of(project)
        self.proofs = Proofs(project)
        self._found = {}

    def counted(self, scope):
        """The counted of each indicator as the contract is read in the scope."""
        reading = scope.reading.pk
        if reading not in self._found:
            found = self._found[reading] = {}
            for number, (code, indicator) in enumerate(INDICATORS.items(), start=1):
                found[code] = _counted(scope, indicator, self.whole)
                self.tell(number, len(INDICATORS) + 1)
        return self._found[reading]

    def report(self, kind, period, made_on=None):
        project, scope = self.project, self.scope.at(period.end)
        whole = Period(min(project.starts_on, period.start), period.end)
        targets = Target.objects.in_force(project, period.end)
        found = {
            code: [one for one in counted if one.counted_on in whole]
            for code, counted in self.counted(scope).items()
        }
        return IndicatorReport(
            project=ProjectFacts.of(project),
            kind=Report.Kind(kind).label,
            period=period,
            whole=whole,
            made_on=made_on or timezone.localdate(),
            lines=[
                _line(scope, indicator, found[code], targets.get(code), period, whole, self.proofs)
                for code, indicator in INDICATORS.items()
            ],
            annexes=[
                _annex(scope, indicator, found[code], period)
                for code, indicator in INDICATORS.items()
            ],
            activities=by_activity(scope, whole),
            totals=totals(scope, period),
            totals_whole=totals(scope, whole),
            reading=scope.reading.as_said(),
            site=settings.SITE_ADDRESS,
        )


def _counted(scope, indicator, whole):
    counted = indicator.counted(scope, whole)
    splits = {f"in_{name}": label(indicator, scope) for name, label in indicator.splits.items()}
    counted = counted.select_related(*RELATED[counted.model]).annotate(**splits)
    records = list(indicator.with_deciding(scope, counted))
    rows = SourceRows.bare(record.deciding for record in records)
    return [
        Counted(
            record=record,
            service=rows.service(record.deciding),
            entity=rows.entity(record.deciding),
            adoption=rows.adoption(record.deciding),
            partnership=rows.partnership(record.deciding),
            training=rows.training(record.deciding),
            labels={name: getattr(record, f"in_{name}") or NOT_GIVEN for name in indicator.splits},
        )
        for record in records
    ]


def _line(scope, indicator, counted, target, period, whole, proofs):
    series = Series(Counter(one.counted_on for one in counted))
    recent = [one for one in counted if one.counted_on in period]
    return IndicatorLine(
        code=indicator.code,
        name=indicator.name,
        short_name=indicator.short_name,
        label=indicator.label,
        rule=indicator.rule_in(scope),
        summary=indicator.summary,
        is_support=indicator.evidence is SUPPORT,
        target=target.value if target else None,
        means_of_verification=target.means_of_verification if target else "",
        in_period=series.within(period),
        cumulative=series.within(whole),
        months=series.cumulative(whole),
        splits={name: _split(counted, name) for name in indicator.splits},
        splits_in_period={name: _split(recent, name) for name in indicator.splits},
        without_proof=sum(proofs.lack(one.record.deciding) for one in counted),
    )


def _split(counted, name):
    """As `Indicator.split`, of what is read already; ordered alike on every database."""
    return dict(sorted(Counter(one.labels[name] for one in counted).items()))


def _annex(scope, indicator, counted, period):
    printed_of = LAYOUTS[indicator.candidates(scope).model]
    layout = [one for one in printed_of if any(map(one.value, counted))]
    return Annex(
        code=indicator.code,
        short_name=indicator.short_name,
        label=indicator.label,
        columns=[AnnexColumn(one.title, one.kind) for one in layout],
        entries=[
            AnnexEntry(
                code=getattr(one.record, indicator.record_code),
                label=printed_of[0].value(one),
                counted_on=one.counted_on,
                is_in_period=one.counted_on in period,
                values=[printed.value(one) for printed in layout],
                decided_by=one.decided_by(),
            )
            for one in counted
        ],
    )
