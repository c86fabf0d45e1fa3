"""Files of a long list: `python -m bench.exports` on a database filled by `bench.generate`.

The file of all services of the first project, as a worker makes it, in turn with two floors: the
same values, already read, written by csv.writer or xlsxwriter, and besides read by one statement
of SQL. Memory is that of a process that makes the file and nothing else.
"""

import argparse
import csv
import io
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import xlsxwriter
from django.db import connection
from django.urls import reverse

from bench.generate import COORDINATOR
from owes.lists.opening import make_file
from owes.models import Job, User
from support.models import Project

AGGREGATE = {"postgresql": "string_agg({}, '; ')", "sqlite": "group_concat({}, '; ')"}
BY_HAND = """
SELECT v.topic, v.code, v.number, t.name, v.state, v.mode,
  (SELECT {names} FROM support_recipient r JOIN entities_entity e ON e.id = r.entity_id
   WHERE r.service_id = v.id),
  (SELECT {staff} FROM support_serviceadviser a
   JOIN support_staffmember m ON m.id = a.staff_member_id WHERE a.service_id = v.id),
  (SELECT min(s.day) FROM support_session s WHERE s.service_id = v.id),
  (SELECT sum(s.minutes) FROM support_session s WHERE s.service_id = v.id)
FROM support_service v JOIN support_servicetype t ON t.id = v.type_id
WHERE v.project_id = %s ORDER BY 9, 2
"""


def job(wanted):
    path = reverse("support:service_list", args=[Project.objects.order_by("pk").first().slug])
    params = {"path": path, "query": f"format={wanted}", "withheld": False}
    return Job(kind="list_file", owner=User.objects.get(email=COORDINATOR), params=params)


def made(wanted):
    """The file as a worker makes it."""
    return make_file(job(wanted), lambda done, total: None)[1]


def values():
    """Head and rows of the file, as text."""
    text = made("csv").read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def bare(wanted, rows):
    with tempfile.TemporaryFile() as file:
        if wanted == "csv":
            text = io.TextIOWrapper(file, "utf-8", newline="")
            csv.writer(text, delimiter=";").writerows(rows)
            text.flush()
            return
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.close()


def by_hand(wanted):
    how = AGGREGATE[connection.vendor]
    statement = BY_HAND.format(names=how.format("e.name"), staff=how.format("m.name"))
    with connection.cursor() as cursor:
        cursor.execute(statement, [Project.objects.order_by("pk").first().pk])
        bare(wanted, cursor.fetchall())


def _took(work, *arguments):
    begun = process_time()
    work(*arguments)
    return process_time() - begun


def _memory():
    """The most that this process ever held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def report(rounds):
    rows = values()
    sys.stdout.write(
        f"{len(rows) - 1} services on {connection.vendor}, seconds of the processor\n"
    )
    for wanted in ("csv", "xlsx"):
        times = [
            (_took(made, wanted), _took(bare, wanted, rows), _took(by_hand, wanted))
            for _ in range(rounds)
        ]
        ours, floor, hand = (statistics.median(each) for each in zip(*times, strict=True))
        command = [sys.executable, "-m", "bench.exports", "--one", wanted]
        memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        sys.stdout.write(
            f"{wanted:<5} ours {ours:.2f}, bare values {floor:.2f} ({ours / floor:.1f}x), "
            f"SQL and bare values {hand:.2f} ({ours / hand:.1f}x), memory {memory} MB\n"
        )


def one(wanted):
    before = _memory()
    made(wanted)
    sys.stdout.write(f"{before:.0f} -> {_memory():.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=["csv", "xlsx"])
    arguments = parser.parse_args()
    one(arguments.one) if arguments.one else report(arguments.rounds)
