"""What is wrong with a page: its layout at each width, by measures.js, and what axe finds."""

from collections import defaultdict
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (360, 768, 1366, 1920)
SHEET = 680  # of A4 between the margins
HEIGHT = 900
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
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


def sideways(page):
    """Pages wider than the window they are read in."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide"] if wide > page.viewport_size["width"] else []


def violations(page, *but):
    """What axe finds, `but` for its rules of these names.

    In a window as high as the page: what a bar covers comes out of it by scrolling.
    """
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(size | {"height": max(height, size["height"])})
    options = OPTIONS | {"rules": {rule: {"enabled": False} for rule in but}}
    found = Axe().run(page, options=options).response["violations"]
    page.set_viewport_size(size)
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
