import pytest
from django.db import IntegrityError, connection, connections, transaction

from entities.models import Entity
from owes.chain import sealing
from owes.chain.rows import columns_of
from owes.chain.sealing import seal
from owes.chain.verifying import differences
from owes.history import record_creation
from owes.models import ChainLink, ChainShape
from tests.factories import EntityFactory, UserFactory
from tests.parallel import at_once


def links():
    return list(ChainLink.objects.values_list("position", "row"))


def keys():
    return list(Entity.history.order_by("history_id").values_list("history_id", flat=True))


@pytest.mark.usefixtures("db")
def test_every_row_is_sealed_once_in_order(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    seal()
    start = ChainLink.objects.count()
    EntityFactory.create_batch(5)
    assert (seal(), seal()) == (5, 0)
    assert links()[start:] == list(enumerate(keys(), start + 1))
    assert list(differences()) == []


@pytest.mark.usefixtures("db")
def test_rows_written_by_sql_and_rows_of_links_are_sealed_too(project):
    entities = EntityFactory.create_batch(3)
    project.save()
    user = UserFactory()
    seal()
    record_creation(Entity.objects.filter(pk=entities[0].pk), user)
    assert seal() == 1
    area = ChainShape.objects.get(table="support_historicalproject_area")
    assert ChainLink.objects.filter(shape=area).count() == project.area.count()
    assert list(differences()) == []


@pytest.mark.usefixtures("db")
def test_a_link_is_never_changed_or_deleted():
    EntityFactory()
    seal()
    for model in (ChainLink, ChainShape):
        row = model.objects.first()
        for act in (row.save, row.delete, model.objects.all().delete):
            with pytest.raises(TypeError):
                act()
        column = model._meta.pk.column
        for statement in (
            f"UPDATE {model._meta.db_table} SET {column} = 0",
            f"DELETE FROM {model._meta.db_table}",
        ):
            with (
                pytest.raises(IntegrityError, match="never changed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


@pytest.mark.usefixtures("committed")
def test_two_who_seal_at_once_make_one_chain(tmp_path):
    EntityFactory.create_batch(40)
    counts = at_once([seal] * 4, tmp_path)
    assert sum(counts) == ChainLink.objects.count()
    assert list(differences()) == []


@pytest.mark.postgres
@pytest.mark.usefixtures("committed")
def test_a_row_of_a_transaction_that_ends_late_is_sealed_after_its_elders():
    EntityFactory()
    table = Entity.history.model._meta.db_table
    columns = ", ".join(name for name in columns_of(Entity.history.model) if name != "history_id")
    connections["late"] = late = connection.copy("late")
    try:
        late.set_autocommit(False)
        with late.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")
        EntityFactory()
        seal()
        late.commit()
        assert seal() == 1
    finally:
        late.close()
        del connections["late"]
    first, older, younger = keys()
    assert [row for _, row in links()[-3:]] == [first, younger, older]
    assert list(differences()) == []
