"""What is taken for a workbook, and what is refused before it fills the memory."""

import struct
import zipfile
from datetime import datetime, time, timedelta

import pytest
import xlsxwriter

from support.workbook.files import BookFile, read_csv_folder
from support.workbook.packages import (
    DAMAGED,
    NOT_BOOK,
    TOO_LARGE,
    UnreadableFile,
    column_number,
)
from support.workbook.reader import read_book
from tests.support.workbook.workbooks import Tables

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path):
    return Tables().xlsx(tmp_path / "skoroszyt.xlsx")


def rewritten(path, name, change):
    """The package with one member changed."""
    with zipfile.ZipFile(path) as package:
        members = {member: package.read(member) for member in package.namelist()}
    members[name] = change(members.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for member, content in members.items():
            package.writestr(member, content)
    return path


def refusal(path):
    with pytest.raises(UnreadableFile) as caught:
        BookFile(path)
    return str(caught.value)


def with_cells(path, cells):
    return rewritten(
        path, SHEET, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")
    )


@pytest.mark.parametrize(
    "content", [b"", b"Kod;Nazwa", b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04"]
)
def test_xlsx_file_refuses_what_is_not_xlsx(tmp_path, content):
    path = tmp_path / "plik.xlsx"
    path.write_bytes(content)
    assert refusal(path) == NOT_BOOK


def test_xlsx_file_refuses_another_zip(tmp_path):
    path = tmp_path / "plik.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w:document/>")
    assert refusal(path) == NOT_BOOK


def test_xlsx_file_refuses_a_damaged_package(path):
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        start = package.getinfo(SHEET).header_offset + 100
    content[start : start + 40] = bytes(40)
    path.write_bytes(content)
    assert refusal(path) == DAMAGED


def test_xlsx_file_refuses_broken_xml_of_a_sheet(path):
    rewritten(path, SHEET, lambda xml: xml[: len(xml) // 2] + b"<<<")
    with pytest.raises(UnreadableFile):
        list(BookFile(path)["Podmioty"])


def test_xlsx_file_refuses_a_package_that_unpacks_to_too_much(path):
    rewritten(path, "xl/media/zeros.bin", lambda old: bytes(60 * 2**20))
    assert refusal(path) == TOO_LARGE


def test_xlsx_file_refuses_a_package_that_lies_of_its_size(path):
    rewritten(path, "xl/media/zeros.bin", lambda old: bytes(60 * 2**20))
    content = path.read_bytes()
    true = struct.pack("<I", 60 * 2**20)
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, struct.pack("<I", 1000)))
    assert refusal(path) == DAMAGED


def test_xlsx_file_refuses_too_many_members(path):
    with zipfile.ZipFile(path, "a") as package:
        for number in range(600):
            package.writestr(f"xl/media/{number}.txt", "x")
    assert refusal(path) == TOO_LARGE


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="9"><c r="XFD9"><v>1</v></c></row>',
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
        b"<row r='1048576'><c  r = 'B1048576' t='n'><v>1</v></c></row>",
        b'<row r="150000"><c r="CA150000"><v>1</v></c></row>',
    ],
)
def test_xlsx_file_refuses_a_cell_far_from_all_others(path, cells):
    assert refusal(with_cells(path, cells)) == TOO_LARGE


@pytest.mark.usefixtures("db")
def test_xlsx_file_takes_formats_without_content_down_to_the_last_row(path):
    with_cells(path, b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>')
    assert read_book(BookFile(path)).errors == []


@pytest.mark.usefixtures("db")
def test_xlsx_file_is_known_by_content_and_its_other_sheets_are_ignored(tmp_path):
    tables = Tables()
    tables["Uwagi"] = [["cokolwiek"]]
    path = tables.xlsx(tmp_path / "bez-rozszerzenia")
    assert read_book(BookFile(path)).errors == []


def test_xlsx_file_keeps_rows_and_columns_in_their_places(tmp_path):
    path = tmp_path / "plik.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Puste")
    book.add_worksheet("Dalej").write(2, 1, "treść")
    book.close()
    file = BookFile(path)
    assert list(file["Puste"]) == []
    assert list(file["Dalej"])[2] == ["", "treść"]
    assert len(list(file["Dalej"])) == 3


def test_xlsx_file_reads_every_minute_of_a_day(tmp_path):
    """Excel keeps 13:20 as 0.5555...; none of the 1440 may slip by a minute."""
    path = tmp_path / "plik.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, clock = book.add_worksheet("Godziny"), book.add_format({"num_format": "hh:mm"})
    for minute in range(1440):
        sheet.write_number(minute, 0, minute / 1440 - 1e-10 * (minute % 3), clock)
    sheet.write_number(0, 0, 0, clock)
    book.close()
    midnight = datetime(2022, 1, 1)
    times = [(midnight + timedelta(minutes=minute)).time() for minute in range(1440)]
    read = [row[0].replace(microsecond=0) for row in BookFile(path)["Godziny"]]
    assert times[0] == time(0)
    assert read == times


def test_read_csv_folder_reads_a_sheet_a_file(tmp_path):
    (tmp_path / "staff.csv").write_text('Pracownik,Temat\n"Ósmak, Jan",Kurs\n', encoding="utf-8")
    assert read_csv_folder(tmp_path) == {"Kadra": [["Pracownik", "Temat"], ["Ósmak, Jan", "Kurs"]]}


def test_column_number_counts_as_a_spreadsheet_does():
    assert [column_number(letters) for letters in (b"", b"A", b"Z", b"AA", b"CV", b"XFD")] == [
        0,
        1,
        26,
        27,
        100,
        16384,
    ]
