"""Files drawn for the demonstration are such as the program takes in, and alike every time."""

import io

import pypdfium2
from PIL import Image

from support.evidence.uploads import check_file
from support.workbook.demonstration_files import pdf_page, picture


def named(content, name):
    file = io.BytesIO(content)
    file.name, file.size = name, len(content)
    return file


def test_pdf_page_is_taken_in_and_says_its_text():
    content = pdf_page("Zażółć gęślą jaźń", ["Dotyczy: usługa U/0001/2024 (ŁĄCK)"])
    assert check_file(named(content, "karta.pdf")).suffix == "pdf"
    page = pypdfium2.PdfDocument(content)[0]
    text = page.get_textpage().get_text_bounded()
    assert text.splitlines() == ["Zazólc gesla jazn", "Dotyczy: usluga U/0001/2024 (LACK)"]


def test_letters_of_polish_have_their_marks():
    bare, marked = (
        pypdfium2.PdfDocument(pdf_page(text, []))[0].get_objects() for text in ("zolw", "żółw")
    )
    # A dot and a stroke; the mark of the ó is in the font.
    assert len(list(marked)) - len(list(bare)) == 2


def test_picture_is_taken_in():
    content = picture("W006")
    assert check_file(named(content, "zrzut.png")).suffix == "png"
    assert Image.open(io.BytesIO(content)).size == (480, 320)


def test_files_are_alike_at_every_making_and_small():
    assert pdf_page("Karta", ["x"]) == pdf_page("Karta", ["x"]) != pdf_page("Karta", ["y"])
    assert picture("W006") == picture("W006") != picture("W007")
    assert len(pdf_page("Karta", ["x"])) < 2_000
    assert len(picture("W006")) < 6_000
