import pytest

from entities.merging import merge
from entities.models import Person
from owes.models import Tombstone
from owes.privacy.deciding import is_anonymised
from owes.privacy.forgetting import forget
from owes.privacy.graves import NAME, forget_again, keep_list, read_list
from tests.factories import PersonFactory, StaffMemberFactory, UserFactory

pytestmark = pytest.mark.usefixtures("db")


def listed(folder):
    return {(grave["model"], grave["record"]) for grave in read_list(folder)}


def test_the_list_grows_and_names_nobody(tmp_path):
    person, twin = PersonFactory(last_name="Wścieklica"), PersonFactory()
    merged = twin.pk
    merge(person, twin, by=UserFactory())
    user = UserFactory()
    keep_list(tmp_path)
    assert read_list(tmp_path) == []
    forget(person)
    keep_list(tmp_path)
    forget(user)
    keep_list(tmp_path)
    assert listed(tmp_path) == {
        ("entities.person", person.pk),
        ("entities.person", merged),
        ("owes.user", user.pk),
    }
    assert "cieklica" not in (tmp_path / NAME).read_text()


def test_who_is_whole_again_is_anonymised_again_and_nobody_else(tmp_path):
    person, other = PersonFactory(), PersonFactory()
    Tombstone.objects.create(model="entities.person", record=person.pk, is_anonymised=True)
    keep_list(tmp_path)
    graves = read_list(tmp_path)
    assert forget_again(graves) == 0
    Tombstone.objects.all().delete()
    other_place = [grave | {"record": other.pk} for grave in graves]
    assert forget_again(other_place) == 0
    assert forget_again(graves) == 1
    assert str(Person.objects.get(pk=person.pk)) == "osoba zanonimizowana"
    assert str(Person.objects.get(pk=other.pk)) == str(other)
    [grave] = graves
    assert Tombstone.objects.get(record=person.pk).made_at.isoformat() == grave["made_at"]


def test_who_is_only_named_in_the_history_of_another_takes_nobody_along(tmp_path):
    """The reason of a change may name somebody: its words go, the other person stays."""
    person = PersonFactory(first_name="Żaneta", last_name="Wścieklica")
    other = PersonFactory(first_name="Anna", last_name="Kowal")
    member = StaffMemberFactory(name="Ewa Próbna")
    for row in (other, member):
        row._change_reason = "pomylono z Żaneta Wścieklica"
        row.save()
    forget(person)
    assert other.history.first().history_change_reason == "pomylono z osoba zanonimizowana"
    assert [is_anonymised(row) for row in (person, other, member)] == [True, False, False]
    for row in (other, member):
        row.full_clean()
    keep_list(tmp_path)
    assert listed(tmp_path) == {("entities.person", person.pk)}
    forget(other)
    assert is_anonymised(other)
