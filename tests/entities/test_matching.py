"""What two records must share to be likely twins, and what says that they are two."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.matching import Matching, near_entities
from entities.models import Entity, Kind, NotDuplicate, Person, Representation
from entities.traits import EntityTraits, PersonTraits
from tests.factories import EntityFactory, PersonFactory, jst

pytestmark = pytest.mark.usefixtures("db")
LACK, BODZANOW = "141908", "141902"
SIMILAR = "podobne imię i nazwisko"


def twins_of_entity(**fields):
    (twins,) = Matching(Kind.ENTITY).twins(EntityTraits.of(Entity(**fields)))
    return [(twin.row.code, twin.shared) for twin in twins]


def twins_of_person(entities=(), **fields):
    (twins,) = Matching(Kind.PERSON).twins(PersonTraits.of(Person(**fields), entities))
    return [(twin.row.code, twin.shared) for twin in twins]


@pytest.mark.parametrize(
    ("kept", "typed", "shared"),
    [
        ({"name": "Fundacja „Łąka”"}, {"name": "fundacja LAKA"}, ("nazwa",)),
        (
            {"name": "Koło Gospodyń Wiejskich w Łącku", "legal_form": "kgw"},
            {"name": "KGW Łącku", "legal_form": "kgw"},
            ("nazwa",),
        ),
        (
            {"name": "KGW Łąck", "legal_form": "kgw"},
            {"name": "Koło Gospodyń Wiejskich w Łącku", "legal_form": "kgw"},
            ("podobna nazwa w tej samej gminie",),
        ),
        ({"name": "A", "nip": "7740001454"}, {"name": "B", "nip": "7740001454"}, ("NIP",)),
        (
            {"name": "A", "krs": "0000012345", "email": "a@example.org"},
            {"name": "B", "krs": "0000012345", "email": "A@example.org"},
            ("KRS", "e-mail"),
        ),
        ({"phone": "242 620 001"}, {"phone": "242 620 002"}, None),
        ({"phone": "242 620 001"}, {"phone": "+48 242-620-001"}, ("telefon",)),
        ({"email": "biuro@example.org"}, {"email": "Biuro@Example.org"}, ("e-mail",)),
        # Two of one village share a desk and are two.
        (
            {"name": "KGW Łąck", "legal_form": "kgw", "email": "lack@example.org"},
            {"name": "OSP Łąck", "legal_form": "osp", "email": "lack@example.org"},
            None,
        ),
        (
            {"name": "Stowarzyszenie Przyjaciół Szkoły w Łącku"},
            {"name": "Stowarzyszenie Przyjaciół Gminy w Łącku"},
            None,
        ),
        ({"name": "OSP Nowa Wieś"}, {"name": "OSP Nowa Wieś", "seat": BODZANOW}, None),
        ({"name": "OSP Nowa Wieś"}, {"name": "OSP Nowa Wieś", "seat": None}, ("nazwa",)),
        # A court gave them different numbers.
        (
            {"name": "Fundacja Łąka", "krs": "0000012345"},
            {"name": "Fundacja Łąka", "krs": "0000054321"},
            None,
        ),
    ],
)
def test_entities_alike(kept, typed, shared):
    EntityFactory(code="P1", **{"name": "Stowarzyszenie Raz", **kept})
    fields = {"name": "Stowarzyszenie Dwa", "legal_form": "association", "seat": LACK} | typed
    if fields["seat"]:
        fields["seat"] = jst(fields["seat"])
    assert twins_of_entity(**fields) == ([("P1", shared)] if shared else [])


def test_kin_are_no_twins():
    parent = EntityFactory(code="P1", name="Fundacja Łąka", nip="7740001454")
    unit = {"name": "Fundacja Łąka WTZ", "nip": "7740001454", "seat": parent.seat}
    assert twins_of_entity(parent=parent, **unit) == []
    assert twins_of_entity(**unit) == [("P1", ("NIP",))]
    EntityFactory(code="P2", parent=parent, nip="7740001454", name="Fundacja Łąka CIS")
    group = EntityFactory(
        code="P3", name="Grupa Bór", legal_form="initiative_group", phone="242620001"
    )
    founded = {"name": "Grupa Bór", "phone": "242620001", "seat": group.seat}
    assert twins_of_entity(founding_group=group, **founded) == []
    # Neither are the units of one parent, in the list of all pairs.
    assert [pair.shared for pair in Matching(Kind.ENTITY).pairs()] == []


@pytest.mark.parametrize(
    ("kept", "typed", "shared"),
    [
        ({}, {"first_name": "lucja", "last_name": "ZAK"}, ("imię i nazwisko",)),
        ({}, {"first_name": "Żak", "last_name": "Łucja"}, ("imię i nazwisko",)),
        ({"birth_year": 1980}, {"birth_year": 1981}, None),
        ({"birth_date": date(1980, 5, 1)}, {"birth_date": date(1980, 5, 2)}, None),
        (
            {"birth_date": date(1980, 5, 1)},
            {"birth_year": 1980},
            ("imię i nazwisko", "rok urodzenia"),
        ),
        (
            {"birth_date": date(1980, 5, 1)},
            {"birth_date": date(1980, 5, 1), "last_name": "Rzak"},
            (SIMILAR, "data urodzenia"),
        ),
        (
            {"birth_date": date(1980, 5, 1), "last_name": "Kowalska"},
            {"birth_date": date(1980, 5, 1), "last_name": "Kowlaska"},
            (SIMILAR, "data urodzenia"),
        ),
        ({"last_name": "Kowalska"}, {"last_name": "Kowlaska"}, (SIMILAR,)),
        ({"last_name": "Kowalska"}, {"last_name": "Kowlaksa"}, (SIMILAR,)),
        ({"last_name": "Kowalska"}, {"last_name": "Zowalski"}, None),
        ({"last_name": "Mak"}, {"last_name": "Bek"}, None),
        ({}, {"first_name": "Łuja", "last_name": "Żek"}, (SIMILAR,)),
        ({}, {"first_name": "Żak", "last_name": "Łuija"}, (SIMILAR,)),
        ({}, {"first_name": "Ulcja"}, (SIMILAR,)),
        ({}, {"first_name": "Łujca", "sex": "M"}, None),
        # Married: another surname, the same address.
        (
            {"email": "lucja@example.org"},
            {"email": "Lucja@example.org", "last_name": "Bór"},
            ("imię", "e-mail"),
        ),
        (
            {"phone": "601 602 603"},
            {"phone": "+48601602603", "first_name": "Ewa"},
            ("nazwisko", "telefon"),
        ),
        # A desk of an entity is nobody's own.
        (
            {"phone": "601602603"},
            {"phone": "601602603", "first_name": "Ewa", "last_name": "Bór"},
            None,
        ),
        (
            {"first_name": "Jan", "sex": "M", "phone": "601602603", "last_name": "Lis"},
            {"first_name": "Jana", "phone": "", "birth_year": None, "last_name": "Lis"},
            None,
        ),
    ],
)
def test_people_alike(kept, typed, shared):
    PersonFactory(code="O1", **{"first_name": "Łucja", "last_name": "Żak", "sex": "K", **kept})
    fields = {"first_name": "Łucja", "last_name": "Żak", "sex": "K"} | typed
    assert twins_of_person(**fields) == ([("O1", shared)] if shared else [])


def test_a_misspelt_name_of_the_same_entity_shares_more():
    entity = EntityFactory()
    person = PersonFactory(code="O1", first_name="Ewa", last_name="Kowalska", sex="K")
    Representation.objects.create(person=person, entity=entity)
    typed = {"first_name": "Ewa", "last_name": "Kowaslka", "sex": "K"}
    assert twins_of_person([entity.pk], **typed) == [("O1", (SIMILAR, "podmiot"))]
    assert twins_of_person(**typed) == [("O1", (SIMILAR,))]
    assert twins_of_person([entity.pk], **typed | {"sex": "M"}) == []


def test_those_of_the_very_name_come_before_those_near_it():
    PersonFactory(code="O1", first_name="Ewa", last_name="Borak", sex="K")
    PersonFactory(code="O2", first_name="Ewa", last_name="Borek", sex="K")
    twins = twins_of_person(first_name="Ewa", last_name="Borek", sex="K")
    assert [code for code, _ in twins] == ["O2", "O1"]


@pytest.mark.parametrize(
    ("first_name", "last_name", "is_pair"),
    [
        ("Dnauta", "Chojnacka", True),
        ("Danuta", "Chojncka", True),
        ("Chojnacka", "Adnuta", True),
        ("Dnauta", "Chojncka", False),
        # Others bear this name too: two sisters more likely than a slip.
        ("Danuty", "Chojnacka", False),
    ],
)
def test_a_pair_differs_by_a_slip_in_a_word_that_nobody_else_has(first_name, last_name, is_pair):
    for names in ("Danuta Chojnacka", "Danuta Mak", "Danuty Lis", f"{first_name} {last_name}"):
        first, last = names.split()
        PersonFactory(first_name=first, last_name=last, sex="K")
    assert [pair.shared for pair in Matching(Kind.PERSON).pairs()] == [(SIMILAR,)] * is_pair


def test_pairs_are_told_once_with_those_sharing_most_first():
    for number in range(3):
        PersonFactory(code=f"O{number}", first_name="Ewa", last_name="Bór", sex="K")
    Person.objects.exclude(code="O0").update(birth_year=1980)
    twins = [
        (pair.first.code, pair.second.code, pair.shared) for pair in Matching(Kind.PERSON).pairs()
    ]
    name = "imię i nazwisko"
    assert twins == [
        ("O1", "O2", (name, "rok urodzenia")),
        ("O0", "O1", (name,)),
        ("O0", "O2", (name,)),
    ]


def test_no_record_is_its_own_twin():
    EntityFactory(name="Dłoń Dłoni Podaje")
    assert Matching(Kind.ENTITY).pairs() == []


def test_pairs_leave_out_what_was_said_to_be_two(staff):
    first, second = (EntityFactory(name="Fundacja Łąka") for _ in range(2))
    assert len(Matching(Kind.ENTITY).pairs()) == 1
    NotDuplicate.say(Kind.ENTITY, second.pk, first.pk, by=staff)
    NotDuplicate.say(Kind.ENTITY, first.pk, second.pk, by=staff)
    assert NotDuplicate.objects.count() == 1
    assert Matching(Kind.ENTITY).pairs() == []


def test_a_register_is_read_with_the_same_queries_for_any_number():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Matching(Kind.PERSON).pairs()
        return len(asked)

    PersonFactory.create_batch(2, last_name="Bór")
    few = queries()
    PersonFactory.create_batch(20, last_name="Bór")
    assert queries() == few


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Stow. Przyjaciol Zagody", "Z1"),
        ("Koło Gospodyń Wiejskich Zagony", "Z2"),
        ("Koło nr 3", "K3"),
        ("Zupełnie co innego", None),
    ],
)
def test_an_entity_written_from_memory_is_near_its_name(typed, first):
    EntityFactory(code="Z1", name="Stowarzyszenie Przyjaciół Zagody")
    EntityFactory(code="Z2", name="KGW „Zagon”")
    for number in range(1, 5):
        EntityFactory(code=f"K{number}", name=f"Koło {number}")
    near = near_entities([typed])[typed]
    assert (near[0].code if near else None) == first


@pytest.mark.parametrize(
    ("first_name", "last_name", "is_near"),
    [
        ("Paulina", "Fiałkofska", True),
        ("Fijałkofska", "Paulyna", True),
        ("Lidia", "Fijałkowska", False),
        ("Paulina", "Zawada", False),
    ],
)
def test_a_name_of_one_entity_is_near_one_that_sounds_alike(first_name, last_name, is_near):
    entity = EntityFactory()
    person = PersonFactory(first_name="Paulina", last_name="Fijałkowska")
    Representation.objects.create(person=person, entity=entity)
    typed = {"first_name": first_name, "last_name": last_name}
    twins = twins_of_person([entity.pk], **typed)
    assert twins == ([(person.code, (SIMILAR, "podmiot"))] if is_near else [])
