"""Reads the QR codes of a scanned file in a process of its own, with limits.

    python -m support.papers.barcodes FILE      prints each text found on a line of its own

A file made to break the libraries breaks this process only. Django is not loaded.
"""

import resource
import sys
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

MOST_PAGES = 60
DPI = 200
LONGEST_SIDE = 3500  # points; a page of A4 at 300 dpi
SECONDS = 90
MEMORY = 2**31


def texts_of(path):
    """The texts of the QR codes of a pdf, png or jpg, page by page."""
    for page in _pages(Path(path)):
        yield from _texts(page)


def _pages(path):
    if path.suffix != ".pdf":
        with Image.open(path) as picture:
            picture.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            yield _fitted(ImageOps.grayscale(picture))
        return
    document = pypdfium2.PdfDocument(path)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        scale = min(DPI / 72, LONGEST_SIDE / max(page.get_size()))
        yield page.render(scale=scale, grayscale=True).to_pil()


def _fitted(picture):
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _texts(page):
    """The texts of a page; a page without any is tried again smoothed, then smaller."""
    tries = (
        lambda: page,
        lambda: ImageOps.autocontrast(page.filter(ImageFilter.MedianFilter(3))),
        lambda: ImageOps.autocontrast(page.reduce(2)),
    )
    for picture in tries:
        codes = zxingcpp.read_barcodes(picture(), formats=zxingcpp.BarcodeFormat.QRCode)
        if texts := [code.text for code in codes if code.valid]:
            return texts
    return []


def main(path):
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for text in texts_of(path):
        sys.stdout.write(" ".join(text.split())[:200] + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
