"""What Prometheus reads; tests of one process share its counters, so they compare with before."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from owes import jobs
from owes.models import Backup, Job
from owes.operating import metrics
from tests.factories import PersonFactory

TOKEN = "klucz-pomiarow-0123456789"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.METRICS_TOKEN = TOKEN


def lines(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, metrics.TEXT)
    text = answer.content.decode()
    return dict(re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE))


def requests(client, view, status, method="GET"):
    name = f'owes_requests_total{{method="{method}",status="{status}",view="{view}"}}'
    return float(lines(client).get(name, 0))


@pytest.mark.parametrize("shown", ["", "Bearer zly", TOKEN, "Bearer "])
def test_metrics_are_not_there_for_who_shows_no_token(client, db, settings, shown):
    answers = [client.get("/metrics", headers={"Authorization": shown}).status_code]
    settings.METRICS_TOKEN = ""
    answers.append(client.get("/metrics", headers={"Authorization": shown}).status_code)
    assert answers == [404, 404]


def test_metrics_count_answers_by_page_and_status(client, coordinator):
    person = PersonFactory(last_name="Tajna")
    client.force_login(coordinator)
    page = "entities:person_detail"
    before = [requests(client, page, 200), requests(client, page, 404)]
    client.get(reverse(page, args=[person.pk]))
    client.get(reverse(page, args=[0]))
    after = [requests(client, page, 200), requests(client, page, 404)]
    assert [late - early for late, early in zip(after, before, strict=True)] == [1, 1]
    timed = float(lines(client)[f'owes_request_seconds_count{{view="{page}"}}'])
    assert timed == sum(after)


def test_what_is_measured_names_nobody(client, coordinator):
    person = PersonFactory(last_name="Tajna", code="OS/TAJNY")
    client.force_login(coordinator)
    client.get(reverse("entities:person_list"), {"q": "Tajna"})
    client.get(reverse("entities:person_detail", args=[person.pk]))
    text = " ".join(lines(client))
    assert [
        word for word in ("Tajn", "TAJNY", "/people", "q=", coordinator.email) if word in text
    ] == []


def test_nothing_is_counted_without_a_token(client, db, settings):
    before = requests(client, "owes:healthz", 200)
    settings.METRICS_TOKEN = ""
    client.get(reverse("owes:healthz"))
    settings.METRICS_TOKEN = TOKEN
    assert requests(client, "owes:healthz", 200) == before


def test_metrics_tell_of_work_and_of_its_queue(client, db):
    Job.objects.create(kind="papers", key="a")
    Job.objects.create(kind="papers", key="b")
    Job.objects.create(kind="import", key="c", state="failed")
    Job.objects.filter(key="a").update(created_at=timezone.now() - timedelta(seconds=40))
    found = lines(client)
    assert found['owes_jobs{kind="papers",state="queued"}'] == "2.0"
    assert found['owes_jobs{kind="import",state="failed"}'] == "1.0"
    assert 40 <= float(found["owes_queue_oldest_seconds"]) < 50


def test_metrics_tell_of_the_worker_the_last_backup_and_the_disk(client, db):
    found = lines(client)
    assert {"owes_worker_seen_seconds", "owes_backup_age_seconds"} & found.keys() == set()
    jobs.requeue_stale()
    Backup.objects.create(made_at=timezone.now() - timedelta(hours=3), size=1, seconds=1)
    found = lines(client)
    assert 0 <= float(found["owes_worker_seen_seconds"]) < 10
    assert 10800 <= float(found["owes_backup_age_seconds"]) < 10810
    assert float(found["owes_disk_free_bytes"]) > 0


def test_errors_of_the_database_are_counted_by_their_kind(client, coordinator, monkeypatch):
    name = 'owes_database_errors_total{error="OperationalError"}'

    def refuse(*arguments):
        raise OperationalError("zerwane")

    client.force_login(coordinator)
    before = float(lines(client).get(name, 0))
    with monkeypatch.context() as broken:
        broken.setattr("entities.views.people.demand", refuse)
        client.raise_request_exception = False
        assert client.get(reverse("entities:person_list")).status_code >= 500
    assert float(lines(client)[name]) - before == 1
