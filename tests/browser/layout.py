"""What is wrong with the layout of a page, at each width it is read at; measures.js says what."""

from collections import defaultdict
from pathlib import Path

WIDTHS = (360, 768, 1366, 1920)
SHEET = 680  # of A4 between the margins
HEIGHT = 900
MEASURES = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def faults(page, widths=WIDTHS):
    """Sentences, each with the widths it is true at; the page is left at the width it had."""
    size = page.viewport_size
    found = defaultdict(list)
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for fault in page.evaluate(MEASURES, False):
            found[fault].append(str(width))
    page.set_viewport_size(size)
    return [f"{', '.join(widths)}: {fault}" for fault, widths in found.items()]


def faults_on_paper(page):
    size = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": HEIGHT})
    found = page.evaluate(MEASURES, True)
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    return [f"on paper: {fault}" for fault in found]
