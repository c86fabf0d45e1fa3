"""Merging and parting on the whole demonstration: every business table, row by row."""

import json
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Count, F
from simple_history.models import HistoricalChanges

from entities import merging
from entities.models import Entity, Kind, Merge, NotDuplicate, Person, survivor_of
from indicators.models import WORKED_OUT
from owes.models import User
from owes.rehearsal import rehearse_everywhere
from support.models import Attendance, Recipient
from support.workbook.demonstration import COORDINATOR
from tests.factories import EntityFactory, PersonFactory

OURS = ["owes", "entities", "support", "indicators"]
D22, D23 = date(2022, 5, 1), date(2023, 5, 1)
NOT_BUSINESS = {"job", "submission", "formdraft", "merge"}


@pytest.fixture
def by(demo):
    return User.objects.get(email=COORDINATOR)


def tables():
    """Every row of every business table, as the database holds it."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for app in OURS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not issubclass(model, HistoricalChanges)
        and model._meta.model_name not in NOT_BUSINESS
        and model not in WORKED_OUT
    }


def differing(before, after):
    return [label for label in before if before[label] != after[label]]


def counted():
    answer = StringIO()
    call_command("indicators", project="sputnik-ii", format="json", stdout=answer)
    lines = json.loads(answer.getvalue())["indicators"]
    return {line["code"]: line["value"] for line in lines}


def with_services_in_common():
    """The two entities most often recipients of one service."""
    shared = (
        Recipient.objects.filter(service__recipients__isnull=False)
        .values("entity", "service__recipients")
        .annotate(n=Count("pk"))
        .order_by("-n", "entity", "service__recipients")
    )
    pair = next(row for row in shared if row["entity"] != row["service__recipients"])
    return Entity.objects.get(pk=pair["entity"]), Entity.objects.get(
        pk=pair["service__recipients"]
    )


def at_the_same_session():
    """Two people who came to one session for the same entity."""
    held = Attendance.objects.values("session", "entity").annotate(
        n=Count("person", distinct=True)
    )
    pair = held.filter(n__gte=2).order_by("session", "entity")[0]
    rows = Attendance.objects.filter(session=pair["session"], entity=pair["entity"])
    return [row.person for row in rows.select_related("person").order_by("pk")[:2]]


def an_entity_and_its_group():
    grown = Entity.objects.annotate(siblings=Count("founding_group__founded"))
    entity = grown.filter(siblings=1).order_by("pk")[0]
    return entity, entity.founding_group


def the_most_written_of():
    rows = Entity.objects.annotate(n=Count("attendances")).order_by("-n", "pk")
    return rows[0], rows[1]


def a_parent_and_its_unit():
    unit = Entity.objects.filter(parent__isnull=False).order_by("pk")[0]
    return unit, unit.parent


def who_came_most():
    rows = Person.objects.annotate(n=Count("attendances")).order_by("-n", "pk")
    return rows[0], rows[1]


@pytest.mark.parametrize(
    "pair",
    [
        with_services_in_common,
        at_the_same_session,
        an_entity_and_its_group,
        a_parent_and_its_unit,
        the_most_written_of,
        who_came_most,
    ],
)
def test_merge_then_undo_restores_every_row(by, pair):
    survivor, loser = pair()
    before, numbers = tables(), counted()
    taken = [
        name
        for name in ("name", "phone", "email", "parent", "first_name", "gmina")
        if hasattr(loser, name)
    ]

    def join():
        return merging.merge(survivor, loser, taken, by=by)

    tried = rehearse_everywhere(join)
    assert differing(before, tables()) == []
    effects = dict(tried.effects)
    [measured] = [value for project, value in effects.items() if project.slug == "sputnik-ii"]
    assert {change.code: change.before for change in measured.values} == numbers

    merge = join()
    assert merge.summary == tried.result.summary
    assert counted() == {change.code: change.after for change in measured.values}
    assert not type(loser).objects.filter(pk=loser.pk).exists()
    merging.undo(merge, by=by)
    assert differing(before, tables()) == []
    assert counted() == numbers


def test_history_says_why(by):
    survivor, loser = with_services_in_common()
    moved = loser.recipient_links.exclude(service__recipients=survivor).first()
    merging.merge(survivor, loser, ["name"], by=by)
    reason = f"scalono: {loser.code} dołączono do {survivor.code}"
    assert survivor.history.first().history_change_reason == reason
    assert moved.history.first().history_change_reason == reason
    assert moved.history.first().entity_id == survivor.pk
    gone = Entity.history.filter(id=loser.pk).first()
    assert (gone.history_type, gone.history_change_reason) == ("-", reason)


def test_undo_refuses_what_it_would_lose(by):
    survivor, loser = with_services_in_common()
    merge = merging.merge(survivor, loser, ["name"], by=by)
    survivor.refresh_from_db()
    survivor.name = "Stowarzyszenie Nowa Nazwa"
    survivor.save()
    before = tables()
    with pytest.raises(merging.ChangedSince) as error:
        merging.undo(merge, by=by)
    assert error.value.messages == [
        "Nie cofnięto, bo od scalenia zmieniono: podmiot Stowarzyszenie Nowa Nazwa. "
        "Wybierz, co zostaje."
    ]
    assert differing(before, tables()) == []


@pytest.mark.parametrize(
    ("decision", "phone"), [("keep", "24 000 00 03"), ("restore", "24 000 00 01")]
)
def test_an_edited_phone_number_is_asked_about_and_the_rest_parted(by, decision, phone):
    survivor, loser = who_came_most()
    survivor.phone, loser.phone, loser.email = "24 000 00 01", "24 000 00 02", "a@example.org"
    survivor.save()
    loser.save()
    before = tables()
    merge = merging.merge(survivor, loser, ["phone", "email"], by=by)
    survivor.refresh_from_db()
    survivor.phone = "24 000 00 03"
    survivor.save()
    with pytest.raises(merging.ChangedSince) as error:
        merging.undo(merge, by=by)
    [change] = error.value.changes
    assert (change.row, change.label) == (f"osoba {survivor}", "Telefon")
    assert (change.now, change.before) == ("24 000 00 03", "24 000 00 01")
    merging.undo(merge, {change.key: decision}, by=by)
    survivor.refresh_from_db()
    assert survivor.phone == phone
    survivor.phone = "24 000 00 01"
    survivor.save()
    assert differing(before, tables()) == []


def test_a_decision_about_another_value_is_none(by):
    survivor, loser = EntityFactory(phone="1"), EntityFactory(phone="2")
    merge = merging.merge(survivor, loser, ["phone"], by=by)
    decided = {}
    for phone in ("3", "4"):
        Entity.objects.filter(pk=survivor.pk).update(phone=phone)
        with pytest.raises(merging.ChangedSince) as error:
            merging.undo(merge, decided, by=by)
        [change] = error.value.changes
        decided[change.key] = "restore"
    merging.undo(merge, decided, by=by)
    assert Entity.objects.get(pk=survivor.pk).phone == "1"


def test_a_value_set_back_by_hand_is_no_change(by):
    survivor, loser = EntityFactory(phone="1"), EntityFactory(phone="2")
    merge = merging.merge(survivor, loser, ["phone"], by=by)
    Entity.objects.filter(pk=survivor.pk).update(phone="1")
    merging.undo(merge, by=by)
    assert list(Entity.objects.filter(pk__in=[survivor.pk, loser.pk]).values_list("phone")) == [
        ("1",),
        ("2",),
    ]


def test_a_row_moved_on_since_stays_or_comes_back(by):
    """An attendance of the loser, given by the merge to the survivor and since to a third."""
    loser, third = who_came_most()
    survivor = PersonFactory(code="S-1")
    moved = loser.attendances.order_by("pk")[0]
    for decision, owner in [("restore", loser), ("keep", third)]:
        merge = merging.merge(survivor, Person.objects.get(pk=loser.pk), by=by)
        Attendance.objects.filter(pk=moved.pk).update(person=third)
        with pytest.raises(merging.ChangedSince) as error:
            merging.undo(merge, by=by)
        [change] = error.value.changes
        assert (change.label, change.now, change.before) == (
            "Osoba",
            str(third),
            str(loser),
        )
        merging.undo(merge, {change.key: decision}, by=by)
        moved.refresh_from_db()
        assert moved.person == owner


def test_a_column_the_merge_did_not_touch_may_change(by):
    survivor, loser = with_services_in_common()
    merge = merging.merge(survivor, loser, by=by)
    survivor.refresh_from_db()
    survivor.street = "Nowa 1"
    survivor.save()
    merging.undo(merge, by=by)
    survivor.refresh_from_db()
    assert (survivor.street, Entity.objects.get(pk=loser.pk).code) == ("Nowa 1", loser.code)


def test_later_merge_is_undone_first(by):
    first, second, third = Entity.objects.filter(founded=None).order_by("pk")[:3]
    before = tables()
    earlier = merging.merge(first, second, by=by)
    later = merging.merge(third, first, by=by)
    with pytest.raises(ValidationError) as error:
        merging.undo(earlier, by=by)
    assert error.value.messages == [f"Najpierw cofnij późniejsze scalenie: {later}."]
    assert survivor_of(Kind.ENTITY, second.pk) == third
    merging.undo(later, by=by)
    merging.undo(earlier, by=by)
    assert differing(before, tables()) == []
    assert survivor_of(Kind.ENTITY, second.pk) is None


def test_row_folded_by_a_merge_of_people_comes_back_with_it_first(by):
    """The entities of an attendance are merged, then it is folded with its person."""
    person, other = at_the_same_session()
    entity = other.attendances.order_by("pk")[0].entity
    into = Entity.objects.exclude(pk=entity.pk).filter(attendances=None).order_by("pk")[0]
    before = tables()
    earlier = merging.merge(into, entity, by=by)
    later = merging.merge(person, other, by=by)
    with pytest.raises(ValidationError) as error:
        merging.undo(earlier, by=by)
    assert error.value.messages == [f"Najpierw cofnij późniejsze scalenie: {later}."]
    merging.undo(later, by=by)
    merging.undo(earlier, by=by)
    assert differing(before, tables()) == []


def test_what_somebody_has_just_merged_away_is_merged_no_more(by):
    survivor, loser = EntityFactory(), EntityFactory()
    merging.merge(survivor, Entity.objects.get(pk=loser.pk), by=by)
    with pytest.raises(ValidationError, match="ktoś go właśnie scalił albo usunął"):
        merging.merge(EntityFactory(), loser, by=by)


def test_undone_twice_is_undone_once(by):
    survivor, loser = with_services_in_common()
    merge = merging.merge(survivor, loser, by=by)
    at = merging.undo(merge, by=by).undone_at
    assert merging.undo(merge, by=by).undone_at == at


def test_presence_wins_over_absence(by):
    person, other = at_the_same_session()
    shared = {row.session_id for row in person.attendances.all()} & {
        row.session_id for row in other.attendances.all()
    }
    kept = person.attendances.filter(session__in=shared).order_by("session")[0]
    gone = other.attendances.get(session=kept.session, entity=kept.entity)
    kept.state, gone.state = Attendance.State.ABSENT, Attendance.State.PRESENT
    kept.save()
    gone.save()
    before = tables()
    merge = merging.merge(person, other, by=by)
    kept.refresh_from_db()
    assert kept.state == Attendance.State.PRESENT
    merging.undo(merge, by=by)
    assert differing(before, tables()) == []


@pytest.mark.parametrize(
    ("kept", "other", "left"),
    [
        ({}, {}, [("", None, None)]),
        ({"role": "prezes", "since": D22}, {}, [("prezes", D22, None)]),
        ({}, {"role": "prezes", "since": D22, "until": D23}, [("prezes", D22, D23)]),
        ({"role": "prezes"}, {"since": D22}, [("prezes", D22, None)]),
        ({"since": D22}, {"since": D22, "until": D23}, [("", D22, D23)]),
        (
            {"role": "prezes"},
            {"role": "skarbnik"},
            [("prezes", None, None), ("skarbnik", None, None)],
        ),
        ({"since": D22}, {"since": D23}, [("", D22, None), ("", D23, None)]),
        ({"since": D23}, {"until": D22}, [("", None, D22), ("", D23, None)]),
    ],
)
@pytest.mark.parametrize("is_of_people", [True, False])
def test_representations_that_agree_become_one_and_part_again(
    db, coordinator, is_of_people, kept, other, left
):
    factory = PersonFactory if is_of_people else EntityFactory
    survivor, loser = factory(), factory()
    third = EntityFactory() if is_of_people else PersonFactory()
    way = "entity" if is_of_people else "person"
    for row, fields in ((survivor, kept), (loser, other)):
        row.representations.create(**{way: third}, **fields)
    elsewhere = EntityFactory() if is_of_people else PersonFactory()
    loser.representations.create(**{way: elsewhere})
    before = tables()
    merge = merging.merge(survivor, loser, by=coordinator)
    rows = third.representations.order_by("role", F("since").asc(nulls_first=True))
    assert list(rows.values_list("role", "since", "until")) == left
    assert survivor.representations.count() == len(left) + 1
    folded = 2 - len(left)
    assert merge.summary == [["reprezentacje", 2 - folded, folded]]
    merging.undo(merge, by=coordinator)
    assert differing(before, tables()) == []


def test_group_that_others_grew_from_stays_a_group(by):
    group = Entity.objects.initiative_groups().filter(founded__isnull=False).distinct()[0]
    other = Entity.objects.pes().exclude(founding_group=group).order_by("pk")[0]
    with pytest.raises(ValidationError) as error:
        merging.merge(other, group, by=by)
    assert "musi zostać grupą inicjatywną" in error.value.messages[0]
    assert Merge.objects.count() == 0
    assert NotDuplicate.objects.count() == 0
