"""Reports of one project closed at the same moment, each by a connection of its own."""

import threading
from datetime import date

import pytest
from django.db import connection

from indicators.closing.closing import close
from indicators.models import Report
from owes.celery import app
from tests.factories import sputnik

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("committed")]

HOW_MANY = 6


def test_all_are_closed_and_numbered_without_gaps(coordinator, monkeypatch):
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    days = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
    reports = Report.objects.bulk_create(
        Report(project=sputnik(), kind="partial", created_by=coordinator, **days)
        for _ in range(HOW_MANY)
    )
    together = threading.Barrier(HOW_MANY)

    def close_one(report):
        together.wait()
        try:
            close(report, coordinator, "próba")
        finally:
            connection.close()

    threads = [threading.Thread(target=close_one, args=[report]) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Report.objects.values_list("number", flat=True)
    assert sorted(numbers) == [str(number) for number in range(1, HOW_MANY + 1)]
