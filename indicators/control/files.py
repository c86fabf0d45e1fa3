"""The protocol of a trial control as a PDF and as a workbook."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from indicators.control.outcomes import summary
from owes.exports import Workbook
from owes.formatting import moment
from owes.pdf import render

LEFT_COLUMNS = [
    "Wskaźnik",
    "Zaliczone",
    "Sprawdzone",
    "W próbie",
    "Wadliwe",
    "Po odjęciu dowodu",
    "Gdyby zapis odpadł",
    "Cel",
    "Zapas",
]
PAPER_COLUMNS = ["Wskaźnik", "Zapis", "Kod", "Zaliczony od", "Dokument", "Czego dotyczy"]
PAPER_COLUMNS += ["Wynik", "Uwagi"]
DOUBT_COLUMNS = ["Wskaźnik", "Kod", "Po odjęciu dowodu"]


def render_control(control, outcomes):
    """The PDF of a trial control's protocol; one not finished is a working copy."""
    marks = ["Dane przykładowe"] * settings.DEMO + ["wersja robocza"] * (not control.is_finished)
    context = {"trial_control": control, "project": control.project, "outcomes": outcomes}
    context |= {"mark": ", ".join(marks), "summary": summary(outcomes)}
    return render(render_to_string("indicators/control/control_pdf.html", context))


def control_workbook(control, outcomes, by):
    """The protocol as xlsx: what is left, the papers of the sample, and what is in doubt."""
    book = Workbook()
    book.sheet("Wskaźniki", LEFT_COLUMNS, map(_left, outcomes))
    book.sheet("Próba", PAPER_COLUMNS, _papers(outcomes))
    book.sheet("Zapisy wadliwych dowodów", DOUBT_COLUMNS, _doubts(outcomes))
    book.parameters(
        [
            ("Protokół", str(control)),
            ("Stan na dzień", control.on),
            ("Ziarno", control.seed),
            ("Wylosowano", control.created_at),
            ("Zakończono", control.finished_at),
            ("Przeliczono", control.recounted_at),
            ("Wynik", summary(outcomes)),
            ("Sporządzono", moment(timezone.now())),
            ("Kto", str(by)),
        ]
    )
    return book.bytes()


def _left(outcome):
    return [
        outcome.indicator.short_name,
        outcome.counted,
        len(outcome.checked),
        len(outcome.records),
        len(outcome.faulty),
        "nie przeliczono" if outcome.proved is None else outcome.proved,
        outcome.undoubted,
        outcome.target,
        outcome.margin,
    ]


def _papers(outcomes):
    for outcome in outcomes:
        for record in outcome.records:
            own = [outcome.indicator.short_name, record.label, record.code, record.counted_on]
            for document in record.documents.all():
                verdict = document.get_verdict_display() or "nie sprawdzono"
                yield [*own, document.name, document.about, verdict, document.note]


def _doubts(outcomes):
    for outcome in outcomes:
        for code in outcome.in_doubt:
            yield [outcome.indicator.short_name, code, _fate(outcome, code)]


def _fate(outcome, code):
    if outcome.lost is None:
        return "nie przeliczono"
    return "wypada" if code in outcome.lost else "zostaje, dowodzi go co innego"
