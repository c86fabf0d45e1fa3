"""S21: the words of somebody anonymised are nowhere that a process of the program has written."""

import io
import subprocess
import zipfile

import pytest

from tests.faults.browser import Browser
from tests.faults.processes import POSTGRES, until
from tests.faults.test_files import IMPORTS
from tests.support.workbook.workbooks import Tables

# Letters that every encoding writes alike, so that one search of bytes finds them all.
WORDS = [b"cieklicow", b"zaneta@", b"601234567", b"601 234 567", b"601-234-567"]
TYPED = {
    "first_name": "Żaneta",
    "last_name": "Wścieklicowa",
    "email": "zaneta@example.org",
    "phone": "601 234 567",
}
LIST = "/centre/anonymisations/"
PERSON = "SELECT id FROM entities_person WHERE code = 'T21'"
WAITS = "SELECT count(*) FROM owes_anonymisation WHERE done_at IS NULL"


def holds(content):
    """Whether bytes, or what is packed in them, hold any of the words."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        packed = zipfile.ZipFile(io.BytesIO(content))
        return any(holds(packed.read(name)) for name in packed.namelist())
    return any(word in content.lower() for word in WORDS)


def queue(web):
    """All that Redis holds, as it writes it to a disk, and not packed."""
    client = ["redis-cli", "-p", str(web.redis_port)]
    for command in (["config", "set", "rdbcompression", "no"], ["save"]):
        subprocess.run([*client, *command], check=True, capture_output=True)
    return (web.folder / "dump.rdb").read_bytes()


def dump(web):
    program = POSTGRES[-1] / "pg_dump"
    return subprocess.run([program, web.postgres.url], check=True, capture_output=True).stdout


def places(web):
    """Where the words are: in the dump, in the queue, in files and logs by their names."""
    found = {"baza"} if holds(dump(web)) else set()
    found |= {"kolejka"} if holds(queue(web)) else set()
    # The files of a server of a database hold what was deleted until it is written over.
    files = [path for path in web.folder.rglob("*") if web.postgres.folder not in path.parents]
    files = [path for path in [*files, web.postgres.folder / "log"] if path.is_file()]
    named = [str(path.relative_to(web.folder)) for path in files if holds(path.read_bytes())]
    return found | set(named)


@pytest.fixture
def met(web, browser, tmp_path):
    """The page of somebody whom the worker, pages, a file and a search have met."""
    web.start_worker()
    key = web.ask(PERSON)
    saved = browser.submit(f"/people/{key}/edit/", **TYPED)
    assert saved.status == 302, saved.text
    book = Tables().put("Osoby", 2, "Nazwisko", TYPED["last_name"]).xlsx(tmp_path / "osoby.xlsx")
    assert browser.upload(IMPORTS, book.read_bytes(), "osoby.xlsx").status == 302
    assert TYPED["last_name"] in browser.open("/search/?q=wscieklicowa").text
    return f"{LIST}add/entities.person/{key}/"


def test_s21_the_words_of_somebody_anonymised_are_nowhere(web, browser, met, evidence):
    until(lambda: any("media" in each for each in places(web)), 60, "the file is kept")
    before = places(web)
    assert browser.submit(met, basis="wniosek").status == 302
    other = Browser(web.port).sign_in("admin@example.org", "wiatr w polu 8 razy")
    row = web.ask("SELECT max(id) FROM owes_anonymisation")
    token = {"csrfmiddlewaretoken": other.form(met)["csrfmiddlewaretoken"]}
    other.open(f"{LIST}{row}/approve/", token)
    took = until(lambda: web.ask(WAITS) == "0", 120, "the anonymisation is done")
    after = places(web)
    evidence("S21", f"przed: {sorted(before)}; po {took:.0f} s: {sorted(after)}")
    assert "baza" in before
    assert after == set()
