"""R04, R12: two people in one record, and days on which the clock and the calendar turn."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.browser import Browser, fields
from tests.faults.processes import FAKETIME, HOUSE
from tests.faults.test_database import ADD, name

MEMBER = "/p/sputnik-ii/staff/members/{}/edit/"
TABLE = "support_staffmember"


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def on_each(request):
    """A running installation on each database."""
    fixture = {"PostgreSQL": "web", "SQLite": "on_sqlite"}[request.param]
    return request.param, request.getfixturevalue(fixture)


def key_of(installation, text):
    return installation.ask(f"SELECT id FROM {TABLE} WHERE name = '{text}'")


def test_r04_of_two_who_edit_one_record_the_second_is_asked(on_each, evidence):
    database, installation = on_each
    first, second = (Browser(installation.port).sign_in() for _ in range(2))
    assert first.submit(ADD, name=name(400)).status == 302
    page = MEMBER.format(key_of(installation, name(400)))
    forms = [fields(each.open(page), page) for each in (first, second)]
    saved = first.open(page, forms[0] | {"name": name(401)})
    asked = second.open(page, forms[1] | {"name": name(402)})
    told = [text in asked.text for text in (name(401), name(402))]
    evidence("R04", f"{database}: {saved.status}, {asked.status}, obie wartości {told}")
    assert (saved.status, asked.status, told) == (302, 409, [True, True])
    assert key_of(installation, name(401))
    assert not key_of(installation, name(402))


def test_r04_of_ten_who_save_at_once_one_does(on_each, evidence):
    database, installation = on_each
    browsers = [Browser(installation.port).sign_in() for _ in range(10)]
    assert browsers[0].submit(ADD, name=name(420)).status == 302
    page = MEMBER.format(key_of(installation, name(420)))
    forms = [
        fields(browser.open(page), page) | {"name": name(430 + number)}
        for number, browser in enumerate(browsers)
    ]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda browser, form: browser.open(page, form), browsers, forms))
    statuses = [answer.status for answer in answers]
    kept = [number for number in range(10) if key_of(installation, name(430 + number))]
    evidence("R04", f"{database}: odpowiedzi {sorted(statuses)}, zapisany nr {kept}")
    assert sorted(statuses) == [302, *[409] * 9]
    assert kept == [statuses.index(302)]


# Moments of UTC, and the day that it is then in Warsaw.
MOMENTS = {
    "2026-12-31 23:30:00": "01.01.2027",
    "2027-01-31 23:30:00": "01.02.2027",
    "2028-02-29 12:00:00": "29.02.2028",
    "2027-03-28 00:59:55": "28.03.2027",
    "2026-10-25 00:30:00": "25.10.2026",
    "2026-10-25 01:30:00": "25.10.2026",
}
RETENTION = "/p/sputnik-ii/settings/retention/"
PAGES = ["", "services/", "services/add/", "reports/", "hours/", "checks/"]
PAGES += ["calendar/?adviser="]


def turning_days(installation):
    script = (HOUSE / "tests/faults/turning_days.py").read_text("utf-8")
    return installation.manage("shell", "-v0", "-c", script).strip()


@pytest.mark.skipif(FAKETIME is None, reason="brak: faketime (apt-get install -y faketime)")
def test_r12_pages_hold_when_the_clock_turns(on_sqlite, evidence):
    turning_days(on_sqlite)  # so that there is something to show
    told = {}
    for number, (moment, day) in enumerate(MOMENTS.items()):
        with on_sqlite.at(moment) as port:
            browser = Browser(port).sign_in()
            pages = [browser.open(f"/p/sputnik-ii/{page}").status for page in PAGES]
            saved = browser.submit(ADD, name=name(1200 + number)).status
            # A hold that is placed, or lifted, tells the day by the clock of Warsaw.
            assert browser.submit(f"{RETENTION}hold/", reason=f"zegar {number}").status == 302
            told_day = f"{day}, " in browser.open(RETENTION).text
        told[moment] = (set(pages), told_day, saved)
    evidence("R12", f"{len(MOMENTS)} chwil, {len(PAGES)} stron i zapis w każdej: {told}")
    assert set(map(str, told.values())) == {str(({200}, True, 302))}


def test_r12_each_service_is_in_one_month(on_sqlite, evidence):
    """At the edges of years and months, on 29 February, on the days of both changes of time."""
    told = turning_days(on_sqlite)
    evidence("R12", told)
    assert told == "usługi 9 = 9 = 9, minuty równe: tak, dni zmiany czasu: 120 i 240 min"
