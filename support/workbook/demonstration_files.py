"""Small files for the demonstration: a PDF of one page and a picture, alike at every making."""

import io
import re
import zlib
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageDraw

# No font is kept in the file, and the fonts of viewers lack most letters of Polish: a line is
# typed as by a machine, and the marks of these letters are drawn over and under it.
BARE = str.maketrans("ąćęłńśźżĄĆĘŁŃŚŹŻ", "acelnszzACELNSZZ")
STROKES = {
    **dict.fromkeys("ćńśź", (-2, 62, 10, 76)),
    **dict.fromkeys("ĆŃŚŹ", (-2, 66, 10, 80)),
    "ż": (-3, 70, 5, 70),
    "Ż": (-3, 74, 5, 74),
    **dict.fromkeys("ąęĄĘ", (12, 0, 18, -16)),
    "ł": (-14, 22, 16, 42),
    "Ł": (-24, 22, 6, 42),
}
LETTER_WIDTH = 0.6  # of the size, in Courier
WIDTH, HEIGHT = 595, 842
TEXT, PAPER = (150, 154, 160), (247, 247, 244)


def pdf_page(heading: str, lines: list[str]) -> bytes:
    """A page with a heading, lines under it, and a signature drawn by a hand."""
    random = Random(" ".join([heading, *lines]))
    drawn = [*_typed(60, 770, 18, heading)]
    for place, line in enumerate(lines):
        drawn += _typed(60, 730 - 22 * place, 11, line)
    x, y = 340, 560
    signature = [b"0.1 0.17 0.43 RG 1.2 w %d %d m" % (x, y)]
    for _ in range(random.randrange(5, 9)):
        x += random.randrange(12, 24)
        up, down = random.randrange(10, 40), random.randrange(4, 24)
        signature.append(b"%d %d %d %d %d %d c" % (x - 14, y + up, x - 6, y - down, x, y))
    drawn += [*signature, b"S 0.5 G 0.5 w 320 545 m 520 545 l S"]
    return _pdf(b"\n".join(drawn))


def picture(text: str) -> bytes:
    """A PNG like a screenshot of a page: a heading, blocks of text, a picture."""
    random = Random(text)
    image = Image.new("RGB", (480, 320), PAPER)
    draw = ImageDraw.Draw(image)
    colour = tuple(random.randrange(60, 190) for _ in range(3))
    draw.rectangle((0, 0, 480, 54), fill=colour)
    draw.text((20, 18), text, fill=PAPER, font_size=18)
    draw.rectangle((300, 80, 456, 230), fill=tuple(255 - part // 2 for part in colour))
    draw.polygon([(310, 220), (360, 130), (400, 190), (425, 160), (448, 220)], fill=colour)
    for place in range(9):
        draw.rectangle((20, 84 + place * 22, random.randrange(180, 280), 90 + place * 22), TEXT)
    content = io.BytesIO()
    image.quantize(16).save(content, "PNG", optimize=True)
    return content.getvalue()


def _typed(x: int, y: int, size: int, text: str) -> Iterator[bytes]:
    """The line of the page, then the marks of its letters."""
    shown = re.sub(r"([\\()])", r"\\\1", text.translate(BARE)).encode("cp1252", "replace")
    yield b"BT /F1 %d Tf %d %d Td (%b) Tj ET" % (size, x, y, shown)
    for place, letter in enumerate(text):
        if letter in STROKES:
            middle = x + (place + 0.5) * size * LETTER_WIDTH
            from_x, from_y, to_x, to_y = (part * size / 100 for part in STROKES[letter])
            ends = (size / 14, middle + from_x, y + from_y, middle + to_x, y + to_y)
            yield b"%.2f w %.2f %.2f m %.2f %.2f l S" % ends


def _pdf(page: bytes) -> bytes:
    """A PDF file of these marks on one page."""
    packed = zlib.compress(page)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % (WIDTH, HEIGHT),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(content))
    )
