"""Which document of the project a file is, byte for byte."""

import hashlib
from dataclasses import dataclass

import pypdfium2

from indicators.models import Package, Report

PIECE = 2**20


@dataclass(frozen=True)
class VerifiedDocument:
    """What an uploaded file is, in words, and the closed report it belongs to."""

    words: str
    report: Report


def checksum(file):
    """SHA-256 of an uploaded file, read by pieces."""
    digest = hashlib.sha256()
    for piece in file.chunks(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def document_of(project, digest):
    """The `VerifiedDocument` with this checksum, or None.

    Files of reports and packages, files inside a package, and what the PDF of a report carries:
    the last are read from the kept PDFs, when nothing else is the file.
    """
    reports = list(project.reports.closed().select_related("project", "corrects").order_by("pk"))
    return (
        _file_of(reports, digest) or _of_package(project, digest) or _carried_by(reports, digest)
    )


def _file_of(reports, digest):
    for report in reports:
        if digest == report.sha256:
            return VerifiedDocument("raport wskaźników (PDF)", report)
        if digest == report.official_sha256:
            return VerifiedDocument("sprawozdanie (PDF, załącznik nr 5)", report)
    return None


def _of_package(project, digest):
    packages = Package.objects.filter(report__project=project).exclude(sha256="").order_by("pk")
    for package in packages.select_related("report__project", "report__corrects"):
        if digest == package.sha256:
            return VerifiedDocument(f"{package} (ZIP)", package.report)
        for path, sha256 in package.contents:
            if digest == sha256:
                return VerifiedDocument(f"plik {path} z pakietu nr {package.pk}", package.report)
    return None


def _carried_by(reports, digest):
    for report in reports:
        for pdf, words in ((report.file, "raportu"), (report.official_file, "sprawozdania")):
            for name, sha256 in _carried(pdf) if pdf else ():
                if digest == sha256:
                    return VerifiedDocument(f"załącznik {name} z PDF {words}", report)
    return None


def _carried(pdf):
    """`(name, checksum)` of the files inside a kept PDF."""
    with pdf.open("rb") as file:
        document = pypdfium2.PdfDocument(file.read())
    for place in range(document.count_attachments()):
        attached = document.get_attachment(place)
        yield attached.get_name(), hashlib.sha256(attached.get_data()).hexdigest()
