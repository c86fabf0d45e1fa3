"""Draws the pages of the official report: `.venv/bin/python docs/draw_official.py`.

A final report of the demonstration, with invented costs and a few words by hand; nothing of it is
kept but the pictures, which docs/sprawozdanie.md shows beside the list of fields.
"""
# ruff: noqa: E402

import draw_papers  # noqa: I001  sets up the program with a database of its own

import pypdfium2
from django.core.management import call_command
from PIL import Image

from indicators.models import Report, ReportCost, ReportSource, ReportText
from indicators.reports.files import render_official
from indicators.reports.builder import build_report
from owes.models import User
from support.models import Project

FOLDER = draw_papers.HERE / "pictures"
WORDS = {
    "durable": "Koła gospodyń i spółdzielnie poznane na szkoleniach prowadzą dalej wspólne "
    "zakupy. Wdrożone rozwiązania cyfrowe są w użyciu.",
    "goal": "Podmioty objęte wsparciem mają plany działania na kolejny rok.",
    "shortfall-eco": "Jedno wdrożenie przesunięto na 2025 rok z powodu dostaw.",
    "departures": "nie dotyczy",
}


def draft(project):
    report = Report.objects.create(
        project=project,
        kind=Report.Kind.FINAL,
        starts_on=project.ends_on.replace(month=1, day=1),
        ends_on=project.ends_on,
        created_by=User.objects.order_by("pk").first(),
    )
    year = report.ends_on.year
    for activity in project.activities.all()[:4]:
        ReportCost.objects.create(
            report=report, year=year, activity=activity, planned=45000, actual="44321.50"
        )
    ReportCost.objects.create(
        report=report, year=year, name="Obsługa księgowa", planned=12000, actual=12000
    )
    planned, actual = (
        sum(cost) for cost in zip(*report.costs.values_list("planned", "actual"), strict=True)
    )
    ReportSource.objects.create(report=report, source="grant", planned=planned, actual=actual)
    for part, text in WORDS.items():
        ReportText.objects.create(report=report, part=part, text=text)
    return report


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    report = draft(Project.objects.get())
    gathered = build_report(report.project, report.kind, report.period)
    content = render_official(gathered.drafted(report))
    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=draw_papers.SCALE).to_pil()
        picture = picture.quantize(draw_papers.COLOURS, Image.Quantize.MAXCOVERAGE)
        picture.save(FOLDER / f"sprawozdanie-{number}.png", optimize=True)
    document.close()
