"""Files to be filled in: what they show as an example is what the program reads."""

import io
import re
import zipfile

import pytest

from support.models import ServiceType
from support.workbook.blanks import DICTIONARIES, EXAMPLES, HOW, HOW_HEADERS, blank_of
from support.workbook.contract import ENTITIES, PEOPLE, SERVICES, SHEETS
from support.workbook.files import BookFile
from support.workbook.reader import read_book

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def opened(tmp_path):
    def opened(sheets):
        path = tmp_path / "wzor.xlsx"
        path.write_bytes(blank_of(sheets))
        return BookFile(path)

    return opened


def test_the_example_is_a_workbook_without_errors():
    book = read_book({sheet.name: [sheet.headers, EXAMPLES[sheet]] for sheet in SHEETS})
    assert book.errors == []


def test_every_column_is_explained_with_an_example(opened):
    header, *lines = list(opened(SHEETS)[HOW])
    assert header == HOW_HEADERS
    assert [line[:2] for line in lines] == [
        [sheet.name, name] for sheet in SHEETS for name in sheet.headers
    ]
    told = {(line[0], line[1]): line[2:] for line in lines}
    assert told["Podmioty", "Kod"][0] == "tak"
    assert told["Terminy", "Od"] == ["tak", "Godzina, na przykład 9:00.", "9:00"]
    assert told["Statusy PS", "Od"][1] == "Dzień, na przykład 05.04.2022 albo 5.4.2022."
    assert told["Usługi", "Stan"][1] == "Wartość z listy w arkuszu „Słowniki”."


def test_a_register_alone_needs_no_code_and_its_file_is_read_by_its_sheet(opened):
    book = opened([ENTITIES])
    assert list(book["Podmioty"]) == [ENTITIES.headers]
    assert {line[1]: line[2] for line in book[HOW]}["Kod"] == "nie"


def test_values_of_dictionaries_are_listed_and_offered_in_their_cells(opened):
    columns = list(zip(*opened([SERVICES])[DICTIONARIES], strict=True))
    lists = {title: [value for value in values if value] for title, *values in columns}
    types = list(ServiceType.objects.values_list("name", flat=True))
    assert lists["Usługi: Rodzaj"] == types
    assert lists["Usługi: Stan"] == ["szkic", "złożona", "zatwierdzona", "anulowana"]
    with zipfile.ZipFile(io.BytesIO(blank_of([SERVICES]))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    offered = dict(re.findall(r'sqref="(\w+):\w+".*?<formula1>(.*?)</formula1>', sheet))
    assert offered["H2"] == "'Słowniki'!$B$2:$B$5"
    assert offered["B2"] == f"'Słowniki'!$C$2:$C${len(types) + 1}"


def test_a_register_without_dictionaries_has_no_sheet_of_them(opened):
    assert DICTIONARIES not in opened([PEOPLE])
