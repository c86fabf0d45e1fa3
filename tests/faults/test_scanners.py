"""S06: sqlmap and wapiti, over lists, searches, filters, sorts and forms, find the planted hole.

And nothing else. Both are programs of their own: `SQLMAP` and `WAPITI` say where they are.
"""

import csv
import json
import os
import shutil
import subprocess
import urllib.parse

import pytest

from tests.faults.browser import Browser
from tests.faults.conftest import MISSING, installed
from tests.faults.hole import HOLE
from tests.faults.processes import HOUSE

SQLMAP = os.environ.get("SQLMAP") or shutil.which("sqlmap")
WAPITI = os.environ.get("WAPITI") or shutil.which("wapiti")
PROJECT = "/p/sputnik-ii"
# Each parameter with a value that there is, so that a page shows what it would show a user.
ASKED = [
    "/search/?q=fundacja",
    "/entities/?q=fundacja&sort=name",
    "/people/?q=kowal&sort=name",
    f"{PROJECT}/services/?q=doradztwo&type=1&state=approved&support=yes&sort=day"
    "&from_day=01.03.2023&to_day=30.09.2023",
    f"{PROJECT}/queue/?q=a&type=1",
    f"{PROJECT}/entities/?q=a&sort=name",
    f"{PROJECT}/indicators/pes/?q=a&on=2023-06-30&sort=code",
    f"{PROJECT}/adoptions/?q=a&sort=day",
    f"{PROJECT}/partnerships/?q=a&sort=day",
    f"{PROJECT}/staff/?q=a&sort=name",
    f"{PROJECT}/evidence/?q=a&sort=day",
    f"{PROJECT}/checks/?check=V03&show=B",
    f"{PROJECT}/calendar/?month=2023-03&view=week",
    # The last: sqlmap asks nothing more of a server in which it found one.
    f"{HOLE}?q=Fundacja",
]
FORMS = ["/entities/add/", "/people/add/", f"{PROJECT}/staff/members/add/"]
ATTACKS = "sql,xss,permanentxss,exec,file,crlf,redirect"
OWN = ["csrfmiddlewaretoken", "editing-token"]  # signed: what is not as it was sent is refused


@pytest.fixture(scope="module")
def holed():
    """An installation on PostgreSQL with the register of the demonstration and the hole."""
    if MISSING:
        pytest.skip(f"brak: {', '.join(MISSING)}")
    with installed(has_postgres=True) as made:
        register = (HOUSE / "tests/faults/register.py").read_text("utf-8")
        made.manage("shell", "-v0", "-c", register)
        made.end("web")
        made.environment["DJANGO_SETTINGS_MODULE"] = "tests.faults.holed_settings"
        made.start_web()
        yield made


@pytest.fixture
def signed_in(holed):
    browser = Browser(holed.port).sign_in()
    assert {path: browser.open(path).status for path in [*ASKED, *FORMS]} == dict.fromkeys(
        [*ASKED, *FORMS], 200
    )
    return browser


def path_of(url):
    return urllib.parse.urlsplit(url).path


def run(folder, *command):
    """Its words, kept in a file too."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    (folder / "output.txt").write_text(done.stdout + done.stderr, "utf-8")
    return done.stdout


class Sqlmap:
    """One run over an address, or over a file of them; `found` are paths and parameters."""

    def __init__(self, folder, cookie):
        self.folder, self.cookie = folder, cookie
        self.tried, self.found = 0, set()

    def run(self, *given):
        results = self.folder / "results.csv"
        results.unlink(missing_ok=True)
        options = ["--batch", "--flush-session", "--disable-coloring", "--threads", "4"]
        # Not by time: what a busy machine answers late, sqlmap takes for a hole.
        options += [
            "--technique",
            "BEUQ",
            "--dbms",
            "PostgreSQL",
            "--skip",
            ",".join(OWN),
            "--ignore-redirects",
        ]
        options += ["--cookie", self.cookie, "--output-dir", self.folder]
        told = run(self.folder, SQLMAP, *options, "--results-file", results, *given)
        self.tried += told.count("testing for SQL injection on ")
        with results.open(newline="") as file:
            for row in csv.DictReader(file):
                if row["Technique(s)"].strip():
                    self.found.add((path_of(row["Target URL"]), row["Parameter"]))


@pytest.mark.skipif(not SQLMAP, reason="brak: sqlmap")
def test_s06_sqlmap_finds_the_hole_alone(holed, signed_in, tmp_path, evidence):
    scan = Sqlmap(tmp_path, signed_in.cookie)
    targets = tmp_path / "targets.txt"
    targets.write_text("\n".join(signed_in.root + path for path in ASKED))
    scan.run("-m", targets)
    for path in FORMS:
        body = urllib.parse.urlencode(signed_in.form(path))
        targets.write_text(signed_in.root + path)
        scan.run("-m", targets, "--data", body)
    evidence("S06", f"sqlmap: sprawdzonych parametrów {scan.tried}, luki {sorted(scan.found)}")
    assert scan.tried > len(ASKED)
    assert scan.found == {(HOLE, "q")}


@pytest.mark.skipif(not WAPITI, reason="brak: wapiti")
def test_s06_wapiti_finds_the_hole_alone(holed, signed_in, tmp_path, evidence):
    root, report = signed_in.root, tmp_path / "report.json"
    begun = [part for path in [*ASKED[1:], *FORMS] for part in ("--start", root + path)]
    run(
        tmp_path,
        WAPITI,
        *("--url", root + ASKED[0], *begun, "--scope", "domain", "--depth", "0"),
        *("--exclude", f"{root}/accounts/*", "--module", ATTACKS, "--flush-session"),
        *("--header", f"Cookie: {signed_in.cookie}", "--format", "json", "--output", report),
        *("--store-session", tmp_path, "--no-bugreport"),
    )
    told = json.loads(report.read_text("utf-8"))
    found = {
        (kind, path_of(each["path"]))
        for kind, all_of_kind in told["vulnerabilities"].items()
        for each in all_of_kind
    }
    evidence("S06", f"wapiti: stron {told['infos']['crawled_pages_nbr']}, luki {sorted(found)}")
    assert told["infos"]["crawled_pages_nbr"] >= len([*ASKED, *FORMS])
    assert {path for _, path in found} == {HOLE}
    assert {"SQL Injection", "Reflected Cross Site Scripting"} <= {kind for kind, _ in found}
    # What was refused is answered with a sentence; nothing that was sent failed in the program.
    assert "Traceback" not in holed.log("web").replace("tests/faults/hole.py", "")
