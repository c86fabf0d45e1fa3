import json
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.urls import reverse
from django.utils import timezone

from owes import jobs
from owes.models import Backup, Job
from tests.factories import UserFactory


@pytest.mark.usefixtures("db")
def test_healthz_answers_a_stranger(client):
    response = client.get(reverse("owes:healthz"))
    assert (response.status_code, response.json()) == (200, {"database": "odpowiada"})


@pytest.fixture(params=[DatabaseError, InterfaceError])
def gone(request, monkeypatch):
    def refuse():
        raise request.param

    monkeypatch.setattr(connection, "cursor", refuse)


@pytest.mark.usefixtures("gone")
def test_healthz_says_when_the_database_is_gone(client):
    response = client.get(reverse("owes:healthz"))
    assert (response.status_code, response.json()) == (503, {"database": "nie odpowiada"})


@pytest.fixture
def ready(client):
    """(status, parts) of those asked for, of all by default."""

    def ask(*only):
        answer = client.get(reverse("owes:readyz"), {"only": ",".join(only)} if only else {})
        return answer.status_code, answer.json()

    return ask


@pytest.mark.usefixtures("gone")
def test_readyz_says_when_the_database_is_gone(ready):
    parts = {"database": {"ok": False}, "migrations": {"ok": False}}
    assert ready("database", "migrations") == (503, parts)


@pytest.mark.usefixtures("db")
def test_readyz_tells_every_part(ready, settings):
    jobs.requeue_stale()
    status, parts = ready()
    assert parts.pop("disk")["free_mb"] > 0
    assert (status, parts) == (
        200,
        {
            "database": {"ok": True},
            "migrations": {"ok": True, "missing": 0},
            "queue": {"ok": True, "oldest_s": 0},
            "worker": {"ok": True, "seen_s": 0},
            "backup": {"ok": True, "is_made_here": False},
        },
    )


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("free", "status"), [(500, 200), (499, 503)])
def test_a_disk_that_is_almost_full_is_not_ready(ready, monkeypatch, free, status):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(free * 2**20))
    assert ready("disk") == (status, {"disk": {"ok": status == 200, "free_mb": free}})


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("hours", "trouble", "status", "age"),
    [(47, "", 200, 47), (49, "", 503, 49), (1, "brak miejsca", 503, None)],
)
def test_the_last_good_backup_is_young(ready, settings, tmp_path, hours, trouble, status, age):
    settings.BACKUP_DIR = tmp_path
    made_at = timezone.now() - timedelta(hours=hours)
    Backup.objects.create(made_at=made_at, name="a", trouble=trouble)
    assert ready("backup") == (status, {"backup": {"ok": status == 200, "age_h": age}})


def test_work_that_nobody_takes_is_told_and_written_about(db, ready, mailoutbox):
    UserFactory(is_administrator=True)
    Job.objects.create(kind="proba", key="proba:1")
    assert ready("queue")[0] == 200
    assert mailoutbox == []
    Job.objects.update(created_at=timezone.now() - timedelta(seconds=90))
    for _ in range(2):
        status, parts = ready("queue")
        assert (status, parts["queue"]["ok"]) == (503, False)
        assert parts["queue"]["oldest_s"] in range(90, 100)
    assert [letter.subject for letter in mailoutbox] == ["Program nie tworzy dokumentów"]


def test_a_stranger_reads_nothing_of_people(ready, db):
    owner = UserFactory(name="Zaradkowska", email="zaradkowska@example.org")
    params = {"reason": "Zaradkowska"}
    Job.objects.create(kind="proba", key="proba:Zaradkowska", owner=owner, params=params)
    assert "zaradkowska" not in json.dumps(ready()).lower()
