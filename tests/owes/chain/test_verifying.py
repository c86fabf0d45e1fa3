import io
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from entities.models import Entity, Person
from owes.chain.sealing import seal
from owes.chain.triggers import rewriting
from owes.chain.verifying import differences, last_link
from owes.jobs import verify_history
from owes.models import ChainLink, ChainShape, Tombstone
from tests.factories import EntityFactory, PersonFactory, UserFactory
from tests.owes.form_page import sent

pytestmark = pytest.mark.usefixtures("db")
ENTITIES, PEOPLE = Entity.history.model._meta.db_table, Person.history.model._meta.db_table
CHAIN = ChainLink._meta.db_table


def found(link=""):
    return [tuple(difference) for difference in differences(link)]


def planted(statement, *params):
    with rewriting(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def sealed():
    """The rows of history of three entities."""
    entities = EntityFactory.create_batch(3)
    with rewriting():
        Entity.history.update(history_user=UserFactory())
    seal()
    return [entity.history.get() for entity in entities]


def test_an_untouched_history_has_no_difference(sealed):
    assert found() == []
    sealed[0].instance.save()
    assert (seal(), found()) == (1, [])


def test_a_changed_row_is_found(sealed):
    planted(f"UPDATE {ENTITIES} SET name = 'x' WHERE history_id = %s", sealed[1].pk)
    assert found() == [(ENTITIES, sealed[1].pk, "zmieniono jego treść")]


@pytest.mark.parametrize(
    "change",
    ["history_user_id = NULL", "history_date = '2020-01-01 12:00:00'", "history_type = '~'"],
)
def test_a_row_said_otherwise_is_found(sealed, change):
    planted(f"UPDATE {ENTITIES} SET {change} WHERE history_id = %s", sealed[1].pk)
    assert [row for _, row, _ in found()] == [sealed[1].pk]


def test_a_deleted_row_is_found(sealed):
    planted(f"DELETE FROM {ENTITIES} WHERE history_id = %s", sealed[1].pk)
    assert found() == [(ENTITIES, sealed[1].pk, "usunięto go z historii")]


def test_swapped_rows_are_found(sealed):
    first, second, _ = [row.pk for row in sealed]
    for key, other in ((first, -1), (second, first), (-1, second)):
        planted(f"UPDATE {ENTITIES} SET history_id = {other} WHERE history_id = {key}")
    assert found() == [(ENTITIES, row, "zmieniono jego treść") for row in (first, second)]


def test_a_row_deleted_with_its_link_is_found(sealed):
    link = ChainLink.objects.get(row=sealed[1].pk, shape__table=ENTITIES)
    planted(f"DELETE FROM {ENTITIES} WHERE history_id = %s", sealed[1].pk)
    planted(f"DELETE FROM {CHAIN} WHERE position = %s", link.position)
    assert found() == [(CHAIN, link.position, "usunięto ogniwo łańcucha")]


def test_a_row_changed_with_its_digest_is_found(sealed):
    link = ChainLink.objects.get(row=sealed[1].pk, shape__table=ENTITIES)
    planted(f"UPDATE {CHAIN} SET digest = %s WHERE position = %s", "0" * 64, link.position)
    assert found() == [
        (CHAIN, link.position, "ogniwo nie pasuje do poprzedniego"),
        (ENTITIES, sealed[1].pk, "zmieniono jego treść"),
    ]


def test_an_end_that_was_cut_off_is_found_by_a_link_written_down(sealed):
    link = last_link()
    position = int(link.partition(":")[0])
    row = ChainLink.objects.get(pk=position)
    planted(f"DELETE FROM {CHAIN} WHERE position = %s", position)
    planted(f"DELETE FROM {row.shape.table} WHERE history_id = %s", row.row)
    assert found() == []
    assert [table for table, _, _ in found(link)] == [CHAIN]
    assert found(last_link()) == []


def test_an_anonymised_record_may_differ_but_keeps_its_rows(sealed):
    person = PersonFactory()
    seal()
    Tombstone.objects.create(model="entities.person", record=person.pk)
    person.history.update(last_name="")
    assert found() == []
    row = person.history.get().pk
    planted(f"DELETE FROM {PEOPLE} WHERE history_id = %s", row)
    assert found() == [(PEOPLE, row, "usunięto go z historii")]


def test_rows_sealed_before_a_column_was_added_or_dropped_stay_proved(sealed):
    shape = ChainShape.objects.get(table=ENTITIES)
    fewer = ",".join(name for name in shape.names if name != "phone")
    more = ",".join(sorted([*shape.names, "fax"]))
    planted(f"UPDATE {ChainShape._meta.db_table} SET columns = '{more}' WHERE id = {shape.pk}")
    assert seal() == 3  # by the columns of now: those of then cannot be read any more
    planted(f"UPDATE {ChainShape._meta.db_table} SET columns = '{fewer}' WHERE id = {shape.pk}")
    assert seal() == 0


def test_the_command_names_what_differs(sealed):
    out = io.StringIO()
    call_command("verify_history", stdout=out)
    assert out.getvalue().replace("\xa0", " ").splitlines() == [
        "Historia się zgadza; dołączono 0 nowych wierszy.",
        f"Ostatnie ogniwo: {last_link()}",
    ]
    planted(f"DELETE FROM {ENTITIES} WHERE history_id = %s", sealed[2].pk)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"1.różnica\."):
        call_command("verify_history", stdout=out)
    assert out.getvalue() == f"{ENTITIES}, wiersz {sealed[2].pk}: usunięto go z historii\n"
    with pytest.raises(CommandError, match="nr:skrót"):
        call_command("verify_history", link="ostatnie")


def test_administrators_are_written_to_when_anything_differs(sealed, administrator, mailoutbox):
    verify_history()
    assert mailoutbox == []
    planted(f"UPDATE {ENTITIES} SET name = 'x' WHERE history_id = %s", sealed[1].pk)
    verify_history()
    [letter] = mailoutbox
    assert letter.to == [administrator.email]
    assert f"{ENTITIES}, wiersz {sealed[1].pk}: zmieniono jego treść" in letter.body


@pytest.mark.parametrize("seed", range(3))
def test_any_edit_through_a_form_leaves_a_chain_that_is_true(client, staff, seed):
    chance = random.Random(seed)  # noqa: S311
    client.force_login(staff)
    entity = EntityFactory()
    url = reverse("entities:entity_edit", args=[entity.pk])
    for number in range(8):
        name = chance.choice(["phone", "email", "street", "post_office", "contact_person"])
        typed = {"email": f"a{number}@example.org"}.get(name, f"24 262 00 0{number}")
        client.post(url, sent(client.get(url)) | {name: typed})
        if chance.random() < 0.5:
            seal()
    assert entity.history.count() > 1
    seal()
    assert found() == []
