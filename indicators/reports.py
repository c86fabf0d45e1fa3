"""The report of indicators to the funder: gathered once, then printed as PDF or written as xlsx.

People appear as code, K or M, the entity they represented and the day; never by name.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from entities.models import Entity, LocalGovernment, Person
from indicators.charts import report_chart
from indicators.conditions import SUPPORT
from indicators.counting import Scope, Series
from indicators.definitions import INDICATORS
from indicators.models import Report, Target
from indicators.rows import Rows
from indicators.totals import by_activity, totals
from owes.exports import Workbook
from owes.folding import sort_key
from owes.pdf import render
from owes.periods import Period
from support.models import StaffMember


@dataclass(frozen=True)
class Entry:
    """A counted record with the objects of its deciding row; those it does not name are None."""

    record: object
    is_in_period: bool
    service: object
    entity: object
    adoption: object
    partnership: object
    training: object

    @property
    def counted_on(self):
        return self.record.counted_on


@dataclass(frozen=True)
class Column:
    """A column of an annex; `kind` is "text", "day" or "code"."""

    title: str
    value: Callable
    kind: str = "text"


COUNTED_ON = Column("Liczy się od", lambda entry: entry.counted_on, "day")
SERVICE = Column(
    "Usługa", lambda entry: entry.service.printed_number if entry.service else "", "code"
)

# What is printed of a record, by what the record is. A column empty in every row is left out.
LAYOUTS = {
    Entity: [
        Column("Nazwa", lambda entry: entry.record.name),
        Column("Kod", lambda entry: entry.record.code, "code"),
        Column("Forma prawna", lambda entry: entry.record.get_legal_form_display()),
        Column("Gmina siedziby", lambda entry: str(entry.record.seat or "")),
        Column("Wdrożenie", lambda entry: entry.adoption.description if entry.adoption else ""),
        COUNTED_ON,
        SERVICE,
    ],
    Person: [
        Column("Kod osoby", lambda entry: entry.record.code, "code"),
        Column("K/M", lambda entry: entry.record.sex),
        Column("Reprezentowany podmiot", lambda entry: entry.entity.name),
        Column("Kod podmiotu", lambda entry: entry.entity.code, "code"),
        COUNTED_ON,
        SERVICE,
    ],
    LocalGovernment: [
        Column("Samorząd", lambda entry: str(entry.record)),
        Column("Kod", lambda entry: entry.record.code, "code"),
        Column("Pierwsza współpraca", lambda entry: entry.partnership.get_kind_display()),
        Column("Dokument", lambda entry: entry.partnership.document_number),
        COUNTED_ON,
    ],
    StaffMember: [
        Column("Pracownik", lambda entry: entry.record.name),
        Column("Szkolenie", lambda entry: entry.training.topic),
        Column("Organizator", lambda entry: entry.training.organiser),
        Column("Zaświadczenie", lambda entry: entry.training.certificate_number),
        COUNTED_ON,
    ],
}
RELATED = {Entity: ["seat"], LocalGovernment: [], Person: [], StaffMember: []}


@dataclass(frozen=True)
class Annex:
    """The records an indicator counted from the project's start to the end of the period."""

    indicator: object
    columns: list
    entries: list

    @property
    def title(self):
        return f"{self.indicator.short_name} ({len(self.entries)})"

    def rows(self):
        """`(entry, [(column, value)])` of each record, oldest first."""
        for entry in self.entries:
            yield entry, [(column, column.value(entry)) for column in self.columns]


@dataclass(frozen=True)
class Line:
    """An indicator in the table of results. `percent` of the target is None without one."""

    indicator: object
    target: int | None
    means_of_verification: str
    in_period: int
    cumulative: int
    series: Series
    splits: dict
    splits_in_period: dict

    @property
    def percent(self):
        return self.cumulative / self.target if self.target else None

    @property
    def is_reached(self):
        return self.target is not None and self.cumulative >= self.target


@dataclass(frozen=True)
class IndicatorReport:
    """Everything a report prints, of its `period` and of the `whole` from the start to its end."""

    project: object
    kind: str
    period: Period
    whole: Period
    made_on: date
    lines: list
    annexes: list
    activities: list
    totals: dict
    totals_whole: dict

    @classmethod
    def gather(cls, project, kind, period, made_on=None, tell=lambda done, total: None):
        """Reads everything once; `tell` hears of each step done, printing being the last."""
        scope = Scope.of(project)
        whole = Period(min(project.starts_on, period.start), period.end)
        targets = Target.objects.in_force(project, period.end)
        lines, annexes = [], []
        for number, indicator in enumerate(INDICATORS.values(), start=1):
            lines.append(_line(scope, indicator, targets, period, whole))
            annexes.append(_annex(scope, indicator, period, whole))
            tell(number, len(INDICATORS) + 1)
        return cls(
            project=project,
            kind=Report.Kind(kind).label,
            period=period,
            whole=whole,
            made_on=made_on or timezone.localdate(),
            lines=lines,
            annexes=annexes,
            activities=by_activity(scope, whole),
            totals=totals(scope, period),
            totals_whole=totals(scope, whole),
        )

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
        """The lines that share one evidence and are disjoint: an entity is a PES or a PS."""
        return [line for line in self.lines if line.indicator.evidence is SUPPORT]

    @property
    def supported_entities(self):
        return sum(line.cumulative for line in self.supported)

    @property
    def supported_entities_in_period(self):
        return sum(line.in_period for line in self.supported)

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


