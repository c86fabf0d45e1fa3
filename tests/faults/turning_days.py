"""Run by `manage.py shell`: services on days when something turns, summed by three periods."""

import calendar
import io
import json
import tempfile
from datetime import date, time
from pathlib import Path

from django.core.management import call_command

from tests.support.workbook.workbooks import Tables

SPRING, AUTUMN = date(2023, 3, 26), date(2023, 10, 29)
DAYS = [date(2023, 1, 1), date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), SPRING]
DAYS += [date(2023, 4, 1), date(2023, 9, 30), AUTUMN, date(2023, 12, 31)]
OUTSIDE = [date(2022, 12, 31), date(2024, 1, 1), date(2024, 2, 29)]


def totals(start, end):
    out = io.StringIO()
    options = {"project": "sputnik-ii", "format": "json", "stdout": out}
    call_command("indicators", "--from", f"{start}", "--to", f"{end}", **options)
    told = json.loads(out.getvalue())["totals"]
    return told["services"], told["minutes"]


def months(first, last):
    end = calendar.monthrange(2023, last)[1]
    return totals(date(2023, first, 1), date(2023, last, end))


tables = Tables()
for number, day in enumerate(DAYS + OUTSIDE):
    code = f"X/{number}"
    tables.add("Usługi", code, "doradztwo ogólne", "Porada", "Ewa Piórkowska", "stacjonarnie",
               "Płock", "Doradztwo", "zatwierdzona", "P1", "ekologia")  # fmt: skip
    tables.add("Terminy", code, day, time(1), time(4), None)
    tables.add("Obecności", code, day, "O1", "P1")
with tempfile.TemporaryDirectory() as folder:
    path = tables.xlsx(Path(folder) / "x.xlsx")
    call_command("import_workbook", str(path), project="sputnik-ii", stdout=io.StringIO())

year = months(1, 12)
quarters = [sum(each) for each in zip(*(months(n, n + 2) for n in (1, 4, 7, 10)), strict=True)]
by_month = [sum(each) for each in zip(*(months(n, n) for n in range(1, 13)), strict=True)]
equal = "tak" if year[1] == quarters[1] == by_month[1] else "nie"
turned = [totals(day, day)[1] for day in (SPRING, AUTUMN)]
print(  # noqa: T201
    f"usługi {year[0]} = {quarters[0]} = {by_month[0]}, minuty równe: {equal}, "
    f"dni zmiany czasu: {turned[0]} i {turned[1]} min"
)
