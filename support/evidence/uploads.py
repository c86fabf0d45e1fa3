"""Checks of files sent as evidence, by their content and not only by their names.

The bytes are the proof and stay as they are: a file that could harm whoever opens it is refused.
Only photos lose what the phone wrote beside the picture (`owes/pictures.py`).
"""

import codecs
import hashlib
import io
import re
import threading
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, UnidentifiedImageError

from owes.pictures import without_metadata

MEBIBYTE = 2**20
LARGEST = 10 * MEBIBYTE
LONGEST_NAME = 150
MOST_POINTS = 64_000_000
MOST_PAGES = 500
MOST_MEMBERS = 2000
LARGEST_CONTENT = 100 * MEBIBYTE
HIGHEST_RATIO = 200
HEAD, TAIL = 4096, 66_000  # the end of a zip lies within its last 65,557 bytes

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
MAIN_PART = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
}
# What the first bytes tell, where it is not the suffix; of a text they tell nothing.
KIND_OF = {"docx": "zip", "xlsx": "zip", "csv": None}
PICTURES = {"png": "PNG", "jpg": "JPEG"}
SCANS = ("pdf", "png", "jpg")

MAGIC = {
    b"%PDF-": "pdf",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "ole",
}
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)[\s>/]", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PDF_ACTIONS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?)\b")
OFFICE_ACTIVE = re.compile(r"vbaproject|vbadata|activex|embeddings/|oleobject", re.IGNORECASE)
REMOTE_TEMPLATE = re.compile(rb"attachedTemplate[^>]*External|External[^>]*attachedTemplate")
HIDDEN_SUFFIXES = re.compile(
    r"\.(?:html?|xhtml|svg|js|php|asp|jsp|exe|com|bat|cmd|scr|msi|ps1|vbs|sh|py|jar|zip|docm|xlsm)"
    r"(?=\.)",
    re.IGNORECASE,
)

DAMAGED_PDF = "PDF jest uszkodzony: nie da się go otworzyć."
LOCKED_PDF = "PDF jest zabezpieczony hasłem. Zapisz go bez hasła."
ACTIVE_PDF = "PDF zawiera skrypt albo załącznik. Zapisz go bez nich, np. drukując do PDF."
ACTIVE_DOCUMENT = "Dokument zawiera makra albo osadzony plik. Zapisz go jako PDF."

# pdfium has state of the whole process: only one thread of a server may use it at a time.
pdfium = threading.Lock()


@dataclass(frozen=True)
class Checked:
    """An accepted file as it is kept, its name and suffix as sent, the checksum of its bytes."""

    file: object
    name: str
    suffix: str
    sha256: str


def check_file(file, suffixes=tuple(TYPES)):
    """Answers `Checked`, or raises `ValidationError` with a sentence for the sender."""
    name = unicodedata.normalize("NFC", file.name or "")
    suffix = _suffix(name, suffixes)
    if not file.size:
        raise ValidationError("Plik jest pusty.")
    if file.size > LARGEST:
        raise ValidationError("Plik jest większy niż 10 MB. Zapisz go w mniejszym rozmiarze.")
    file.seek(0)
    content = file.read()
    file.seek(0)
    _check_content(content, suffix)
    if suffix in PICTURES:
        content = without_metadata(content)
        _check_picture(content, suffix)
        file = SimpleUploadedFile(name, content)
    return Checked(file, name, suffix, hashlib.sha256(content).hexdigest())


def _suffix(name, suffixes):
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"Nazwa pliku jest za długa: najwyżej {LONGEST_NAME} znaków.")
    if any(unicodedata.category(sign)[0] == "C" for sign in name) or re.search(r"[/\\]", name):
        raise ValidationError("Nazwa pliku ma niedozwolone znaki. Zmień ją i dodaj plik ponownie.")
    suffix = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if suffix in ("heic", "heif"):
        raise ValidationError("Zdjęcia HEIC nie przyjmujemy. Zapisz je w telefonie jako JPG.")
    if suffix not in suffixes or HIDDEN_SUFFIXES.search(name):
        kinds = ", ".join(suffixes[:-1])
        raise ValidationError(f"Takiego pliku nie przyjmujemy. Dodaj {kinds} albo {suffixes[-1]}.")
    return suffix


