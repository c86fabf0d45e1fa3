"""Pictures of the centre and of documents: which are accepted, kept and printed, and how.

A phone writes into a photo where and when it was taken and on whose device. None of it is kept:
what is not the picture itself is left out, and the picture stays point for point.
"""

import io
import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_SIDE = 8000
SUFFIXES = {"PNG": "png", "JPEG": "jpg"}

ORIENTATION = 0x0112
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_METADATA = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
JPEG_HEAD, JPEG_END, SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
# JFIF, the profile of colours and Adobe's kind of colours: without them colours change. All other
# application segments and comments tell of the device, the place, the author.
JPEG_COLOURS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JPEG_TOLD = {*range(0xE0, 0xF0), 0xFE}
# Within a scan FF is followed by 00 or by the number of a restart; another byte ends the scan.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def picture_suffix(file: Any) -> str:
    """`png` or `jpg` by the content of the file, whatever its name; refuses anything else."""
    if file.size > LARGEST_FILE:
        raise ValidationError("Plik jest większy niż 2 MB. Zapisz go w mniejszym rozmiarze.")
    try:
        with Image.open(file, formats=list(SUFFIXES)) as picture:
            suffix, sides = SUFFIXES[str(picture.format)], picture.size
            # The size stands in the head of the file: it is read before anything is unpacked.
            if max(sides) > LARGEST_SIDE:
                raise ValidationError("Obraz jest za duży: najwyżej 8000 punktów z boku.")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError("To nie jest obraz PNG ani JPEG. Wybierz inny plik.") from None
    file.seek(0)
    return suffix


def cleaned_picture(file: Any, name: str) -> SimpleUploadedFile:
    """An accepted picture without its metadata, under the name and its own suffix."""
    suffix = picture_suffix(file)
    return SimpleUploadedFile(f"{name}.{suffix}", without_metadata(file.read()))


def without_metadata(content: bytes) -> bytes:
    """The bytes of a PNG or JPEG that are the picture; one that is turned stays turned."""
    parts = _png_parts(content) if content.startswith(PNG_HEAD) else _jpeg_parts(content)
    return b"".join(parts)


def _png_parts(content: bytes) -> Iterator[bytes]:
    yield PNG_HEAD
    place = len(PNG_HEAD)
    while place < len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        kind = content[place + 4 : place + 8]
        if kind not in PNG_METADATA:
            yield content[place:end]
        if kind == b"IEND":
            return
        place = end


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """What follows the end of the picture, such as a second one for a preview, is left out."""
    yield JPEG_HEAD
    yield _turning(content)
    place = len(JPEG_HEAD)
    while content[place : place + 2] not in (JPEG_END, b"", b"\xff"):
        sign = content[place + 1]
        if content[place] != 0xFF or sign == 0xFF:  # filling
            place += 1
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if sign == SCAN:
            after = AFTER_SCAN.search(content, end)
            end = after.start() if after else len(content)
        of_colours = content.startswith(JPEG_COLOURS.get(sign, b"?"), place + 4)
        if sign not in JPEG_TOLD or of_colours:
            yield content[place:end]
        place = end
    yield JPEG_END


def _turning(content: bytes) -> bytes:
    """A segment that says only how a photo is turned; empty for one that is not."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            turned = picture.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, struct.error):
        return b""  # what cannot be read turns nothing
    if turned not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    told = exif.tobytes()
    return b"\xff\xe1" + (len(told) + 2).to_bytes(2) + told


def picture(file: Any) -> str:
    """A stored picture as a `data:` URL, the only kind the renderer reads; empty without one."""
    if not file:
        return ""
    with file.open("rb") as content:
        data = content.read()
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(data).decode()}"
