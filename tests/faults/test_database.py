"""R03, R05, R14: a database that goes away, waits or meets two writers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.faults.browser import Browser, fields
from tests.faults.processes import until

ADD = "/p/sputnik-ii/staff/members/add/"
TABLE = "support_staffmember"
WORDS = ["ala", "bela", "cela", "dela", "ela", "fela", "gela", "hela", "ila", "jola"]


def name(number):
    """Of letters alone, as names are."""
    return f"Osoba z fali {' '.join(WORDS[int(digit)] for digit in str(number))}"


def saved(web, number):
    return web.postgres.query(f"SELECT count(*) FROM {TABLE} WHERE name = '{name(number)}'")


class Writers:
    """Browsers that save one record after another, each answer kept.

    Their numbers, of which names are made, begin with `first`.
    """

    def __init__(self, port, how_many, first=0):
        self.first = first
        self.browsers = [Browser(port).sign_in() for _ in range(how_many)]
        self.answers, self.is_over, self.lock = {}, False, threading.Lock()
        self.threads = [
            threading.Thread(target=self._write, args=[number]) for number in range(how_many)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def _write(self, number):
        browser, count = self.browsers[number], 0
        while not self.is_over:
            count += 1
            text = name(f"{self.first + number:02}{count:03}")
            page = browser.open(ADD)
            if page.status == 200:
                page = browser.open(ADD, fields(page, ADD) | {"name": text})
            with self.lock:
                self.answers[text, count] = page

    def statuses(self):
        found = [answer.status for answer in self.answers.values()]
        return {status: found.count(status) for status in sorted(set(found))}

    def saved(self):
        return {text for (text, _), answer in self.answers.items() if answer.status == 302}


def test_r03_postgresql_is_restarted_under_writers(web, evidence):
    with Writers(web.port, 8) as writers:
        time.sleep(2)
        web.postgres.control("restart", "-m", "immediate")
        browser = Browser(web.port)
        back = until(lambda: browser.open("/accounts/login/").status == 200, 5, "signs in again")
        time.sleep(2)
    rows = set(web.postgres.query(f"SELECT name FROM {TABLE}").splitlines())
    told = writers.statuses()
    evidence("R03", f"odpowiedzi {told}, zapisy w bazie {len(rows)}, powrót po {back:.1f} s")
    assert set(told) == {302, 503}
    assert writers.saved() - rows == set()
    refused = [answer for answer in writers.answers.values() if answer.status == 503]
    assert all("Baza danych chwilowo nie odpowiada" in answer.text for answer in refused)
    assert {answer.headers["Retry-After"] for answer in refused} == {"10"}


def test_r05_one_form_sent_ten_times_at_once_is_one_record(browser, web, evidence):
    form = browser.form(ADD, name=name(7))
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: browser.open(ADD, form).status, range(10)))
    rows = saved(web, 7)
    evidence("R05", f"odpowiedzi {answers}, zapisów {rows}")
    assert (set(answers), rows) == ({302}, "1")


def test_r14_a_lock_that_is_held_is_told_in_time(browser, web, evidence):
    forms = [browser.form(ADD, name=name(80 + number)) for number in range(6)]
    with web.postgres.held("support_staffmember"):
        with ThreadPoolExecutor(6) as pool:
            refused = list(pool.map(lambda form: browser.open(ADD, form), forms))
        other = browser.open("/readyz?only=database")
    again = [browser.open(ADD, form).status for form in forms]
    longest = max(answer.seconds for answer in refused)
    told = {answer.status for answer in refused}
    evidence("R14", f"6 zapisów: {told} najdłużej po {longest:.1f} s; /readyz {other.status}")
    assert told == {503}
    assert all("Ktoś inny właśnie zapisuje to samo" in answer.text for answer in refused)
    assert longest < 10
    assert (other.status, again, saved(web, 80)) == (200, [302] * 6, "1")


def test_sqlite_lets_writers_wait_for_each_other(on_sqlite, evidence):
    with Writers(on_sqlite.port, 8) as writers:
        time.sleep(5)
    told = writers.statuses()
    evidence("SQLite", f"8 piszących naraz przez 5 s: {told}")
    assert set(told) == {302}


def test_readyz_tells_a_missing_migration(web, browser, evidence):
    assert browser.open("/readyz?only=database,migrations,disk").status == 200
    last = web.postgres.query("SELECT max(name) FROM django_migrations WHERE app = 'support'")
    rename = "UPDATE django_migrations SET name = '{}' WHERE app = 'support' AND name = '{}'"
    web.postgres.query(rename.format("none", last))
    answer = browser.open("/readyz?only=migrations")
    web.postgres.query(rename.format(last, "none"))
    evidence("readyz", f"{answer.status} {answer.text}")
    assert (answer.status, answer.text) == (503, '{"migrations": {"ok": false, "missing": 1}}')
