"""Every trigger marks what its change can move, and none is missing or left over."""

from datetime import date, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction

from entities.models import Entity
from indicators.counting import triggers
from indicators.counting.store import kept
from indicators.models import ChangeMark, JudgedTerms, Judgement
from support.models import Service
from tests.factories import (
    ActivityFactory,
    AdoptionFactory,
    EvidenceFactory,
    PartnershipFactory,
    StaffTrainingFactory,
)
from tests.indicators.given import scope, supported
from tests.indicators.random_changes import World

pytestmark = pytest.mark.usefixtures("db")


def installed():
    with connection.cursor() as cursor:
        return set(triggers._installed(connection, cursor))


def wanted():
    return {trigger.name for trigger in triggers.triggers(connection.vendor)}


def test_the_triggers_of_the_database_are_those_declared():
    assert installed() == wanted()


def test_a_trigger_that_is_gone_comes_back_and_one_that_is_no_more_goes():
    [missing, *_] = triggers.triggers(connection.vendor)
    supported()
    kept(scope())
    with connection.cursor() as cursor:
        triggers._drop(connection, cursor, missing.name, missing.table)
        old = missing.name[:-8] + "00000000"
        for statement in missing.statements:
            cursor.execute(statement.replace(missing.name, old))
    assert installed() ^ wanted() == {missing.name, old}
    triggers.install(connection)
    assert (installed(), JudgedTerms.objects.count()) == (wanted(), 0)


def test_no_trigger_is_left_for_a_migration():
    triggers.uninstall(connection)
    assert installed() == set()
    triggers.install(connection)
    assert installed() == wanted()


def test_a_change_of_what_counts_nowhere_marks_nothing():
    entity = supported()
    kept(scope())
    type(entity).objects.update(street="Nowa 5", phone="24 262 00 00")
    entity.services.update(topic="Inny temat")
    assert ChangeMark.objects.count() == 0
    type(entity).objects.update(name="Fundacja Nowa")
    assert {mark.kind for mark in ChangeMark.objects.all()} == {"registered"}
    assert kept(scope()).get(indicator="pes").facts["label"] == "Fundacja Nowa"
    assert (ChangeMark.objects.count(), Judgement.objects.count()) == (0, 3)


# Every trigger fires for each of its columns


@pytest.fixture
def world():
    world = World(7)
    for change in ("new_status", "new_rule", "new_target", "new_requirement", "join"):
        getattr(world, change)()
    world.new_theme_or_activity()
    project = world.projects[0]
    EvidenceFactory(project=project, service=None, adoption=AdoptionFactory())
    EvidenceFactory(project=project, service=None, partnership=PartnershipFactory())
    EvidenceFactory(project=project, service=None, staff_training=StaffTrainingFactory())
    service = Service.objects.first()
    adoption = AdoptionFactory(project=service.project)
    adoption.sync_services([service])
    Service.objects.update(activity=ActivityFactory(project=project))
    Entity.objects.filter(legal_form="initiative_group").update(legal_form="association")
    world.close_a_report()
    with connection.cursor() as cursor:
        is_postgresql = connection.vendor == "postgresql"
        late = (
            "SET CONSTRAINTS ALL DEFERRED" if is_postgresql else "PRAGMA defer_foreign_keys = ON"
        )
        cursor.execute(late)
    return world


def others(field, value):
    """Values that a column may be given instead."""
    if field.is_relation:
        return [10_000_000]
    if isinstance(field, models.JSONField):
        return ['[{"block": "trained"}, {"block": "sex"}]']
    if isinstance(field, models.BooleanField):
        return [not value]
    if isinstance(field, models.DateTimeField):
        return [value + timedelta(minutes=1)]
    if isinstance(field, models.DateField):
        return [(value or date(2023, 1, 1)) + timedelta(days=1)]
    if isinstance(field, models.IntegerField):
        return [(value or 0) + 1]
    choices = [choice for choice, _ in field.choices or [] if choice != value]
    return [*choices, f"{value}x", ""]


def marks_of(sql, values):
    """How many marks a statement makes, which is then undone; None where it is refused."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            ChangeMark.objects.all().delete()
            cursor.execute(sql, values)
            made = ChangeMark.objects.count()
            transaction.set_rollback(True)
    except (IntegrityError, DataError):
        return None
    return made


def silent_columns(watched):
    """The columns that may be changed in no row with a mark."""
    silent = []
    for name in watched.fields:
        field = watched.model._meta.get_field(name)
        sql = f"UPDATE {watched.table} SET {field.column} = %s WHERE id = %s"
        rows = watched.model._base_manager.values_list("pk", field.attname)
        tries = [
            marks_of(sql, [other, key])
            for key, value in sorted(rows, key=lambda row: row[1] is None)[:40]
            for other in others(field, value)
        ]
        if not any(tries):
            silent.append(name)
    return silent


def test_every_column_that_counts_marks(world):
    updated = [each for each in triggers.WATCHED if triggers.UPDATE in each.events]
    silent = {each.table: names for each in updated if (names := silent_columns(each))}
    assert silent == {}


def test_every_row_that_comes_or_goes_marks(world):
    silent = []
    for watched in triggers.WATCHED:
        table = watched.table
        gone = f"DELETE FROM {table} WHERE id = %s"
        keys = watched.model._base_manager.values_list("pk", flat=True)
        if triggers.DELETE in watched.events and not any(marks_of(gone, [key]) for key in keys):
            silent.append((table, "delete"))
        names = [field.column for field in watched.model._meta.concrete_fields]
        columns = ", ".join(f'"{name}"' for name in names)
        copy = f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}"
        with connection.cursor() as cursor:
            cursor.execute(copy)
            cursor.execute(f"DELETE FROM {table}")
        again = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}"
        if triggers.INSERT in watched.events and not marks_of(again, []):
            silent.append((table, "insert"))
        with connection.cursor() as cursor:
            cursor.execute(again)
    assert silent == []
