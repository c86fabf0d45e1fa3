"""Pictures of the centre and of documents: which files are accepted, how they are printed."""

from base64 import b64encode
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_SIDE = 8000
SUFFIXES = {"PNG": "png", "JPEG": "jpg"}


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


def picture(file: Any) -> str:
    """A stored picture as a `data:` URL, the only kind the renderer reads; empty without one."""
    if not file:
        return ""
    with file.open("rb") as content:
        data = content.read()
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(data).decode()}"
