import pytest
from django.db import IntegrityError, connection, transaction

from entities.models import Person
from owes.chain.triggers import histories, rewriting
from owes.models import Tombstone
from tests.factories import EntityFactory, PersonFactory, sputnik

pytestmark = pytest.mark.usefixtures("db")


def refused(act):
    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        act()


def test_no_row_of_history_is_changed_or_deleted():
    row = EntityFactory().history.get()
    row.name = "Inna nazwa"
    for act in (row.save, row.delete, lambda: type(row).objects.all()._raw_delete("default")):
        refused(act)
    assert EntityFactory._meta.model.history.get().name != "Inna nazwa"


def test_no_row_of_a_linked_history_is_changed_or_deleted():
    project = sputnik()
    project.save()
    rows = project.history.latest().area
    refused(lambda: rows.update(localgovernment=None))
    refused(rows.all().delete)


def test_every_history_is_kept():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger"
        )
        installed = {name for [name] in cursor.fetchall()}
    wanted = {
        f"{model._meta.db_table}_kept_on_{event}"
        for model in histories()
        for event in ("update", "delete")
    }
    assert wanted - installed == set()
    assert len(histories()) > 40


def test_history_of_an_anonymised_record_may_be_emptied_and_no_other():
    person, other = PersonFactory(), PersonFactory()
    Tombstone.objects.create(model="entities.person", record=person.pk)
    Tombstone.objects.create(model="entities.entity", record=other.pk)
    person.history.update(last_name="")
    assert Person.history.get(id=person.pk).last_name == ""
    refused(lambda: other.history.update(last_name=""))


def test_history_of_an_anonymised_record_is_not_given_to_another_or_deleted():
    person, other = PersonFactory(), PersonFactory()
    Tombstone.objects.create(model="entities.person", record=person.pk)
    refused(lambda: person.history.update(id=other.pk))
    refused(lambda: person.history.update(history_id=10**6))
    refused(person.history.all().delete)


def test_the_demonstration_writes_history_anew_and_it_is_kept_again():
    entity = EntityFactory()
    with rewriting():
        entity.history.update(name="Nazwa sprzed lat")
    refused(lambda: entity.history.update(name="Inna nazwa"))
    assert entity.history.get().name == "Nazwa sprzed lat"
