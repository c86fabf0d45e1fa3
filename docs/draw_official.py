"""Draws the pages of the official report: `.venv/bin/python docs/draw_official.py`.

That of the final report of the demonstration; docs/sprawozdanie.md shows it beside the list of
fields.
"""
# ruff: noqa: E402

import draw_papers  # noqa: I001  sets up the program with a database of its own

import pypdfium2
from django.core.management import call_command
from PIL import Image

from indicators.closing.closing import render_closed_official
from indicators.models import Report

FOLDER = draw_papers.HERE / "pictures"


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    report = Report.objects.get(kind=Report.Kind.FINAL)
    document = pypdfium2.PdfDocument(render_closed_official(report))
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=draw_papers.SCALE).to_pil()
        picture = picture.quantize(draw_papers.COLOURS, Image.Quantize.MAXCOVERAGE)
        picture.save(FOLDER / f"sprawozdanie-{number}.png", optimize=True)
    document.close()
