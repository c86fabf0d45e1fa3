"""Writes an exchange workbook: `python -m bench.write_workbook 20000 big.xlsx`.

Of so many services, a fortieth as many entities, a tenth as many people, about five attendances a
service. Mostly in order: twenty services a day, twelve advisers, people of the entity; each
fiftieth has a collision.
"""

import argparse
import random
from datetime import date, time, timedelta

import xlsxwriter

from support.workbook.contract import SHEETS

GMINAS = ["1419022", "1462011", "1427052", "1404022"]
FIRST = date(2022, 4, 5)
SYLLABLES = ["ba", "ce", "do", "gra", "ja", "ko", "li", "mo", "nie", "po", "ro", "sta", "wi", "zu"]


def name(draw):
    return "".join(draw.choices(SYLLABLES, k=4)).capitalize()


def rows_of(services):
    draw = random.Random(1)
    entities, people = services // 40, services // 10
    rows = {sheet.name: [] for sheet in SHEETS}
    for n in range(entities):
        cells = {"Kod": f"P{n}", "Nazwa": f"Stowarzyszenie {name(draw)} {name(draw)}"}
        cells |= {"Forma prawna": "stowarzyszenie", "TERYT gminy": GMINAS[n % 4]}
        rows["Podmioty"].append(cells)
        if n % 10 == 0:
            status = {"Podmiot": f"P{n}", "Podstawa": "OWES", "Od": date(2020, 1, 1)}
            rows["Statusy PS"].append(status)
    for n in range(people):
        person = {"Kod": f"O{n}", "Imię": "Anna", "Nazwisko": name(draw), "Płeć": "KM"[n % 2]}
        rows["Osoby"].append(person)
    members = {f"P{n}": draw.sample(range(people), 5) for n in range(entities)}
    for entity, persons in members.items():
        rows["Reprezentacje"] += [{"Osoba": f"O{n}", "Podmiot": entity} for n in persons]
    for n in range(services):
        code, entity, day = f"U/{n}", f"P{n % entities}", FIRST + timedelta(days=n // 20 % 1000)
        hour = 9 if n % 50 == 0 else 8 + 3 * (n % 20 // 12)
        rows["Usługi"].append(
            {
                "Nr": code,
                "Rodzaj": "szkolenie" if n % 4 == 0 else "doradztwo ogólne",
                "Temat": f"Temat usługi {n}",
                "Doradca": f"Pracownik {n % 12}",
                "Tryb": "stacjonarnie",
                "Działanie": "Doradztwo",
                "Stan": "zatwierdzona" if n % 10 else "szkic",
                "Podmioty": entity,
                "Zagadnienia": "ekologia" if n % 3 == 0 else "",
            }
        )
        rows["Terminy"].append(
            {"Usługa": code, "Data": day, "Od": time(hour), "Do": time(hour + 3)}
        )
        for person in members[entity]:
            row = {"Usługa": code, "Data": day, "Osoba": f"O{person}", "Podmiot": entity}
            rows["Obecności"].append(row)
        if n % 50 == 0:
            adoption = {"Nr": f"W{n}", "Podmiot": entity, "Rodzaj": "cyfrowe"}
            rows["Wdrożenia"].append(adoption | {"Data": day, "Usługi": code})
    rows["Współpraca JST"] = [
        {"Nr": f"J{n}", "TERYT": gmina, "Rodzaj": "spotkanie", "Data": FIRST}
        for n, gmina in enumerate(GMINAS)
    ]
    rows["Kadra"] = [{"Pracownik": "Pracownik 0", "Temat": "Kurs", "Od": FIRST}]
    return rows


def write(rows, path):
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"})
    clock = book.add_format({"num_format": "hh:mm"})
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        page.write_row(0, 0, sheet.headers)
        for number, cells in enumerate(rows[sheet.name], start=1):
            for column, header in enumerate(sheet.headers):
                value = cells.get(header, "")
                if isinstance(value, time):
                    page.write_datetime(number, column, value, clock)
                elif value != "":
                    page.write(number, column, value)
    book.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", type=int)
    parser.add_argument("file")
    options = parser.parse_args()
    write(rows_of(options.services), options.file)
