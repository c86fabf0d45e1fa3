"""What is kept of counting is at every moment what a recount of raw data gives."""

import os
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from entities.models import Entity
from indicators.counting import triggers
from indicators.counting.refreshing import order_refresh, refresh_judgements
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.counting.verifying import differences, verify_and_tell
from indicators.models import ChangeMark, JudgedTerms, Judgement
from tests.indicators.given import DAY, scope, supported
from tests.indicators.random_changes import World
from tests.parallel import at_once

pytestmark = pytest.mark.usefixtures("db")
STEPS = int(os.environ.get("STORE_STEPS", "30"))


def walk(number, steps):
    """`(step, change, difference)` of the first that is not as recounted, or None."""
    world = World(number)
    for step in range(steps):
        change = world.change()
        for project in world.projects:
            for difference in differences(project):
                return step, change, difference
    return None


@pytest.mark.parametrize("number", [1, 2])
def test_after_any_change_what_is_kept_is_a_recount(number):
    assert walk(number, STEPS) is None


@pytest.mark.pdf
def test_two_writers_and_a_reader_at_once_leave_what_is_a_recount(committed, undrawn, tmp_path):
    world = World(5)
    for _ in range(2):
        world.close_a_report()
    projects = world.projects

    def writer(number):
        own = world.beside(number)
        for _ in range(STEPS):
            # One of two who wait for each other is sent back by the database; who merges what the
            # other has just merged is refused.
            with suppress(OperationalError, ValidationError):
                own.change()

    def reader():
        for _ in range(STEPS):
            for project in projects:
                kept(Scope.of(project))

    at_once([lambda: writer(1), lambda: writer(2), reader], tmp_path)
    assert [each for project in projects for each in differences(project)] == []


def dropped(model, event):
    """Takes away one trigger of a model."""
    [trigger] = [
        each
        for each in triggers.triggers(connection.vendor)
        if each.name.startswith(f"counting_{model._meta.db_table}_{event}_")
    ]
    with connection.cursor() as cursor:
        triggers._drop(connection, cursor, trigger.name, trigger.table)


def test_a_missing_trigger_is_found():
    entity = supported(DAY)
    kept(scope())
    dropped(Entity, "update")
    Entity.objects.filter(pk=entity.pk).update(legal_form="not_pes")
    [found] = [each for each in differences(scope().project) if each.what.startswith("pes")]
    assert (found.kept["failed"], found.counted["failed"]) == (0, 1)


def test_a_row_altered_by_hand_is_named(capsys):
    supported(DAY)
    call_command("verify_indicators")
    Judgement.objects.filter(indicator="pes").update(lacks_proof=False, passed=3)
    with pytest.raises(CommandError, match="^1\xa0różnica.$"):
        call_command("verify_indicators", project="sputnik-ii")
    assert "sputnik-ii: pes: " in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("verify_indicators", mend=True)
    call_command("verify_indicators")
    assert capsys.readouterr().out.endswith("Wszystko się zgadza.\n")


def test_another_release_judges_all_anew():
    supported(DAY)
    kept(scope())
    Judgement.objects.filter(indicator="pes").update(counted_on=None)
    assert kept(scope()).get(indicator="pes").counted_on is None
    JudgedTerms.objects.update(version="earlier")
    assert kept(scope()).get(indicator="pes").counted_on == DAY


def test_a_reader_takes_the_marks_of_its_own_project_only():
    supported(DAY)
    other = World(3).projects[1]
    before = ChangeMark.objects.filter(project_id=other.pk).count()
    kept(scope())
    marks = ChangeMark.objects.values_list("project_id").distinct()
    assert list(marks) == [(other.pk,)]
    assert ChangeMark.objects.filter(project_id=other.pk).count() == before


def test_a_worker_judges_what_changed(django_capture_on_commit_callbacks):
    supported(DAY)
    with django_capture_on_commit_callbacks(execute=True):
        order_refresh()
    refresh_judgements()
    assert (ChangeMark.objects.count(), Judgement.objects.filter(indicator="pes").count()) == (
        0,
        1,
    )


def test_the_night_tells_administrators_of_a_difference_and_mends_it(administrator, mailoutbox):
    supported(DAY)
    verify_and_tell(scope().project)
    assert mailoutbox == []
    Judgement.objects.filter(indicator="pes").update(passed=3)
    verify_and_tell(scope().project)
    [letter] = mailoutbox
    assert letter.to == [administrator.email]
    assert "1\xa0różnicę" in letter.body
    assert list(differences(scope().project)) == []