def _check_content(content, suffix):
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind == "ole":
        raise ValidationError(
            "Plik jest zabezpieczony hasłem albo zapisany w starym formacie. Zapisz go ponownie."
        )
    if kind != KIND_OF.get(suffix, suffix):
        raise ValidationError(f"Nazwa mówi .{suffix}, ale w pliku jest co innego.")
    is_double = MARKUP.search(content[:HEAD]) or MARKUP.search(content[-TAIL:])
    if suffix not in MAIN_PART and (is_double or ZIP_END in content[-TAIL:]):
        raise ValidationError("W pliku ukryto drugi plik. Zapisz dokument na nowo.")
    if suffix == "pdf":
        _check_pdf(content)
    elif suffix in PICTURES:
        _check_picture(content, suffix)
    elif suffix == "csv":
        _check_text(content)
    else:
        _check_office(content, suffix)


def _check_text(content):
    if b"\x00" in content and not content.startswith(UTF_16):
        raise ValidationError("Nazwa mówi .csv, ale w pliku nie ma tekstu.")


def _check_pdf(content):
    if PDF_ACTIONS.search(content):
        raise ValidationError(ACTIVE_PDF)
    with pdfium:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise ValidationError(LOCKED_PDF) from None
            raise ValidationError(DAMAGED_PDF) from None
        try:
            _check_opened(document)
        finally:
            document.close()


def _check_opened(document):
    raw = pypdfium2.raw
    scripts = raw.FPDFDoc_GetJavaScriptActionCount(document)
    if scripts > 0 or raw.FPDFDoc_GetAttachmentCount(document) > 0:
        raise ValidationError(ACTIVE_PDF)
    if not 1 <= len(document) <= MOST_PAGES:
        raise ValidationError(f"PDF może mieć od 1 do {MOST_PAGES} stron.")
    try:
        document[0].close()
    except pypdfium2.PdfiumError:
        raise ValidationError(DAMAGED_PDF) from None


def _check_picture(content, suffix):
    try:
        with Image.open(io.BytesIO(content), formats=[PICTURES[suffix]]) as picture:
            # The size stands in the head of the file: it is read before anything is unpacked.
            if picture.width * picture.height > MOST_POINTS:
                raise ValidationError("Obraz ma za dużo punktów: najwyżej 64 megapiksele.")
            # A photo is read whole, but unpacked to an eighth of its size.
            picture.draft("L", (picture.width // 8, picture.height // 8))
            picture.load()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        raise ValidationError("Obraz jest uszkodzony: nie da się go otworzyć.") from None


def _check_office(content, suffix):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, len(content), MAIN_PART[suffix])
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        OverflowError,
        UnicodeDecodeError,
    ):
        raise ValidationError("Dokument jest uszkodzony: nie da się go otworzyć.") from None


def _check_package(package, size, main_part):
    members = package.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise ValidationError("Dokument jest zabezpieczony hasłem. Zapisz go bez hasła.")
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or unpacked > LARGEST_CONTENT
        or unpacked > max(HIGHEST_RATIO * size, MEBIBYTE)
    ):
        raise ValidationError("Dokument jest za duży, aby go bezpiecznie otworzyć.")
    if package.comment or min(member.header_offset for member in members):
        raise ValidationError("W pliku ukryto drugi plik. Zapisz dokument na nowo.")
    types = package.read("[Content_Types].xml")
    is_active = any(OFFICE_ACTIVE.search(member.filename) for member in members)
    if is_active or b"macroEnabled" in types:
        raise ValidationError(ACTIVE_DOCUMENT)
    if main_part not in types or b"<!DOCTYPE" in types:
        raise zipfile.BadZipFile
    # The declared sizes may be false: zipfile stops at them and compares the checksums.
    for member in members:
        with package.open(member) as part:
            while chunk := part.read(MEBIBYTE):
                if member.filename.endswith(".rels") and REMOTE_TEMPLATE.search(chunk):
                    raise ValidationError(ACTIVE_DOCUMENT)
