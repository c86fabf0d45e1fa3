"""A small valid workbook to edit and write as xlsx: the contract's sheets, a few rows each."""

import re
import zipfile
from copy import deepcopy
from datetime import date, datetime, time

import xlsxwriter

from support.workbook.contract import SHEETS

DAY = date(2022, 5, 10)
LATER = date(2022, 6, 14)

ROWS = {
    "Podmioty": [
        ["P1", "Stowarzyszenie „Próba”", "stowarzyszenie", "1234563218", "016375288",
         "0000098765", "", date(2010, 3, 1), None, "1462011", "09-402", "Płock", "ul. Polna 1",
         "24 000 0001", "biuro@example.org", None, None, date(2022, 4, 5)],
        ["P2", "WTZ Próba", "WTZ", "1234563218", None, None, "", None, None, "1419022", None,
         "Bodzanów", None, None, None, "P1", None, None],
        ["G1", "Grupa Próbna", "grupa inicjatywna", None, None, None, None, None, None, None,
         None, None, None, None, None, None, None, None],
        ["P3", "KGW Próbne", "koło gospodyń wiejskich", None, None, None, "KGW/1",
         date(2022, 9, 1), date(2024, 9, 1), "1404022", None, None, None, None, None, None, "G1",
         None],
    ],
    "Statusy PS": [["P1", "OWES", "1/2020", date(2020, 1, 1), date(2022, 12, 31)]],
    "Osoby": [
        ["O1", "Łucja", "Próbna", "K", date(1980, 2, 3), "o1@example.com", None, "1462011",
         date(2022, 4, 5)],
        ["O2", "Jan", "Próbny", "M", None, None, None, None, None],
    ],
    "Reprezentacje": [
        ["O1", "P1", "prezes", date(2020, 1, 1), None],
        ["O2", "P2", None, None, None],
    ],
    "Usługi": [
        ["U/1", "doradztwo ogólne", "Porada", "Ewa Piórkowska", "stacjonarnie", "Płock",
         "Doradztwo", "zatwierdzona", "P1", "ekologia"],
        ["U/2", "szkolenie", "Szkolenie", "Kinga Łącka", "online", None, None, "złożona",
         "P1; P2; G1", "cyfryzacja; tworzenie PES"],
        ["U/3", "spotkanie sieciujące", "Spotkanie", "Ewa Piórkowska", None, None, None, "szkic",
         None, None],
    ],
    "Terminy": [
        ["U/1", DAY, time(9), time(11, 30), 15],
        ["U/2", DAY, time(9), time(15), None],
        ["U/2", LATER, time(23), time(1), None],
    ],
    "Obecności": [
        ["U/1", DAY, "O1", "P1"],
        ["U/2", DAY, "O1", "P1"],
        ["U/2", DAY, "O2", "P2"],
        ["U/2", LATER, "O1", "G1"],
    ],
    "Współpraca JST": [
        ["J1", "1462", "porozumienie", "1/2022", date(2022, 7, 1), "P1; P3", "Zlecanie zadań"]
    ],
    "Wdrożenia": [["W1", "P1", "cyfrowe", date(2023, 2, 1), "Strona", "U/1"]],
    "Kadra": [
        ["Ewa Piórkowska", "Dostępność", "Kursy", date(2023, 3, 9), date(2023, 3, 10), 7.5, "Z/1"]
    ],
}  # fmt: skip


class Tables(dict):
    """`{sheet: rows}` as the reader takes it, the header first, with edits by row of the sheet."""

    def __init__(self):
        super().__init__(
            {sheet.name: [list(sheet.headers), *deepcopy(ROWS[sheet.name])] for sheet in SHEETS}
        )

    def put(self, sheet, row, header, value):
        self[sheet][row - 1][self[sheet][0].index(header)] = value
        return self

    def add(self, sheet, *cells):
        """A further row; cells left out are empty."""
        width = len(self[sheet][0])
        self[sheet].append([*cells, *[None] * (width - len(cells))])
        return self

    def drop(self, sheet, row):
        del self[sheet][row - 1]
        return self

    def xlsx(self, path):
        book = xlsxwriter.Workbook(path)
        shown = {datetime: "dd.mm.yyyy hh:mm", date: "dd.mm.yyyy", time: "hh:mm"}
        formats = {kind: book.add_format({"num_format": text}) for kind, text in shown.items()}
        for name, rows in self.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if type(cell) in formats:
                        sheet.write_datetime(number, column, cell, formats[type(cell)])
                    elif cell is not None:
                        sheet.write(number, column, cell)
        book.close()
        return path


def with_failed_cells(path, error):
    """The file with every cell of this text as a spreadsheet writes one whose formula failed."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name).decode() for name in package.namelist()}
    texts = re.findall(r"<si><t[^>]*>(.*?)</t></si>", members["xl/sharedStrings.xml"], re.DOTALL)
    cell = re.compile(rf'( r="[A-Z]+[0-9]+") t="s"><v>{texts.index(error)}</v>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, cell.sub(rf'\1 t="e"><v>{error}</v>', content))
    return path
