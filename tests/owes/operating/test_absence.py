from datetime import timedelta
from smtplib import SMTPException

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.template import Context, Template
from django.utils import timezone

from owes import jobs
from owes.models import Job
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("db")
NOON = "2026-03-02T11:05:00Z"


@pytest.fixture
def administrators(db):
    UserFactory(name="Ewa Ster", email="ster@example.org", is_administrator=True)
    UserFactory(is_administrator=True, is_active=False)
    UserFactory()


@pytest.fixture
def waiting(db):
    with time_machine.travel(NOON, tick=False):
        job = Job.objects.create(kind="proba", key="proba:1")
        yield job


def part(job, minutes):
    """What a page of the work says so long after it was ordered."""
    with time_machine.travel(job.created_at + timedelta(minutes=minutes), tick=False):
        text = Template("{% worker_away job %}").render(Context({"job": job}))
    return " ".join(text.split())


TOLD = "List o tym dostali administratorzy (12:07): Ewa Ster."


def test_of_no_work_nothing_is_said():
    assert Template("{% worker_away job %}").render(Context({"job": None})).strip() == ""


@pytest.mark.usefixtures("administrators")
def test_nothing_is_said_in_the_first_minute(waiting, mailoutbox):
    assert (part(waiting, 1), mailoutbox) == ("", [])


@pytest.mark.usefixtures("administrators")
def test_the_page_says_who_was_told_and_one_letter_goes(waiting, mailoutbox):
    assert TOLD in part(waiting, 2)
    assert TOLD in part(waiting, 30)
    [letter] = mailoutbox
    assert letter.to == ["ster@example.org"]
    assert "Najdłużej czeka zlecenie z 02.03.2026, 12:05." in letter.body


@pytest.mark.usefixtures("administrators")
def test_the_next_letter_goes_after_a_day_or_after_work_was_done(waiting, mailoutbox, monkeypatch):
    part(waiting, 2)
    part(waiting, 25 * 60)
    assert len(mailoutbox) == 2
    monkeypatch.setitem(jobs.HANDLERS, "proba", lambda row, progress: None)
    other = Job.objects.create(kind="proba", key="proba:2")
    jobs.run(other.pk)
    Job.objects.filter(pk=other.pk).update(finished_at=timezone.now() - timedelta(hours=1))
    part(waiting, 25 * 60)
    assert len(mailoutbox) == 3


@pytest.mark.usefixtures("administrators")
def test_a_server_of_letters_that_is_away_is_told(waiting, monkeypatch, said):
    def refuse(self, messages):
        raise SMTPException

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert "listu do niego nie udało się wysłać" in part(waiting, 2)
    assert said()[0]["error"] == "SMTPException"


def test_without_an_administrator_somebody_has_to_be_told(waiting):
    assert "Powiedz o tym administratorowi" in part(waiting, 2)
