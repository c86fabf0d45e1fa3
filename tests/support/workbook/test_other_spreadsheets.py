"""Workbooks of other programs: xls and ods, with their errors, sheets and bombs."""

from contextlib import suppress
from datetime import date
from random import Random

import pytest

from support.workbook.contract import PEOPLE
from support.workbook.files import BookFile, read_table
from support.workbook.packages import DAMAGED, NOT_BOOK, PROTECTED, TOO_LARGE, UnreadableFile
from tests.support.workbook.spreadsheets import FAILED, ods, ods_of, xls

PEOPLE_ROWS = [["Kod", "Imię", "Nazwisko", "Płeć"], ["O1", "Łucja", "Próbna", "K"]]
WRITERS = pytest.mark.parametrize("write", [xls, ods])


@pytest.fixture
def kept(tmp_path):
    def keeping(content):
        path = tmp_path / "plik"
        path.write_bytes(content)
        return path

    return keeping


def refusal(path):
    with pytest.raises(UnreadableFile) as caught:
        BookFile(path)
    return str(caught.value)


@WRITERS
def test_book_file_reads_texts_numbers_and_days_in_their_places(kept, write):
    rows = [["Kod", "Data", ""], ["Łąka", date(2022, 4, 5), 17], ["", "", "koniec"]]
    assert list(BookFile(kept(write({"Arkusz1": rows})))["Arkusz1"]) == rows


@WRITERS
def test_book_file_names_a_cell_whose_formula_failed(kept, write):
    sheets = {"Pierwszy": [["a"]], "Łąki": [["Kod", "Data"], ["A", FAILED], [FAILED, "b"]]}
    book = BookFile(kept(write(sheets)))
    assert list(book["Łąki"]) == [["Kod", "Data"], ["A", "#N/A"], ["#N/A", "b"]]
    assert list(book["Pierwszy"]) == [["a"]]


@WRITERS
def test_the_sheet_of_a_register_is_the_one_with_its_columns(kept, write):
    path = kept(write({"Opis": [["Lista osób"]], "Uczestnicy": PEOPLE_ROWS, "Kopia": PEOPLE_ROWS}))
    reading = read_table(path, PEOPLE)
    assert (reading.sheet, reading.sheets) == ("Uczestnicy", ("Opis", "Uczestnicy", "Kopia"))
    assert reading.rows == PEOPLE_ROWS


def test_the_sheet_called_as_the_register_goes_before_others(kept):
    path = kept(xls({"Uczestnicy": PEOPLE_ROWS, "OSOBY": [["Kod"]]}))
    assert read_table(path, PEOPLE).sheet == "OSOBY"


def test_the_sheet_that_is_named_is_read_also_a_hidden_one(kept):
    path = kept(xls({"Osoby": PEOPLE_ROWS, "Ukryty": [["x"]]}, hidden=["Ukryty"]))
    assert read_table(path, PEOPLE).sheets == ("Osoby",)
    assert read_table(path, PEOPLE, named="Ukryty").rows == [["x"]]


def test_of_no_register_the_first_sheet_is_read(kept):
    path = kept(xls({"Opis": [["x"]], "Osoby": PEOPLE_ROWS}))
    assert read_table(path).rows == [["x"]]


@pytest.mark.parametrize("size", [600, 5000])
def test_book_file_refuses_another_file_of_the_old_kind(kept, size):
    assert refusal(kept(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(size))) == NOT_BOOK


def test_book_file_refuses_an_xls_under_a_password(kept):
    content = xls({"Arkusz1": [["x"]]})
    start = content.index(b"\x09\x08\x10\x00")  # the first record and its body
    protected = content[: start + 20] + b"\x2f\x00\x06\x00" + content[start + 24 :]
    assert refusal(kept(protected)) == PROTECTED


def test_book_file_refuses_an_xls_with_a_cell_far_from_all_others(kept):
    rows = [["x"], *([[]] * 60_000), [*([""] * 60), "y"]]
    assert refusal(kept(xls({"Arkusz1": rows}))) == TOO_LARGE


@WRITERS
def test_book_file_refuses_or_reads_what_is_damaged_at_random(tmp_path, write):
    """The library itself panics at some of these files."""
    draw, content = Random(17), write({"A": [["Kod", "ą"]] * 50, "B": [[1, FAILED]]})
    for number in range(300):
        damaged = bytearray(content)
        for _ in range(draw.randint(1, 6)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path = tmp_path / str(number)
        path.write_bytes(damaged[: draw.randint(len(damaged) // 2, len(damaged))])
        with suppress(UnreadableFile):
            book = BookFile(path)
            assert all(isinstance(row, list) for name in book.names for row in book[name])


def test_book_file_refuses_a_file_at_which_the_library_panics(kept):
    content = bytearray(xls({"A": [["Kod", "ą"]] * 50}))
    start = content.index(b"\xfc\x00", 512)  # the record of shared texts
    content[start + 2 : start + 4] = b"\x09\x00"
    assert refusal(kept(bytes(content))) == DAMAGED


FULL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
EMPTY = "<table:table-cell{}/>"
ROW = "<table:table-row{}>{}</table:table-row>"


def repeated(what, times):
    return f' table:number-{what}-repeated="{times}"'


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format(repeated("rows", 1_000_000), FULL.format("")),
        ROW.format("", FULL.format(repeated("columns", 16_000))),
        ROW.format(repeated("rows", 1_000_000), EMPTY.format(""))
        + ROW.format("", FULL.format("")),
        ROW.format("", EMPTY.format(repeated("columns", 500)) + FULL.format("")),
        ROW.format(repeated("rows", 150_000), FULL.format(repeated("columns", 90))),
    ],
)
def test_book_file_refuses_an_ods_of_repeated_cells(kept, rows):
    assert refusal(kept(ods_of(f'<table:table table:name="A">{rows}</table:table>'))) == TOO_LARGE


def test_book_file_takes_an_ods_formatted_down_to_its_last_row(kept):
    wide = EMPTY.format(repeated("columns", 16_384))
    rows = ROW.format("", FULL.format("")) + ROW.format(repeated("rows", 1_048_575), wide)
    book = BookFile(kept(ods_of(f'<table:table table:name="A">{rows}</table:table>')))
    assert list(book["A"]) == [["x"]]
