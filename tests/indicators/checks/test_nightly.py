"""The letter of the night: to whom, when, and what it never says."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail

from indicators import jobs
from indicators.checks.nightly import send_letter
from indicators.models import CheckRun
from owes.models import Job
from support.models import AcceptedWarning
from support.models.session import WARSAW
from tests.factories import (
    AdoptionFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    sputnik,
)
from tests.indicators.given import DAY, attend, supported

pytestmark = pytest.mark.usefixtures("db")
NIGHT = datetime(2023, 6, 1, 5, tzinfo=WARSAW)
NEXT = NIGHT + timedelta(days=1)


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_ADDRESS = "https://owes.example.org"


def letters_sent(now):
    mail.outbox.clear()
    send_letter(sputnik(), now)
    return mail.outbox


def test_each_coordinator_who_works_in_the_project_gets_a_letter(coordinator, staff, auditor):
    gone = MembershipFactory(role="coordinator", is_active=False).user
    second = MembershipFactory(role="coordinator").user
    assert [letter.to for letter in letters_sent(NIGHT)] == [[coordinator.email], [second.email]]
    assert gone.email not in str(mail.outbox)


def test_the_letter_counts_and_links(coordinator):
    AdoptionFactory()
    letters_sent(NIGHT)
    PartnershipFactory()
    AdoptionFactory()
    (letter,) = letters_sent(NEXT)
    assert letter.subject.startswith("Kontrola danych, SPUTNIK II: ")
    assert "Co się zmieniło od 01.06.2023:" in letter.body
    assert (
        "- Współpraca z JST bez numeru dokumentu i bez pliku (V21): 1\u00a0wpis, 1 więcej\n"
        "  https://owes.example.org/p/sputnik-ii/checks/?check=V21\n"
    ) in letter.body
    assert "V38" not in letter.body


def test_nothing_is_sent_when_nothing_changed(coordinator):
    AdoptionFactory()
    assert len(letters_sent(NIGHT)) == 1
    assert letters_sent(NEXT) == []
    assert CheckRun.objects.count() == 2


def test_other_records_in_the_same_number_are_a_change(coordinator):
    adoption = AdoptionFactory()
    letters_sent(NIGHT)
    adoption.delete()
    AdoptionFactory(entity=adoption.entity)
    (letter,) = letters_sent(NEXT)
    assert "Liczby są takie same jak 01.06.2023, ale dotyczą innych zapisów." in letter.body


def test_a_report_that_will_be_due_is_reminded_of_fourteen_seven_and_one_day_before(coordinator):
    due = datetime(2024, 1, 30, 5, tzinfo=WARSAW)
    letters_sent(due - timedelta(days=16))
    reminded = [left for left in range(15, -4, -1) if letters_sent(due - timedelta(days=left))]
    assert reminded == [14, 7, 1, -1]


def test_the_letter_names_the_report_that_is_due(coordinator):
    (letter,) = letters_sent(datetime(2024, 1, 23, 5, tzinfo=WARSAW))
    assert (
        "- Sprawozdanie częściowe. Za okres do 31.12.2023, termin 30.01.2024: zostało 7\u00a0dni."
    ) in letter.body


def test_no_person_is_named(coordinator):
    person = PersonFactory(first_name="Łucja", last_name="Skryta")
    entity = supported(DAY, person=person)
    supported(DAY, person=person)
    attend(entity.services.get(), entity, PersonFactory(last_name="Skryta"))
    (letter,) = letters_sent(NIGHT)
    assert "V04" in letter.body
    assert "Skryta" not in letter.body
    assert entity.name not in letter.body


def test_every_project_is_looked_at_once_a_night(coordinator, django_capture_on_commit_callbacks):
    for _ in range(2):
        jobs.order_nightly_checks()
    assert Job.objects.filter(kind="nightly_checks").count() == 1
    assert settings.CELERY_BEAT_SCHEDULE["check-data"]["task"] == jobs.order_nightly_checks.name


def test_the_job_looks_and_tells(coordinator):
    jobs.order_nightly_checks()
    row = Job.objects.get(kind="nightly_checks")
    jobs.nightly_checks(row, progress=None)
    assert CheckRun.objects.get().project == sputnik()
    assert len(mail.outbox) == 1
    assert not AcceptedWarning.objects.exists()
