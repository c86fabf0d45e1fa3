"""Papers as they come back: printed by the program, then scanned, turned or photographed."""

import io
import random

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from owes.pdf import render
from support.papers.codes import qr

LINES = "<p>Tekst karty, który zajmuje miejsce obok znaku.</p>" * 12


def paper(*codes):
    """The PDF of a paper with a page for each code."""
    pages = "".join(
        f'<section style="break-after: page">{LINES}<img src="{qr(code)}" alt="{code}"'
        f' style="width: 22mm"> {code}</section>'
        for code in codes
    )
    return render(f'<html lang="pl"><title>Karta</title><body>{pages}</body></html>')


def blank():
    return render(f'<html lang="pl"><title>Bez kodu</title><body>{LINES}</body></html>')


def scanned(content, dpi=150, turn=0, noise=0.0):
    """The first page as a scanner gives it."""
    page = pypdfium2.PdfDocument(content)[0].render(scale=dpi / 72).to_pil().convert("L")
    page = page.rotate(turn, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    dice = random.Random(7)
    points = page.load()
    for _ in range(int(noise * page.width * page.height)):
        points[dice.randrange(page.width), dice.randrange(page.height)] = dice.choice((0, 255))
    return page


def photographed(content):
    """A page on a dark table, a little askew, in uneven light and not quite sharp."""
    page = scanned(content, dpi=200).convert("RGB")
    wide, high = page.width + 400, page.height + 400
    table = Image.new("RGB", (wide, high), (70, 60, 50))
    table.paste(page, (200, 200))
    corners = (120, 60, 40, high - 30, wide - 60, high - 130, wide - 100, 20)
    photo = table.transform(
        (wide, high), Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC
    )
    light = Image.linear_gradient("L").resize(photo.size).point(lambda value: 110 + value // 2)
    photo = Image.composite(photo, Image.new("RGB", photo.size), light)
    return photo.filter(ImageFilter.GaussianBlur(1.2))


def covered(page):
    """A page whose sign is scribbled over."""
    ImageDraw.Draw(page).rectangle((0, page.height // 3, page.width, page.height), fill=90)
    return page


def saved(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
