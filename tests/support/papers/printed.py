"""A printed PDF read back: its text page by page, its tags, language and fonts."""

import io

import pikepdf
import pypdfium2


def pages(content):
    """The text of each page with single spaces."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def text(content):
    return " ".join(pages(content))


def tags(content):
    """How many elements of each kind the structure of the PDF has."""
    document = pikepdf.open(io.BytesIO(content))
    counts, waiting = {}, [document.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                counts[str(node.S)] = counts.get(str(node.S), 0) + 1
            waiting += [node[key] for key in ("/K",) if key in node]
    return counts


def facts(content):
    """What a reader for the blind, and a printer, need of every paper."""
    document = pikepdf.open(io.BytesIO(content))
    fonts = [font for page in document.pages for font in page.Resources.Font.values()]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts]
    sides = [tuple(round(float(side)) for side in page.MediaBox[2:]) for page in document.pages]
    return {
        "language": str(document.Root.Lang),
        "is_marked": bool(document.Root.MarkInfo.Marked),
        "title": str(document.docinfo.Title),
        "sizes": set(sides),
        "are_fonts_embedded": all("/FontFile2" in each for each in descriptors),
    }


A4 = (595, 842)
A4_WIDE = (842, 595)


def links(content):
    """The addresses that the pages open, in the order of the pages."""
    document = pikepdf.open(io.BytesIO(content))
    notes = [note for page in document.pages for note in page.get("/Annots", [])]
    return [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]
