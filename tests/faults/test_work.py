"""R01, R02, R09, R15: workers, Redis, the disk and a deployment."""

import os
import signal
import subprocess
import time

import pytest

from owes.jobs import LEASE, NO_PLACE
from tests.faults.processes import children, until
from tests.faults.test_database import ADD, Writers, name

REPORTS = "/p/sputnik-ii/reports/"
KILLS = int(os.environ.get("FAULTS_KILLS", "1"))  # ten before a release
LEASE_AND_A_MINUTE = LEASE.total_seconds() + 60


def ordered(browser):
    """The address of a report just ordered, which ends with the key of its row."""
    answer = browser.submit(REPORTS, format="pdf")
    assert answer.status == 302
    return answer.headers["Location"]


def state(web, page):
    key = page.strip("/").split("/")[-1]
    return web.postgres.query(f"SELECT state FROM owes_job WHERE id = {key}")


def files(web):
    return [path for path in web.media.rglob("*") if path.is_file()]


def swept(web):
    for path in files(web):
        path.unlink()


@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("what", ["child", "main"])
def test_r01_a_worker_killed_in_a_report_leaves_one_file(web, browser, evidence, what, number):
    swept(web)
    worker = web.start_worker()
    page = ordered(browser)
    until(lambda: state(web, page) == "running" and children(worker.pid), 60, "report begins")
    time.sleep(0.3 * number)
    if what == "child":
        os.kill(children(worker.pid)[-1], signal.SIGKILL)
    else:
        web.end("worker")
        waits = browser.open(page)
        assert waits.status == 200
        web.start_worker()
    took = until(
        lambda: state(web, page) in ("done", "failed"), LEASE_AND_A_MINUTE, "report is made"
    )
    made = [path.suffix for path in files(web)]
    evidence("R01", f"zabity {what}: {state(web, page)} po {took:.0f} s, pliki {made}")
    assert (state(web, page), made) == ("done", [".pdf"])


def test_r02_redis_is_away_while_people_save_and_order(web, browser, evidence):
    web.end("redis")
    saves = [browser.submit(ADD, name=name(9000 + number)) for number in range(20)]
    pages = [ordered(browser) for _ in range(3)]
    waits = browser.open(pages[0])
    web.start_redis()
    web.start_worker()
    took = until(lambda: {state(web, page) for page in pages} == {"done"}, 90, "reports are made")
    longest = max(save.seconds for save in saves)
    evidence("R02", f"20 zapisów, najdłuższy {longest:.2f} s; 3 raporty {took:.0f} s po powrocie")
    assert {save.status for save in saves} == {302}
    assert longest < 2
    assert (waits.status, "kolejce" in waits.text) == (200, True)
    assert "Traceback" not in web.log("web")


def test_without_a_worker_the_page_says_who_was_told(web, browser, evidence):
    page = ordered(browser)
    web.postgres.query("UPDATE owes_job SET created_at = now() - interval '2 minutes'")
    texts = [browser.open(page).text for _ in range(3)]
    letters = [path.read_text("utf-8") for path in (web.folder / "mail").glob("*")]
    letters = [letter for letter in letters if "To: admin@example.org" in letter]
    evidence("bez workera", f"listów {len(letters)}")
    assert all("Program, który robi to w tle, nie odpowiada." in text for text in texts)
    assert all("List o tym dostali administratorzy" in text for text in texts)
    assert len(letters) == 1


@pytest.mark.skipif(os.getuid() != 0, reason="a small disk is mounted by root")
def test_r09_a_full_disk_fails_with_a_sentence_and_heals(web, browser, evidence):
    web.media.mkdir(exist_ok=True)
    swept(web)
    disk = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", str(web.media)]
    subprocess.run(disk, check=True)
    try:
        (web.media / "ballast").write_bytes(b"x" * 60 * 1024)
        web.start_worker()
        page = ordered(browser)
        until(lambda: state(web, page) == "failed", 90, "report fails")
        failed = browser.open(page)
        left = [path.name for path in web.media.rglob("*")]
        other = browser.submit(ADD, name=name(77))
        subprocess.run(["mount", "-o", "remount,size=8m", str(web.media)], check=True)
        again = ordered(browser)
        until(lambda: state(web, again) == "done", 90, "report is made")
    finally:
        subprocess.run(["umount", str(web.media)], check=True)
    evidence("R09", f"zostało {left}, inny zapis {other.status}, po zwolnieniu miejsca gotowe")
    assert NO_PLACE in failed.text
    assert (left, other.status) == (["ballast"], 302)


def test_r15_pages_are_restarted_under_writers(web, evidence):
    with Writers(web.port, 4) as writers:
        time.sleep(1)
        for _ in range(2):
            web.processes["web"].send_signal(signal.SIGHUP)
            time.sleep(3)
    told = writers.statuses()
    evidence("R15", f"2 x HUP pod zapisem: {told}")
    assert set(told) == {302}


def test_r15_a_worker_told_to_end_finishes_its_work(web, browser, evidence):
    worker = web.start_worker()
    page = ordered(browser)
    until(lambda: state(web, page) == "running", 60, "report begins")
    web.end("worker", signal.SIGTERM)
    told = state(web, page)
    evidence("R15", f"worker zakończony TERM: {told}, kod {worker.returncode}")
    assert (told, worker.returncode) == ("done", 0)
