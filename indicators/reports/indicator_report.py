"""The report of indicators to the funder, as plain values that can be kept.

What a report prints is all in these values, so a report kept as JSON prints the same two years
later, whatever became of the records.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from indicators.models import Report
from indicators.reports.annex5 import OfficialReport
from indicators.reports.annexes import annex_of_json, day_of_json
from owes.folding import sort_key
from owes.formatting import HOURS, amount, day, percent1
from owes.periods import Period
from owes.pictures import picture

OF_RULE = ("achieved", "blocks", "ruled_from")


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
            area=[str(place) for place in project.area.order_by("level", "sort_key")],
        )

    @property
    def place(self):
        return self.contractor.rpartition(", ")[2]


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in the table of results; `months` are the values at the ends of months.

    `planned` is what milestones ask for by the last day of a partial report, None where there are
    none. `is_behind` says whether a reason is asked for: None before this was kept.
    """

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
    without_proof: int | None = None  # of the cumulative ones; None before this was counted
    # The words of a draft's sentence, and the rule it was counted by; empty before they were kept.
    achieved: list = field(default_factory=lambda: ["", ""])
    blocks: list = field(default_factory=list)
    ruled_from: str = ""
    planned: int | None = None
    is_behind: bool | None = None
    changes: list = field(default_factory=list)  # `[day, basis]` of rules that count otherwise
    unit: str = ""  # of every value, as of `owes.formatting.amount`

    @property
    def changed_rules(self):
        """`(day, basis)` since which it counts otherwise than before, within the whole."""
        return [(day_of_json(began_on), basis) for began_on, basis in self.changes]

    @property
    def rule_began_on(self):
        """The day since which the rule held, None before it was kept."""
        return day_of_json(self.ruled_from)

    @property
    def percent(self):
        """The share of the target, None without one."""
        return self.cumulative / self.target if self.target else None

    @property
    def is_reached(self):
        return self.target is not None and self.cumulative >= self.target

    def said(self, value):
        return amount(value, self.unit)

    @property
    def whole_number(self):
        """The value as a text is to say it in digits; None of hours that are not whole."""
        if self.unit != HOURS:
            return self.cumulative
        return None if self.cumulative % 60 else self.cumulative // 60

    @property
    def of_target(self):
        return f"{self.said(self.cumulative)} z {self.said(self.target)}"

    @property
    def meets_plan(self):
        return self.planned is not None and self.cumulative >= self.planned


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
    reading: dict | None = None  # `sentences` of how it is counted; None before they were kept
    site: str = ""  # where its links lead; empty before reports had links

    def drafted(self, report):
        """With the texts and costs of the draft of the official report."""
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
        for line in plain["lines"]:
            if not line["blocks"]:
                for name in OF_RULE:
                    del line[name]
            for part in ("planned", "is_behind", "changes", "unit"):
                if line[part] in (None, [], ""):
                    del line[part]
        return plain

    @classmethod
    def of_json(cls, data):
        values = dict(data)
        facts = values["project"]
        contract_date = day_of_json(facts["contract_date"])
        values["project"] = ProjectFacts(**facts | {"contract_date": contract_date})
        values["lines"] = [_line_of_json(line) for line in values["lines"]]
        values["annexes"] = [annex_of_json(annex) for annex in values["annexes"]]
        for name in ("period", "whole"):
            days = values[name]
            values[name] = Period(day_of_json(days["start"]), day_of_json(days["end"]))
        values["made_on"] = day_of_json(values["made_on"])
        if "official" in values:
            values["official"] = OfficialReport.of_json(values["official"])
        return cls(**values)

    @property
    def is_final(self):
        return self.kind == Report.Kind.FINAL.label

    @property
    def unexplained(self):
        """What a final report may not leave out: why a target was not met."""
        return self.official.unexplained if self.is_final else []

    @property
    def gaps(self):
        """What may stay with a reason: texts that are missing, or without today's number."""
        unexplained = self.unexplained
        return [field for field in self.official.gaps if field not in unexplained]

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
    def planned(self):
        """The lines measured by what was due by the last day, and not by the whole target."""
        return [line for line in self.lines if line.planned is not None]

    @property
    def counts_otherwise(self):
        """Whether the rule of a line changed within the whole."""
        return any(line.changes for line in self.lines)

    @property
    def has_units(self):
        return any(line.unit for line in self.lines)

    @property
    def on_plan(self):
        return [line for line in self.planned if line.meets_plan]

    @property
    def behind(self):
        """Those whose reason is asked for: in a final report, of each target not reached."""
        return [line for line in self.missing if line.is_behind is not False]

    def lacking(self):
        """`(line, how far it is)` of targets not reached yet."""
        for line in self.missing:
            words = f"{line.of_target} ({percent1(line.percent)})"
            yield line, words if line.planned is None else self.beside_plan(line)

    def beside_plan(self, line):
        """ "12 z 11 zaplanowanych na 31.12.2022 (45 na koniec)"."""
        return (
            f"{line.said(line.cumulative)} z {line.said(line.planned)} zaplanowanych na "
            f"{day(self.period.end)} ({line.said(line.target)} na koniec)"
        )

    @property
    def supported(self):
        """The lines that count entities by their support days, such as PES and PS."""
        return [line for line in self.lines if line.is_support]

    @property
    def supported_entities(self):
        return len({entry.code for entry in self._supporting_entries})

    @property
    def supported_entities_in_period(self):
        return len({entry.code for entry in self._supporting_entries if entry.is_in_period})

    @property
    def _supporting_entries(self):
        """Each entity once for every line of support it counts in."""
        codes = {line.code for line in self.supported}
        return [entry for annex in self.annexes if annex.code in codes for entry in annex.entries]

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
    return [_text(item) for item in value] if isinstance(value, list | tuple) else value


def _line_of_json(data):
    """PostgreSQL keeps no order of the labels, and a file must be the same from any database."""
    ordered = {
        name: {split: dict(sorted(counts.items())) for split, counts in data[name].items()}
        for name in ("splits", "splits_in_period")
    }
    return IndicatorLine(**data | ordered)
