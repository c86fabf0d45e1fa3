"""Printed papers: what a document holds, and its PDF.

A module of this package gathers one document: it reads the records and returns a `Printout`, whose
template extends `support/papers/base.html`. A view answers with it, a job puts many together:

    printout = Printout(
        template="support/papers/note.html",
        project=project,
        title="Notatka ze spotkania",
        code=code_of(Paper.MEETING, project, partnership),
        context={"partnership": partnership},
        file_name="notatka-J001.pdf",
    )
    return pdf_response(request, printout)

The base prints the logotypes, the project with its contract, the title, the code with its QR, the
funding sentence and the pages; a document fills the blocks `facts`, `body` and `signatures`.
"""

import io
import zipfile
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from owes.pdf import PdfUnavailable, render, render_all
from owes.pictures import picture
from support.models import Project
from support.papers.codes import qr

UNAVAILABLE = "Teraz nie da się zrobić PDF. Przekaż administratorowi: {}."


@dataclass(frozen=True)
class Printout:
    """A paper ready to print. The template gets it as `paper`, with the names of `context`.

    `url` is the page that the code opens, by default the list of papers. `subtitle` stands under
    the title, `mark` at the top of every page ("anulowana"); `is_wide` turns the page for tables
    of many columns. Without a `code` there is no QR.
    """

    template: str
    project: Project
    title: str
    file_name: str
    url: str = ""
    subtitle: str = ""
    code: str = ""
    mark: str = ""
    is_wide: bool = False
    context: dict = field(default_factory=dict)

    @property
    def page(self):
        return self.url or reverse("support:paper_list", args=[self.project.slug])

    def html(self):
        return render_to_string(
            self.template,
            {
                "paper": self,
                "project": self.project,
                "logotypes": picture(self.project.logotype_strip),
                "qr": qr(self.code) if self.code else "",
                "marks": ["dane przykładowe"] * settings.DEMO + [self.mark] * bool(self.mark),
                "printed_at": timezone.now(),
            }
            | self.context,
        )

    def pdf(self):
        return render(self.html())


def pdf_response(request, printout):
    """The PDF shown in the browser, or the list of papers with an error message."""
    return _response(request, printout, printout.pdf)


def joined_pdf_response(request, printouts, title):
    """As `pdf_response`, of a few papers in one file, named as the first."""
    return _response(request, printouts[0], lambda: joined_pdf(printouts, title))


def _response(request, printout, make):
    try:
        content = make()
    except PdfUnavailable as error:
        messages.error(request, UNAVAILABLE.format(error))
        return redirect("support:paper_list", printout.project.slug)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printout.file_name}"'
    return response


def joined_pdf(printouts, title, report=lambda done: None):
    """One PDF of many papers, each with its own page numbers; `report` gets the number done."""
    return render_all((printout.html() for printout in printouts), title, report)


def zipped(printouts, report=lambda done: None):
    """A ZIP with a PDF of each paper; of equal names the later ones get a number."""
    buffer, names = io.BytesIO(), {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, printout in enumerate(printouts, start=1):
            stem, _, suffix = printout.file_name.rpartition(".")
            names[stem] = names.get(stem, 0) + 1
            number = f"-{names[stem]}" if names[stem] > 1 else ""
            archive.writestr(f"{stem}{number}.{suffix}", printout.pdf())
            report(done)
    return buffer.getvalue()
