"""What every drawn document is held to, read from its PDF; a check returns the faults in words."""

import io
import re

import pikepdf
import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

MM = 72 / 25.4
TOP, FOOT, SIDE = 18 * MM, 23 * MM, 17 * MM
LEAST_END = 20 * MM
ONE_LETTER = set("aiouwzAIOUWZ")
ISO_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
ENGLISH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
CENTS = re.compile(r"(?<![\w.,:/])\d[\d\s.]*[.,]\d{2}(?!\w|[.:/]\d)")
AMOUNT = re.compile(r"(\d{1,4}|\d{2,3}(\u00a0\d{3})+|\d{1,3}(\u00a0\d{3}){2,}),\d{2}")


class Run:
    """A piece of a line as it was drawn: its text and its box, in points from the lower left."""

    def __init__(self, drawn):
        self.left, self.bottom, self.right, self.top = drawn.get_bounds()
        self.text = drawn.extract()

    def __repr__(self):
        return self.text[-40:].replace("\u00a0", " ")

    @property
    def is_seen(self):
        return self.top - self.bottom > 0.5

    def is_level_with(self, other):
        return min(self.top, other.top) - max(self.bottom, other.bottom) > 1

    def overlaps(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > 1.5 and down > 1.5


class Drawn:
    """A PDF laid open once: the runs of each page, and all that stands on it."""

    def __init__(self, content):
        self.content, self.pages = content, []
        document = pypdfium2.PdfDocument(content)
        for page in document:
            words = page.get_textpage()
            # What is inside a drawing has places of its own.
            texts = page.get_objects([FPDF_PAGEOBJ_TEXT], max_depth=1, textpage=words)
            runs = [run for run in map(Run, texts) if run.text.strip() and run.is_seen]
            boxes = [one.get_bounds() for one in page.get_objects(max_depth=1)]
            self.pages.append((page.get_size(), runs, boxes))

    @property
    def runs(self):
        return [run for _, runs, _ in self.pages for run in runs]


def one_letter_words(drawn):
    """A line may end with the only word of a cell, never with a preposition."""
    faults = []
    for _, runs, _ in drawn.pages:
        for run in runs:
            *before, last = run.text.split()
            if last.strip("„”\"'(") not in ONE_LETTER:
                continue
            line = [other for other in runs if other.is_level_with(run)]
            goes_on = any(-1 < other.left - run.right < 8 for other in line)
            if not goes_on and (before or any(-1 < run.left - one.right < 8 for one in line)):
                faults.append(f"a line ends: {run}")
    return faults


def empty_pages(drawn):
    """A page but the last is filled to its half at least."""
    faults = []
    for number, page in enumerate(drawn.pages[:-1], start=1):
        (_, height), _, _ = page
        if _depth(page) < (height - TOP - FOOT) / 2:
            faults.append(f"page {number} is more than half empty")
    return faults


def bare_ends(drawn):
    """The last page of many is more than the place to sign."""
    is_bare = len(drawn.pages) > 1 and _depth(drawn.pages[-1]) < LEAST_END
    return ["the last page has little more than signatures"] if is_bare else []


def _depth(page):
    """How far down from the upper margin a page is filled."""
    (_, height), _, boxes = page
    ends = [bottom for _, bottom, _, top in boxes if top > FOOT + 1 and bottom > FOOT - 2]
    return height - TOP - min(ends, default=height - TOP)


def lonely_rows(drawn):
    """Where a table goes over pages, each page has at least two of its rows."""
    document = pikepdf.open(io.BytesIO(drawn.content))
    numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
    found, before = [], None
    for element in _blocks(document.Root.StructTreeRoot.K):
        is_table = element.get("/S") == "/Table"
        # The part of a table on a page is an element of its own, and a part that begins it
        # comes after its caption or another block.
        if is_table and before is not None and not _children(element, {"/Caption"}):
            found += [part for part in (before, element) if len(_body_rows(part)) == 1]
        before = element if is_table else None
    pages = sorted({numbers[part.Pg.objgen] for part in found})
    return [f"one row of a table alone on page {page}" for page in pages]


def _kids(element):
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _blocks(kids):
    """The tables, and all else that holds text, in the order of reading."""
    for one in kids if isinstance(kids, pikepdf.Array | list) else [kids]:
        if not isinstance(one, pikepdf.Dictionary):
            continue
        if one.get("/S") == "/Table" or _has_marks(one):
            yield one
        else:
            yield from _blocks(_kids(one))


def _has_marks(element):
    return any(not isinstance(kid, pikepdf.Dictionary) for kid in _kids(element))


def _children(element, kinds):
    return [
        kid
        for kid in _kids(element)
        if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/S")) in kinds
    ]


def _body_rows(table):
    parts = _children(table, {"/TBody", "/TFoot"})
    return [row for part in parts for row in _children(part, {"/TR"})]


def foreign_days(drawn):
    """Days and months are written as in Polish."""
    return [
        f"{found.group()} in: {run}"
        for run in drawn.runs
        for pattern in (ISO_DAY, ENGLISH)
        for found in pattern.finditer(run.text)
    ]


def odd_amounts(drawn):
    """Amounts are written one way: 25 000,00 and 1234,50, with hard spaces."""
    return [
        f"{found.group()!r} in: {run}"
        for run in drawn.runs
        for found in CENTS.finditer(run.text)
        if not AMOUNT.fullmatch(found.group())
    ]


def spilt_words(drawn):
    """No text is drawn over another or beyond the margins."""
    faults = []
    for number, ((width, _), runs, _) in enumerate(drawn.pages, start=1):
        for place, run in enumerate(runs):
            if run.left < SIDE - 20 or run.right > width - SIDE + 20:
                faults.append(f"page {number}, beyond the margin: {run}")
            faults += [
                f"page {number}, {run} over {other}"
                for other in runs[place + 1 :]
                if run.overlaps(other)
            ]
    return faults


def wrong_links(drawn, site):
    """Something on a paper opens the program, and nothing opens anything else."""
    document = pikepdf.open(io.BytesIO(drawn.content))
    notes = [note for page in document.pages for note in page.get("/Annots", [])]
    found = [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]
    others = [f"leads to {one}" for one in found if not one.startswith(f"{site}/")]
    return others or ([] if found else ["nothing leads to the program"])


OF_WORDS = [one_letter_words, foreign_days, odd_amounts]
OF_PLACES = [empty_pages, bare_ends, lonely_rows, spilt_words]


def faults(content, site, checks=(*OF_WORDS, *OF_PLACES)):
    """`{check: [what is wrong]}` of a document, empty when nothing is."""
    drawn = Drawn(content)
    found = {check.__name__: check(drawn) for check in checks}
    found["wrong_links"] = wrong_links(drawn, site)
    return {name: told for name, told in found.items() if told}
