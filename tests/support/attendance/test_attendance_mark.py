"""A mark saved by itself: at once, cell by cell, with what others did said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.models import Attendance
from tests.support.attendance.test_service_attendance import (  # noqa: F401
    key_of,
    service,
    sheet_of,
    signed_in,
    states,
    url,
)


def marked(client, service, *cells, since=0):  # noqa: F811
    return client.post(url(service, "attendance_mark"), {"cell": cells, "since": since})


def test_marks_are_saved_and_the_hour_is_told(signed_in, service, time_machine):  # noqa: F811
    time_machine.move_to("2023-03-10T12:41:00+01:00")
    since = sheet_of(signed_in, service).since
    bak, mak = key_of(service, "Bąk"), key_of(service, "Mak")
    answer = marked(signed_in, service, f"{bak}:present", f"{mak}:excused", since=since)
    assert states(service) == {("Mak", 9): "excused", ("Bąk", 9): "present"}
    last = Attendance.history.latest("history_id").history_id
    assert answer.json() == {"at": "12:41", "since": last, "others": {}}
    assert marked(signed_in, service, f"{bak}:").status_code == 200
    assert states(service) == {("Mak", 9): "excused"}


def test_what_is_as_wished_leaves_no_history(signed_in, service):  # noqa: F811
    before = Attendance.history.count()
    marked(signed_in, service, f"{key_of(service, 'Mak')}:present", f"{key_of(service, 'Bąk')}:")
    assert Attendance.history.count() == before


def test_the_last_one_stays_and_is_told_of_the_other(
    signed_in,  # noqa: F811
    coordinator,
    service,  # noqa: F811
    client,
    time_machine,
):
    time_machine.move_to("2023-03-10T12:40:00+01:00")
    since = sheet_of(signed_in, service).since
    mak, bak, cma = (key_of(service, name) for name in ("Mak", "Bąk", "Ćma"))
    client.force_login(coordinator)
    marked(client, service, f"{mak}:excused", f"{bak}:present", f"{cma}:present", since=since)
    client.force_login(service.created_by)
    answer = marked(client, service, f"{mak}:absent", f"{cma}:present", since=since).json()
    assert states(service) == {("Mak", 9): "absent", ("Bąk", 9): "present", ("Ćma", 9): "present"}
    told = "12:40, Kinga Łącka: "
    assert answer["others"] == {
        mak: {"state": "absent", "words": f"{told}usprawiedliwienie; teraz nieobecność"},
        bak: {"state": "present", "words": f"{told}obecność"},
        cma: {"state": "present", "words": f"{told}obecność"},
    }
    assert marked(client, service, since=answer["since"]).json()["others"] == {}


def test_what_is_no_mark_of_this_service_is_refused(signed_in, service):  # noqa: F811
    good = key_of(service, "Bąk")
    session, person, entity = good.split("-")
    other = url(service).replace(str(service.pk), "x")
    assert other != url(service)
    for cell in (
        "x",
        f"{good}:there",
        f"{good}:present:present",
        f"{session}-{person}:present",
        f"999999-{person}-{entity}:present",
        f"{session}-999999-{entity}:present",
        f"{session}-{person}-999999:present",
    ):
        answer = marked(signed_in, service, f"{key_of(service, 'Ćma')}:present", cell)
        assert (answer.status_code, "Odśwież stronę" in answer.json()["refusal"]) == (409, True)
    assert states(service) == {("Mak", 9): "present"}


def test_a_service_submitted_meanwhile_refuses(signed_in, service, coordinator):  # noqa: F811
    type(service).objects.update(state="submitted")
    answer = marked(signed_in, service, f"{key_of(service, 'Bąk')}:present")
    assert answer.status_code == 403
    assert states(service) == {("Mak", 9): "present"}


@pytest.mark.parametrize("method", ["get", "put"])
def test_only_a_post_marks(signed_in, service, method):  # noqa: F811
    assert getattr(signed_in, method)(url(service, "attendance_mark")).status_code == 405


def test_selects_do_not_grow_with_marks(signed_in, service):  # noqa: F811
    def asked(*cells):
        with CaptureQueriesContext(connection) as queries:
            assert marked(signed_in, service, *cells).status_code == 200
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    few = asked(f"{key_of(service, 'Bąk')}:present")
    many = [f"{key_of(service, name, day)}:absent" for name in ("Bąk", "Ćma") for day in (0, 1)]
    assert asked(*many) == few
