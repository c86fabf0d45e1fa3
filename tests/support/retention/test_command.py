import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from owes.models import Job
from support.jobs import tell_retention
from support.models import LegalHold
from tests.factories import ProjectFactory, sputnik
from tests.support.retention.people import declared, ended

pytestmark = pytest.mark.usefixtures("db")


def said(capsys, *options):
    call_command("retention", "--project", "sputnik-ii", *options)
    return capsys.readouterr().out


def test_retention_lists_and_approves(capsys, coordinator):
    project = ended()
    person, stays = declared(project), declared(project, ProjectFactory(name="Następny"))
    text = said(capsys)
    assert f"do anonimizacji: osoba {person.code}\n" in text
    assert f"zostaje: osoba {stays.code}: Następny: nie wpisano dnia" in text
    # The coordinator stays too.
    assert "do anonimizacji 1, zostaje 2, zanonimizowano wcześniej 0." in text
    assert "do anonimizacji 0, zostaje 3" in said(capsys, "--on", "2024-01-01")
    assert not Job.objects.exists()
    assert "Zlecono anonimizację" in said(capsys, "--approve", coordinator.email)
    assert Job.objects.get().owner == coordinator


def test_retention_is_approved_by_those_who_may(capsys, staff):
    ended()
    for email in (staff.email, "nikt@example.org"):
        with pytest.raises(CommandError, match="nie może zatwierdzić"):
            said(capsys, "--approve", email)
    with pytest.raises(CommandError, match="Nie ma projektu"):
        call_command("retention", "--project", "inny")


def test_administrators_are_told_once_of_the_same_list(administrator, mailoutbox):
    project = ended()
    tell_retention()
    assert mailoutbox == []  # nobody is in the project
    declared(project)
    for _ in range(2):
        tell_retention()
    [letter] = mailoutbox
    assert letter.to == [administrator.email]
    assert "Do anonimizacji: 1 zapis, zostaje: 0 zapisów." in letter.body.replace("\xa0", " ")
    assert "/p/sputnik-ii/settings/retention/" in letter.body
    declared(project)
    tell_retention()
    assert len(mailoutbox) == 2


def test_administrators_are_not_told_of_a_hold_or_of_a_day_to_come(administrator, mailoutbox):
    project = ended(days=0)
    declared(project)
    tell_retention()
    ended(project)
    hold = {"project": sputnik(), "reason": "spór", "by": administrator}
    LegalHold.objects.create(since=timezone.now(), **hold)
    tell_retention()
    assert mailoutbox == []
