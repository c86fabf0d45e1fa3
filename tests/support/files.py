"""Files that people send, made in the test: good ones of each kind, and those that attack."""

import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
}


def sent(name, content):
    return SimpleUploadedFile(name, content)


def pdf_bytes(pages=1, change=None, **saving):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    buffer = io.BytesIO()
    document.save(buffer, **saving)
    return buffer.getvalue()


def picture_bytes(kind="PNG", size=(40, 30), mode="RGB", **saving):
    buffer = io.BytesIO()
    Image.new(mode, size, "white").save(buffer, kind, **saving)
    return buffer.getvalue()


def office_bytes(suffix="docx", extra=(), types="", comment=b""):
    part, content_type = MAIN[suffix]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types><Override PartName="/{part}" ContentType="{content_type}"/>{types}</Types>',
        )
        package.writestr(part, "<document/>")
        for name, content in extra:
            package.writestr(name, content)
        package.comment = comment
    return buffer.getvalue()


GOOD = {
    "karta.pdf": pdf_bytes(),
    "Lista obecności 12.03.2024.PDF": pdf_bytes(pages=3),
    "zdjęcie.png": picture_bytes(),
    "IMG_1234.jpeg": picture_bytes("JPEG"),
    "skan.jpg.pdf": pdf_bytes(pages=2),
    "umowa.docx": office_bytes("docx"),
    "lista.xlsx": office_bytes("xlsx", extra=[("xl/printerSettings/printerSettings1.bin", b"x")]),
}


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )


def with_hidden_script(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    names = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), action]))
    document.Root.Names = pikepdf.Dictionary(JavaScript=document.make_indirect(names))


def with_attachment(document):
    document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="a.exe")


def locked():
    rights = pikepdf.Encryption(owner="tajne", user="tajne")
    return pdf_bytes(encryption=rights)


def bomb(suffix="docx"):
    return office_bytes(suffix, extra=[("word/media/a.bin", b"\0" * 30_000_000)])


def understated():
    """A package whose directory says that a member is small."""
    content = bytearray(office_bytes(extra=[("a.xml", b"x" * 5000)]))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def encrypted_member():
    content = bytearray(office_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


OPEN_AGAIN = "W pliku ukryto drugi plik. Zapisz dokument na nowo."
NOT_TAKEN = "Takiego pliku nie przyjmujemy. Dodaj pdf, png, jpg, docx, xlsx albo csv."
ACTIVE_PDF = "PDF zawiera skrypt albo załącznik. Zapisz go bez nich, np. drukując do PDF."
ACTIVE_DOCUMENT = "Dokument zawiera makra albo osadzony plik. Zapisz go jako PDF."
TOO_LARGE = "Dokument jest za duży, aby go bezpiecznie otworzyć."
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
COMPRESSED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}

# name -> (bytes, the sentence that refuses it)
ATTACKS = {
    "obraz.svg": (SVG, NOT_TAKEN),
    "strona.html": (HTML, NOT_TAKEN),
    "program.exe": (b"MZ", NOT_TAKEN),
    "bez kropki": (pdf_bytes(), NOT_TAKEN),
    "makra.docm": (office_bytes(), NOT_TAKEN),
    "karta.html.pdf": (pdf_bytes(), NOT_TAKEN),
    "karta.php.png": (picture_bytes(), NOT_TAKEN),
    "zdjęcie.heic": (b"\0", "Zdjęcia HEIC nie przyjmujemy. Zapisz je w telefonie jako JPG."),
    "pusty.pdf": (b"", "Plik jest pusty."),
    "x" * 296 + ".pdf": (pdf_bytes(), "Nazwa pliku jest za długa: najwyżej 150 znaków."),
    "a\u202efdp.pdf": (
        pdf_bytes(),
        "Nazwa pliku ma niedozwolone znaki. Zmień ją i dodaj plik ponownie.",
    ),
    "svg.png": (SVG, "Nazwa mówi .png, ale w pliku jest co innego."),
    "html.pdf": (HTML, "Nazwa mówi .pdf, ale w pliku jest co innego."),
    "png.jpg": (picture_bytes(), "Nazwa mówi .jpg, ale w pliku jest co innego."),
    "zip.pdf": (office_bytes(), "Nazwa mówi .pdf, ale w pliku jest co innego."),
    "arkusz.docx": (
        office_bytes("xlsx"),
        "Dokument jest uszkodzony: nie da się go otworzyć.",
    ),
    "stary.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "Plik jest zabezpieczony hasłem albo zapisany w starym formacie. Zapisz go ponownie.",
    ),
    "pdf i zip.pdf": (pdf_bytes() + office_bytes(), OPEN_AGAIN),
    "png i zip.png": (picture_bytes() + office_bytes(), OPEN_AGAIN),
    "jpg i html.jpg": (picture_bytes("JPEG") + HTML, OPEN_AGAIN),
    "zip po śmieciach.docx": (b"PK\x03\x04" + office_bytes(), OPEN_AGAIN),
    "zip z dopiskiem.docx": (office_bytes(comment=b"<script>"), OPEN_AGAIN),
    "skrypt.pdf": (pdf_bytes(change=with_script), ACTIVE_PDF),
    "ukryty skrypt.pdf": (pdf_bytes(change=with_hidden_script, **COMPRESSED), ACTIVE_PDF),
    "załącznik.pdf": (pdf_bytes(change=with_attachment, **COMPRESSED), ACTIVE_PDF),
    "hasło.pdf": (locked(), "PDF jest zabezpieczony hasłem. Zapisz go bez hasła."),
    "urwany.pdf": (b"%PDF-1.7\nnic", "PDF jest uszkodzony: nie da się go otworzyć."),
    "długi.pdf": (pdf_bytes(pages=501), "PDF może mieć od 1 do 500 stron."),
    "urwany.png": (picture_bytes()[:60], "Obraz jest uszkodzony: nie da się go otworzyć."),
    "urwany.jpg": (picture_bytes("JPEG")[:300], "Obraz jest uszkodzony: nie da się go otworzyć."),
    "olbrzym.png": (
        picture_bytes(size=(20000, 4000), mode="1"),
        "Obraz ma za dużo punktów: najwyżej 64 megapiksele.",
    ),
    "makra.docx": (office_bytes(extra=[("word/vbaProject.bin", b"x")]), ACTIVE_DOCUMENT),
    "makra w typach.docx": (
        office_bytes(types='<a ContentType="application/vnd.ms-word.macroEnabled"/>'),
        ACTIVE_DOCUMENT,
    ),
    "osadzony.docx": (office_bytes(extra=[("word/embeddings/a.bin", b"MZ")]), ACTIVE_DOCUMENT),
    "szablon z sieci.docx": (
        office_bytes(
            extra=[
                (
                    "word/_rels/settings.xml.rels",
                    '<R Type="x/attachedTemplate" Target="//x" TargetMode="External"/>',
                )
            ]
        ),
        ACTIVE_DOCUMENT,
    ),
    "bomba.docx": (bomb(), TOO_LARGE),
    "zaniżony.docx": (understated(), "Dokument jest uszkodzony: nie da się go otworzyć."),
    "szyfr.xlsx": (encrypted_member(), "Dokument jest zabezpieczony hasłem. Zapisz go bez hasła."),
}
