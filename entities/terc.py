"""TERC, the register of territorial division: read, and brought into the local governments.

Works on the models it is given (`apps`), so that a migration and a command share it.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from owes.models import fill_search

TERC_FILE = Path(__file__).parent / "data" / "terc.csv"
TERC_DAY = date(2024, 1, 1)
CITY_MARK = "na prawach powiatu"

# Kinds that changed around the project: (former code, last day, new code, first day).
KNOWN_CHANGES = [
    ("1419022", date(2022, 12, 31), "1419023", date(2023, 1, 1)),  # Bodzanów
    ("1419142", date(2025, 12, 31), "1419143", date(2026, 1, 1)),  # Staroźreby
]


class TercRow(NamedTuple):
    code: str
    name: str
    is_city: bool


class TercError(ValueError):
    """The file is not a TERC file of GUS; the message is for the person who gave it."""


def shipped_rows() -> Iterator[TercRow]:
    with TERC_FILE.open(encoding="utf-8", newline="") as file:
        for code, name, city in list(csv.reader(file))[1:]:
            yield TercRow(code, name, bool(city))


def gus_rows(path: str) -> tuple[list[TercRow], date]:
    """`(rows, day)` of a file `WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA`; raises `TercError`."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file, delimiter=";"))
        rows = [
            TercRow(
                r["WOJ"] + r["POW"] + r["GMI"] + r["RODZ"],
                r["NAZWA"],
                not r["GMI"] and CITY_MARK in r["NAZWA_DOD"],
            )
            for r in table
        ]
        day = date.fromisoformat(table[0]["STAN_NA"])
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise TercError("To nie jest plik TERC z GUS (WOJ;POW;GMI;RODZ;NAZWA;…).") from error
    if any(len(row.code) not in (2, 4, 7) or not row.code.isdigit() for row in rows):
        raise TercError("Plik TERC zawiera kod o złej długości.")
    return rows, day


def load_terc(apps: Any, rows: Iterable[TercRow], day: date) -> tuple[int, int]:
    """Adds and renames local governments and codes; a code gone by the day ends the day before.

    Nothing is deleted: old rows of the register point at old codes. Answers how many codes are
    new and how many ended.
    """
    LocalGovernment = apps.get_model("entities", "LocalGovernment")
    TerytCode = apps.get_model("entities", "TerytCode")
    rows = sorted(rows, key=lambda row: (len(row.code), row.code))
    cities = {row.code for row in rows if row.is_city}
    governments = {row.code: row for row in LocalGovernment.objects.all()}
    is_first = not governments
    for length in (2, 4, 7):
        new, renamed = [], []
        for row in rows:
            if len(row.code) != length or not (fields := _government(row, cities)):
                continue
            code, level, kind = fields
            known = governments.get(code)
            government = known or LocalGovernment(code=code)
            before = (government.name, government.level, government.kind)
            government.name, government.level, government.kind = row.name, level, kind
            government.parent = governments.get(code[:2] if len(code) == 4 else code[:4])
            if len(code) == 6:
                government.powiat = government.parent
            fill_search(government, ("name", "code"), "name")
            if not known:
                new.append(government)
            elif before != (row.name, level, kind):
                renamed.append(government)
        _save(LocalGovernment, new, renamed, is_powiat=length == 4)
        governments.update({row.code: row for row in new})
    return _load_codes(TerytCode, rows, governments, cities, day, is_first)


def _government(row: TercRow, cities: set[str]) -> tuple[str, str, str] | None:
    """`(code, level, kind)` of the local government a row is, or None for a part of one."""
    if len(row.code) == 2:
        return row.code, "voivodeship", ""
    if len(row.code) == 4:
        return row.code, "city" if row.is_city else "powiat", ""
    if row.code[6] in "123" and row.code[:4] not in cities:
        return row.code[:6], "gmina", row.code[6]
    return None


def _save(LocalGovernment: Any, new: list, renamed: list, is_powiat: bool) -> None:
    """A powiat points at itself, which it can do only once it has a key."""
    if is_powiat:
        for government in new:
            government.save()
            government.powiat_id = government.pk
        LocalGovernment.objects.bulk_update(new, ["powiat"])
    else:
        LocalGovernment.objects.bulk_create(new)
    fields = ["name", "level", "kind", "search_text", "sort_key"]
    LocalGovernment.objects.bulk_update(renamed, fields)


def _load_codes(
    TerytCode: Any,
    rows: list[TercRow],
    governments: dict,
    cities: set[str],
    day: date,
    is_first: bool,
) -> tuple[int, int]:
    known = {row.code: row for row in TerytCode.objects.all()}
    present = {row.code for row in rows}
    new = [
        TerytCode(
            code=row.code,
            local_government=governments[_leads_to(row.code, cities)],
            valid_from=None if is_first else day,
        )
        for row in rows
        if row.code not in known
    ]
    ended = [
        code
        for code in known.values()
        if code.code not in present
        and code.valid_until is None
        and (code.valid_from or date.min) < day
    ]
    for code in ended:
        code.valid_until = day - timedelta(days=1)
    TerytCode.objects.bulk_create(new)
    TerytCode.objects.bulk_update(ended, ["valid_until"])
    return len(new), len(ended)


def _leads_to(code: str, cities: set[str]) -> str:
    """Kinds 4 and 5 lead to the gmina of the same six digits, 8 and 9 to the city."""
    if len(code) < 7:
        return code
    return code[:4] if code[:4] in cities else code[:6]


def load_known_changes(apps: Any) -> None:
    """The codes that changed around the first project, with their days."""
    TerytCode = apps.get_model("entities", "TerytCode")
    for old, last_day, new, first_day in KNOWN_CHANGES:
        codes = TerytCode.objects.filter(code__in=[old, new])
        government = codes.select_related("local_government").first().local_government
        for code, days in ((old, {"valid_until": last_day}), (new, {"valid_from": first_day})):
            TerytCode.objects.update_or_create(
                code=code, defaults={"local_government": government, **days}
            )
        if government.kind != new[6]:
            government.kind = new[6]
            government.save(update_fields=["kind"])
