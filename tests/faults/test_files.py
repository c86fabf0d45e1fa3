"""R06, R07, R08: files that come in, half of them wrong or harmful, and files that go out."""

import csv
import io
import re
import socket
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.write_workbook import rows_of, write
from owes.exports import FORMULA_STARTS
from tests.faults import packages
from tests.faults.browser import Browser
from tests.faults.processes import HOUSE, children, until
from tests.support.workbook.workbooks import Tables

IMPORTS = "/p/sputnik-ii/imports/"
SERVICES = 1400  # of the benchmark's workbook; with what they need, over 10,000 rows
WRITTEN = re.compile(r"(nowe|zmienione|usunięte) [1-9]")  # in what an import says of a sheet
TABLES = ["entities_entity", "entities_person", "support_service", "support_attendance"]


def counts(installation):
    return [int(installation.ask(f"SELECT count(*) FROM {table}")) for table in TABLES]


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def on_each(request):
    fixture = {"PostgreSQL": "web", "SQLite": "on_sqlite"}[request.param]
    return request.param, request.getfixturevalue(fixture)


def imports(installation, path):
    return installation.started("import_workbook", str(path), "--project", "sputnik-ii")


def test_r06_a_large_import_is_whole_or_nothing(on_each, evidence, tmp_path):
    database, installation = on_each
    rows = rows_of(SERVICES)
    expected = [len(rows[name]) for name in ("Podmioty", "Osoby", "Usługi", "Obecności")]
    good, bad = tmp_path / "dobry.xlsx", tmp_path / "zly.xlsx"
    write(rows, good)
    rows["Obecności"][-1] |= {"Osoba": "NIKT"}
    write(rows, bad)
    before = counts(installation)

    refused = imports(installation, bad)
    told = "".join(refused.communicate())
    place = f"arkusz „Obecności”, wiersz {len(rows['Obecności']) + 1}, kolumna „Osoba”"
    assert (refused.returncode, place in told) == (1, True), told
    assert counts(installation) == before

    killed = imports(installation, good)
    until(installation.is_writing, 120, "the import writes")
    killed.kill()
    killed.communicate()
    after_kill = counts(installation)

    first = imports(installation, good)
    first.communicate()
    added = [now - then for now, then in zip(counts(installation), before, strict=True)]
    again = imports(installation, good)
    unchanged = again.communicate()[0]
    total = sum(map(len, rows.values()))
    evidence(
        "R06",
        f"{database}: {total} wierszy, jeden zły: {place}; po kill -9 "
        f"{'nic' if after_kill == before else after_kill}; potem {added}, drugi raz nic",
    )
    assert after_kill == before
    assert (first.returncode, again.returncode, added) == (0, 0, expected)
    assert [now - then for now, then in zip(counts(installation), before, strict=True)] == expected
    assert not WRITTEN.search(unchanged), unchanged


@contextmanager
def listener():
    """An address, and what came to it."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            while True:
                try:
                    came.append(server.accept()[1])
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", came


def memory(installation):
    """MiB of the largest process of the pages."""
    sizes = []
    for pid in children(installation.processes["web"].pid):
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
        sizes.append(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)
    return max(sizes)


def forget_peak(installation):
    for pid in children(installation.processes["web"].pid):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def test_r07_harmful_workbooks_are_refused_at_once(web, browser, evidence, tmp_path):
    good = Tables().xlsx(tmp_path / "dobry.xlsx")
    assert browser.upload(IMPORTS, good.read_bytes(), "dobry.xlsx").status == 302
    with listener() as (url, came):
        harmful = {
            "bomba": packages.bomb(good),
            "kłamie o wielkości": packages.lying_bomb(good),
            "zip w zip": packages.nested_bomb(good),
            "milion kolumn": packages.million_columns(good),
            "powtórzone encje": packages.repeated_entity(good),
        }
        forget_peak(web)
        before = memory(web)
        answers = {name: browser.upload(IMPORTS, body, "x.xlsx") for name, body in harmful.items()}
        grown = memory(web) - before
        reaching = [packages.external_link(good, url), packages.outside_entity(good, url)]
        web.start_worker()
        reached = [browser.upload(IMPORTS, body, "x.xlsx") for body in reaching]
        ended = "SELECT count(*) FROM owes_job WHERE state IN ('queued', 'running')"
        until(lambda: web.ask(ended) == "0", 60, "imports are checked")
    told = {name: (answer.status, round(answer.seconds, 1)) for name, answer in answers.items()}
    kept = web.ask("SELECT count(*) FROM support_import WHERE result::text LIKE '%root:%'")
    evidence("R07", f"{told}, pamięć +{grown:.0f} MiB, {len(came)} połączeń na zewnątrz")
    assert {answer.status for answer in answers.values()} <= {200, 302}
    assert max(answer.seconds for answer in answers.values()) < 5
    assert grown < 50
    assert ({answer.status for answer in reached} <= {200, 302}, came, kept) == (True, [], "0")
    for name in ("bomba", "kłamie o wielkości", "milion kolumn"):
        assert answers[name].status == 200, name  # the form again, with a sentence


def test_r08_no_file_that_goes_out_holds_a_formula(on_sqlite, evidence, tmp_path):
    """Names that begin with a sign of a formula, in both formats, out and in again."""
    script = (HOUSE / "tests/faults/formulas.py").read_text("utf-8")
    names = on_sqlite.manage("shell", "-v0", "-c", script).split("\x1e")[:-1]
    browser = Browser(on_sqlite.port).sign_in()
    book = browser.open("/entities/?q=wzorzec&format=xlsx").content
    table = browser.open("/entities/?q=wzorzec&format=csv").content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/" in name]
    formulas = sum(len(re.findall(rb"<f[ >]", sheet)) for sheet in sheets)
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row]
    live = [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    whole = tmp_path / "calosc.xlsx"
    on_sqlite.manage("export_workbook", str(whole), "--project", "sputnik-ii")
    own = "SELECT name FROM entities_entity WHERE code LIKE 'F%' ORDER BY id"
    count = f"SELECT group_concat(name, '|') FROM ({own})"
    before = on_sqlite.ask(count)
    told = on_sqlite.manage("import_workbook", str(whole), "--project", "sputnik-ii")
    evidence("R08", f"{len(names)} początków: formuł w xlsx {formulas}, żywych w csv {len(live)}")
    assert len(names) == 12
    assert sum("wzorzec" in cell for cell in cells) == 12
    assert (formulas, live, on_sqlite.ask(count)) == (0, [], before)
    assert not WRITTEN.search(told), told
