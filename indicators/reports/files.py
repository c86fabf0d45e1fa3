"""A report as files: the PDF for the funder, the xlsx and the JSON of the same values."""

import json

from django.conf import settings
from django.template.loader import render_to_string

from entities.models import Person
from owes.charts import report_chart
from owes.exports import Workbook
from owes.formatting import HOURS, NOT_GIVEN, in_unit
from owes.pdf import render

SPLIT_NAMES = {"sex": "płeć", "powiat": "powiat", "activity": "działanie"}
UNITS = {"": "", HOURS: "godz."}
SEXES = [(Person.Sex.WOMAN, "kobiety"), (Person.Sex.MAN, "mężczyźni")]


def render_pdf(report, mark="wersja robocza"):
    """The PDF of a report; every page bears the mark, in the demo also that the data are samples.

    Raises `PdfUnavailable` where the system libraries are missing.
    """
    html = html_of(report, mark)
    if report.closing is None:
        return render(html)
    return render(html, "pdf/a-3a", report.identifier, attached(report))


def html_of(report, mark=""):
    """What the PDF of a report is made of."""
    marks = ["Dane przykładowe"] * settings.DEMO + [mark] * bool(mark)
    return render_to_string(
        "indicators/reports/report_pdf.html",
        {
            "report": report,
            "mark": ", ".join(marks),
            "sexes": SEXES,
            "charts": [(line, _drawing(report, line)) for line in report.lines],
        },
    )


def render_official(report, mark="wersja robocza"):
    """The PDF in the layout of annex 5; of a closed report it carries the data too."""
    marks = ["Dane przykładowe"] * settings.DEMO + [mark] * bool(mark)
    context = {"report": report, "mark": ", ".join(marks)}
    html = render_to_string("indicators/reports/official_pdf.html", context)
    if report.closing is None:
        return render(html)
    identifier = f"{report.identifier}-sprawozdanie"
    return render(html, "pdf/a-3a", identifier, attached(report)[:1])


def attached(report):
    """`(name, bytes, moment)` of the data a closed report carries with it."""
    data = report.as_json()
    data["project"] = data["project"] | {"strip": ""}
    for annex, plain in zip(report.annexes, data["annexes"], strict=True):
        for entry, printed in zip(annex.entries, plain["entries"], strict=True):
            printed["decided_by"] = annex.decided_by(entry)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    return [
        ("dane.json", text.encode(), report.closing),
        ("raport.xlsx", render_xlsx(report), report.closing),
    ]


def _drawing(report, line):
    months = [month.start for month in report.whole.months()]
    changes = [began_on for began_on, _ in line.changed_rules]
    values = [in_unit(value, line.unit) for value in line.months]
    return report_chart(line.short_name, months, values, in_unit(line.target, line.unit), changes)


def _titled(title, unit):
    """The head of a column of numbers."""
    return f"{title} (godz.)" if unit == HOURS else title


def render_xlsx(report):
    """The same report as sheets: parameters, results, months, activities, an annex each."""
    book, reading = Workbook(made_at=report.closing), report.reading
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
            *([("Zasady liczenia", " ".join(reading["sentences"]))] if reading else []),
        ]
    )
    book.sheet(
        "Wyniki",
        [
            "Lp.",
            "Nazwa rezultatu",
            "Wartość docelowa",
            *(["Zaplanowano na koniec okresu"] if report.planned else []),
            "W okresie",
            "Narastająco",
            "W tym bez dowodu",
            "Udział celu",
            "Jak policzono",
            "Źródło weryfikacji",
            *(["Jednostka"] if report.has_units else []),
        ],
        [
            [
                number,
                line.name,
                in_unit(line.target, line.unit),
                *([in_unit(line.planned, line.unit)] if report.planned else []),
                in_unit(line.in_period, line.unit),
                in_unit(line.cumulative, line.unit),
                in_unit(line.without_proof, line.unit),
                line.percent,
                line.rule,
                line.means_of_verification,
                *([UNITS[line.unit]] if report.has_units else []),
            ]
            for number, line in enumerate(report.lines, start=1)
        ],
    )
    book.sheet(
        "Podziały",
        ["Wskaźnik", "Podział", "Wartość", "W okresie", "Narastająco"],
        [
            [
                line.short_name,
                SPLIT_NAMES[name],
                label,
                in_unit(line.splits_in_period[name].get(label, 0), line.unit),
                in_unit(count, line.unit),
            ]
            for line in report.lines
            for name, counts in line.splits.items()
            for label, count in counts.items()
        ],
    )
    book.sheet(
        "Miesiące",
        ["Miesiąc", *(_titled(line.label, line.unit) for line in report.lines)],
        zip(
            [month.start for month in report.whole.months()],
            *([in_unit(value, line.unit) for value in line.months] for line in report.lines),
            strict=True,
        ),
    )
    book.sheet(
        "Działania",
        ["Działanie", "Usługi", "Minuty", "Podmioty"],
        [
            [row["activity"] or NOT_GIVEN, row["services"], row["minutes"], row["entities"]]
            for row in report.activities
        ],
    )
    for number, annex in enumerate(report.annexes, start=1):
        book.sheet(
            f"{number} {annex.label}",
            [*(_titled(column.title, column.unit) for column in annex.columns), "W okresie"],
            [
                [*(in_unit(value, column.unit) for column, value in cells), entry.is_in_period]
                for entry, cells in annex.rows()
            ],
        )
    return book.bytes()