def _line(scope, indicator, targets, period, whole):
    series = Series(indicator.days(scope))
    target = targets.get(indicator.code)
    return Line(
        indicator=indicator,
        target=target.value if target else None,
        means_of_verification=target.means_of_verification if target else "",
        in_period=series.within(period),
        cumulative=series.within(whole),
        series=series,
        splits={name: indicator.split(scope, name, whole) for name in indicator.splits},
        splits_in_period={name: indicator.split(scope, name, period) for name in indicator.splits},
    )


def _annex(scope, indicator, period, whole):
    counted = indicator.counted(scope, whole)
    counted = counted.select_related(*RELATED[counted.model])
    records = list(indicator.with_deciding(scope, counted))
    rows = Rows.of(record.deciding for record in records)
    entries = [
        Entry(
            record=record,
            is_in_period=record.counted_on in period,
            service=rows.service(record.deciding),
            entity=rows.entity(record.deciding),
            adoption=rows.adoption(record.deciding),
            partnership=rows.partnership(record.deciding),
            training=rows.training(record.deciding),
        )
        for record in records
    ]
    columns = [
        column
        for column in LAYOUTS[counted.model]
        if any(column.value(entry) for entry in entries)
    ]
    return Annex(indicator=indicator, columns=columns, entries=entries)


SPLIT_NAMES = {"sex": "płeć", "powiat": "powiat"}
SEXES = [("K", "kobiety"), ("M", "mężczyźni")]


def render_pdf(report, mark="wersja robocza"):
    """The PDF of a report; every page bears the mark, in the demo also that the data are samples.

    Raises `PdfUnavailable` where the system libraries are missing.
    """
    marks = ["Dane przykładowe"] * settings.DEMO + [mark] * bool(mark)
    html = render_to_string(
        "indicators/report_pdf.html",
        {
            "report": report,
            "mark": ", ".join(marks),
            "area": report.project.area.order_by("level", "sort_key"),
            "logotypes": picture(report.project.logotype_strip),
            "sexes": SEXES,
            "charts": [(line, _drawing(report, line)) for line in report.lines],
            "place": report.project.contractor.rpartition(", ")[2],
        },
    )
    return render(html)


def _drawing(report, line):
    months = list(report.whole.months())
    values = line.series.cumulative(report.whole)
    return report_chart(
        line.indicator.short_name, [month.start for month in months], values, line.target
    )


def picture(file):
    """A stored picture as a `data:` URL, the only kind the renderer reads."""
    if not file:
        return ""
    with file.open("rb") as content:
        data = content.read()
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def render_xlsx(report):
    """The same report as sheets: parameters, results, months, activities, an annex each."""
    book = Workbook()
    book.parameters(
        [
            ("Projekt", report.project.title),
            ("Raport", report.kind),
            ("Okres od", report.period.start),
            ("Okres do", report.period.end),
            ("Narastająco od", report.whole.start),
            ("Stan danych", report.made_on),
            ("Usługi w okresie", report.totals["services"]),
            ("Minuty wsparcia w okresie", report.totals["minutes"]),
            ("Minuty zatwierdzone w okresie", report.totals["minutes_approved"]),
            ("Osobominuty w okresie", report.totals["person_minutes"]),
        ]
    )
    book.sheet(
        "Wyniki",
        [
            "Lp.",
            "Nazwa rezultatu",
            "Wartość docelowa",
            "W okresie",
            "Narastająco",
            "Udział celu",
            "Jak policzono",
            "Źródło weryfikacji",
        ],
        [
            [
                number,
                line.indicator.name,
                line.target,
                line.in_period,
                line.cumulative,
                line.percent,
                line.indicator.rule,
                line.means_of_verification,
            ]
            for number, line in enumerate(report.lines, start=1)
        ],
    )
    book.sheet(
        "Podziały",
        ["Wskaźnik", "Podział", "Wartość", "W okresie", "Narastająco"],
        [
            [
                line.indicator.short_name,
                SPLIT_NAMES[name],
                label,
                line.splits_in_period[name].get(label, 0),
                count,
            ]
            for line in report.lines
            for name, counts in line.splits.items()
            for label, count in counts.items()
        ],
    )
    book.sheet(
        "Miesiące",
        ["Miesiąc", *(line.indicator.label for line in report.lines)],
        zip(
            [month.start for month in report.whole.months()],
            *(line.series.cumulative(report.whole) for line in report.lines),
            strict=True,
        ),
    )
    book.sheet(
        "Działania",
        ["Działanie", "Usługi", "Minuty", "Podmioty"],
        [
            [row["activity"] or "nie podano", row["services"], row["minutes"], row["entities"]]
            for row in report.activities
        ],
    )
    for number, annex in enumerate(report.annexes, start=1):
        book.sheet(
            f"{number} {annex.indicator.label}",
            [*(column.title for column in annex.columns), "W okresie"],
            [
                [*(value for _, value in cells), entry.is_in_period]
                for entry, cells in annex.rows()
            ],
        )
    return book.bytes()
