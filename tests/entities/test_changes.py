"""The history of changes of a card: who, when, which columns, never what was in them."""

from datetime import timedelta

from entities.changes import SHOWN, changes_of
from entities.models import SocialEnterpriseStatus
from owes.chain.triggers import rewriting
from tests.factories import EntityFactory


def summary(entity, *parts):
    return [(change.by, change.summary) for change in changes_of(entity, *parts)]


def test_change_names_columns_and_the_one_who_saved(staff):
    entity = EntityFactory()
    entity.phone, entity.locality = "600", "Łąck"
    entity._history_user, entity._change_reason = staff, "pomyłka"
    entity.save()
    assert summary(entity) == [
        (staff.name, "miejscowość, telefon"),
        ("", "zapisano po raz pierwszy"),
    ]
    assert changes_of(entity)[0].reason == "pomyłka"


def test_saving_the_same_is_no_change(db):
    entity = EntityFactory()
    entity.save()
    assert summary(entity) == [("", "zapisano po raz pierwszy")]


def test_changes_of_rows_under_the_entity_say_whose_they_are(db):
    entity, other = EntityFactory.create_batch(2)
    days = {"basis": "owes", "valid_from": "2023-01-01"}
    SocialEnterpriseStatus.objects.create(entity=other, **days)
    status = SocialEnterpriseStatus.objects.create(entity=entity, **days)
    status.decision_number = "7/2023"
    status.save()
    status.delete()
    assert summary(entity, "statuses") == [
        ("", "status PS: usunięto"),
        ("", "status PS: numer decyzji"),
        ("", "status PS: dodano"),
        ("", "zapisano po raz pierwszy"),
    ]


def test_what_was_removed_and_came_back_says_so(db):
    entity = EntityFactory()
    key = entity.pk
    entity.delete()
    entity.pk = key
    entity.save(force_insert=True)
    status = entity.statuses.create(basis="owes", valid_from="2023-01-01")
    key = status.pk
    status.delete()
    status.pk = key
    status.save(force_insert=True)
    assert [what for _, what in summary(entity, "statuses")] == [
        "status PS: przywrócono",
        "status PS: usunięto",
        "status PS: dodano",
        "przywrócono",
        "usunięto",
        "zapisano po raz pierwszy",
    ]


def test_rows_are_compared_with_themselves_only(db):
    entity = EntityFactory()
    for number in ("1/2023", "2/2023"):
        entity.statuses.create(basis="owes", valid_from="2023-01-01", decision_number=number)
    assert [what for _, what in summary(entity, "statuses")][:2] == ["status PS: dodano"] * 2


def test_only_the_last_changes_are_shown(db):
    entity = EntityFactory()
    for number in range(SHOWN + 3):
        entity.phone = str(number)
        entity.save()
    with rewriting():
        entity.history.filter(phone="").update(
            history_date=entity.history.latest().history_date - timedelta(days=1)
        )
    assert summary(entity) == [("", "telefon")] * SHOWN


def test_changes_make_the_same_queries_for_any_number_of_them(db, django_assert_num_queries):
    entity = EntityFactory()
    for number in range(30):
        entity.statuses.create(basis="owes", valid_from=f"2023-01-{number + 1:02}")
    with django_assert_num_queries(2):
        changes_of(entity, "statuses")
