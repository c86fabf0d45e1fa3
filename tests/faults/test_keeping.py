"""R16, R18: what is kept comes back equal, and what was reported stays what it was."""

import hashlib
import json
import time

import pytest

from tests.faults.processes import HOUSE, Installation, until
from tests.support.workbook.workbooks import Tables

NUMBERS = ("indicators", "--project", "sputnik-ii", "--on", "2024-12-31", "--format", "json")
REPORTS = "/p/sputnik-ii/reports/"
REPORT = REPORTS + "{}/"


def run(installation, script):
    code = (HOUSE / f"tests/faults/{script}.py").read_text("utf-8")
    return installation.manage("shell", "-v0", "-c", code).strip()


def bring(installation, tables, folder, *options):
    path = tables.xlsx(folder / "zapisy.xlsx")
    installation.manage("import_workbook", str(path), "--project", "sputnik-ii", *options)


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def kept(request, tmp_path):
    """An installation with records and a file, where backups go, and its keys."""
    fixture = {"PostgreSQL": "web", "SQLite": "on_sqlite"}[request.param]
    installation = request.getfixturevalue(fixture)
    bring(installation, Tables(), tmp_path)
    file = installation.media / "evidence" / "lista.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF lista")
    keys = [tmp_path / "dobry.key", tmp_path / "zly.key"]
    told = [installation.manage("new_backup_key", str(key)) for key in keys]
    public = next(word for word in told[0].split() if word.startswith("age1"))
    own = {"BACKUP_DIR": str(tmp_path / "kopie"), "BACKUP_KEYS": public.strip(".,")}
    installation.environment |= own
    yield request.param, installation, keys
    installation.environment = {
        name: value for name, value in installation.environment.items() if name not in own
    }


@pytest.fixture
def elsewhere(kept, tmp_path):
    """An empty installation on the same kind of database."""
    database, installation, _ = kept
    empty = Installation(tmp_path / "gdzie-indziej")
    empty.folder.mkdir()
    if database == "PostgreSQL":
        name = f"owes_{int(time.time())}"
        installation.postgres.query(f"CREATE DATABASE {name}")
        url = installation.postgres.url.rpartition("/")[0]
        empty.environment |= {"DATABASE_URL": f"{url}/{name}"}
    return empty


def test_r16_a_backup_stands_up_equal_in_an_empty_place(kept, elsewhere, evidence, tmp_path):
    database, installation, (good, wrong) = kept
    installation.manage("backup")
    [path] = (tmp_path / "kopie").glob("owes-*.tar.age")
    before = json.loads(installation.manage(*NUMBERS))
    run(installation, "taken_out")

    other_key = installation.started("verify_backup", str(path), "--key", str(wrong))
    told_of_key = "".join(other_key.communicate())
    cut = tmp_path / "uciety.tar.age"
    cut.write_bytes(path.read_bytes()[:-1000])
    half = installation.started("verify_backup", str(cut), "--key", str(good))
    told_of_cut = "".join(half.communicate())

    started = time.monotonic()
    told = elsewhere.manage("restore", str(path), "--key", str(good))
    took = time.monotonic() - started
    after = json.loads(elsewhere.manage(*NUMBERS))
    shown = "from entities.models import Person; print(Person.objects.get(code='T16'))"
    person = elsewhere.manage("shell", "-v0", "-c", shown).strip()
    file = (elsewhere.media / "evidence" / "lista.pdf").read_bytes()
    evidence(
        "R16",
        f"{database}: odtworzono w {took:.0f} s, wskaźniki równe: {before == after}, "
        f"zły klucz i ucięty plik: kody {other_key.returncode}, {half.returncode}; {person}",
    )
    assert told.endswith("Gotowe.\n")
    assert (before, file, person) == (after, b"%PDF lista", "osoba zanonimizowana")
    assert (other_key.returncode, half.returncode) == (1, 1)
    assert "Traceback" not in told_of_key + told_of_cut
    assert "klucz" in told_of_key


def test_r16_deleted_rows_are_back_at_a_minute(web, browser, evidence, tmp_path):
    base = web.postgres.base()
    web.postgres.query("CREATE TABLE drill AS SELECT generate_series(1, 247) AS n")
    moment = web.postgres.query("SELECT clock_timestamp()")
    web.postgres.query("DELETE FROM drill")
    started = time.monotonic()
    web.postgres.archive()
    with web.postgres.recovered(base, moment) as back:
        rows = back.query("SELECT count(*) FROM drill")
        took = time.monotonic() - started
    web.postgres.query("DROP TABLE drill")
    evidence("R16", f"do chwili: skasowano 247, wróciło {rows} w {took:.0f} s")
    assert rows == "247"


def test_r18_a_closed_report_stays_when_data_change(web, browser, evidence, tmp_path):
    bring(web, Tables(), tmp_path, "--reason", "próba")
    web.start_worker()
    first = run(web, "closed_report")
    page = REPORT.format(first)
    made = "SELECT count(*) FROM indicators_report WHERE id = {} AND sha256 <> ''"
    until(lambda: web.ask(made.format(first)) == "1", 90, "the file is made")
    lines = "SELECT md5(string_agg(l::text, '' ORDER BY id)) FROM indicators_reportline l"
    lines += " WHERE report_id = {}"

    def state():
        return browser.open(f"{page}file/").content, web.ask(lines.format(first))

    before = state()
    tables = Tables().drop("Obecności", 2).put("Usługi", 2, "Stan", "anulowana")
    bring(web, tables, tmp_path, "--reason", "usługi nie było")
    changed = browser.open(page)
    after = state()
    token = {"csrfmiddlewaretoken": browser.form(REPORTS)["csrfmiddlewaretoken"]}
    correction = browser.open(f"{page}correct/", token).headers["Location"]
    second = run(web, "closed_report")
    numbers = [
        web.ask(f"SELECT number FROM indicators_report WHERE id = {pk}") for pk in (first, second)
    ]
    stored = web.ask(f"SELECT sha256 FROM indicators_report WHERE id = {first}")
    told = web.ask(lines.format(second))
    evidence("R18", f"raport {numbers[0]} bez zmian: {before == after}; korekta {numbers[1]}")
    assert before == after
    assert hashlib.sha256(before[0]).hexdigest() == stored
    assert changed.status == 200
    assert "skład zmieniony" in changed.text or "różnica" in changed.text.lower()
    assert second in correction
    assert numbers == ["1", "1/1"]
    assert told != before[1]
