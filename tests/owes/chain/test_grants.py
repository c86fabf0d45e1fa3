import io
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from owes.chain.sealing import seal
from owes.models import ChainLink, Tombstone
from tests.factories import EntityFactory, PersonFactory


@contextmanager
def granted(*options):
    """To the role of the tests itself: what is revoked from an owner is refused to them too."""
    out, role = io.StringIO(), connection.settings_dict["USER"]
    call_command("history_grants", role, *options, stdout=out)
    with connection.cursor() as cursor:
        cursor.execute(out.getvalue())
        yield
        # Foreign keys are looked for as the owner of the tables, at the end of the transaction.
        cursor.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"')


def refused(act):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        act()


@pytest.mark.postgres
@pytest.mark.usefixtures("db")
def test_the_role_of_the_program_adds_to_history_and_changes_none():
    entity = EntityFactory()
    with granted():
        entity.phone = "24 262 00 00"
        entity.save()
        assert seal() >= 2
        refused(lambda: entity.history.update(name="x"))
        refused(entity.history.all().delete)
        refused(lambda: ChainLink.objects.all()._raw_delete("default"))


@pytest.mark.postgres
@pytest.mark.usefixtures("db")
def test_a_role_that_anonymises_changes_the_history_of_what_was_anonymised():
    person = PersonFactory()
    with granted("--anonymising"):
        Tombstone.objects.create(model="entities.person", record=person.pk)
        person.history.update(last_name="")
        refused(person.history.all().delete)
    assert person.history.get().last_name == ""


@pytest.mark.postgres
@pytest.mark.usefixtures("db")
def test_rights_are_given_at_once_to_a_role_that_is_there():
    role, out = connection.settings_dict["USER"], io.StringIO()
    entity = EntityFactory()
    call_command("history_grants", role, "--apply", stdout=out)
    assert out.getvalue() == f"Rola {role} ma prawa do bazy, bez prawa usuwania historii.\n"
    refused(lambda: entity.history.update(name="x"))
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"')
