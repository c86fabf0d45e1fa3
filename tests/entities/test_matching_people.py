"""Whom a written name means: pairs of one person, of one to be asked about, of a new one.

The known person is Paulina Fijałkowska, who represents the OSP; others stand beside her.
"""

from datetime import date

import pytest

from entities.matching import ASK, NEW, SAME, Matching
from entities.models import Kind, Person, Representation
from entities.traits import PersonTraits
from entities.written_names import WrittenName, split_name
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("db")

PEOPLE = [
    ("O1", "Paulina", "Fijałkowska", "K"),
    ("O2", "Jan", "Wzór-Próbny", "M"),
    ("O3", "Anna Maria", "Próbna", "K"),
    ("O4", "Bogumił", "Żórawski", "M"),
    ("O5", "Katarzyna", "Sołtys", "K"),
    ("O6", "Krzysztof", "Wójt", "M"),
]


@pytest.fixture
def osp():
    osp = EntityFactory(code="P1", name="OSP Próbne", legal_form="osp")
    for code, first_name, last_name, sex in PEOPLE:
        person = PersonFactory(
            code=code,
            first_name=first_name,
            last_name=last_name,
            sex=sex,
            email=f"{code}@example.org",
            phone=f"60010020{code[1]}",
            birth_date=date(1980, 1, int(code[1])),
        )
        Representation.objects.create(person=person, entity=osp)
    return osp


def match(text, entities=(), **fields):
    """The match of a name as written, with what else the row says."""
    register = Matching(Kind.PERSON)
    written = WrittenName.read(text)
    known = {word for one in register.traits.values() for word in one.first_name.split()}
    first_name, last_name = split_name(" ".join(written.words), known)
    code = written.bracket if register.key_of(written.bracket) else ""
    person = Person(first_name=first_name, last_name=last_name, code=code, **fields)
    [found] = register.matches(PersonTraits.of(person, entities, written.maiden))
    return found


def outcome(found):
    codes = [found.row.code] if found.row else [twin.row.code for twin in found.twins]
    return found.answer, codes[0] if codes else None


SAME_WRITTEN = {
    "O1": [
        "Paulina Fijałkowska",
        "Fijałkowska Paulina",
        "FIJAŁKOWSKA PAULINA",
        "paulina fijałkowska",
        "  Paulina   Fijałkowska ",
        "Paulina Fijałkowska (Gość)",
        "Paulina Fijałkowska (Niezweryfikowana)",
        "Paulina Fijałkowska (Guest)",
        "Paulina Fijałkowska [External]",
        "Paulina Fijałkowska (gość, zewnętrzna)",
        "Paulina Fijałkowska (OSP Próbne)",
        "Paulina Fijałkowska (Gość) (OSP Próbne)",
        "Paulina Fijałkowska (d. Wąsik)",
        "Paulina Fijałkowska z d. Wąsik",
        "Paulina Fijałkowska z domu Wąsik",
        "mgr Paulina Fijałkowska",
        "mgr inż. Paulina Fijałkowska",
        "dr hab. Paulina Fijałkowska",
        "Pani Paulina Fijałkowska",
        "p. Paulina Fijałkowska",
        "Fijałkowska Paulina, mgr inż.",
        "Fijałkowska, Paulina",
        "Paulina Fijałkowska - prezes",
        "Paulina Fijałkowska – prezeska zarządu",
        "Paulina Fijałkowska, skarbniczka",
        "Paulina Fijałkowska prezes",
        "prezes Paulina Fijałkowska",
        "Prezeska Paulina Fijałkowska",
        "sołtyska Paulina Fijałkowska",
        "Paulina Fijałkowska - OSP Próbne",
        "Paulina Fijałkowska, OSP Próbne",
        "Paulina Fijałkowska | Ochotnicza Straż Pożarna Próbne",
        "Paulina Fijałkowska / KGW Wzór",
        "Paulina Fijałkowska OSP Próbne",
        "Paulina Fijałkowska Stowarzyszenie Wzór",
        "Paulina Fijałkowska 2",
        "Paulina Fijałkowska paulina@example.org",
        "Ktoś Inny (O1)",
        "Ktoś Inny (o1)",
    ],
    "O2": [
        "Jan Wzór-Próbny",
        "Jan Wzór Próbny",
        "Jan Wzór - Próbny",
        "Wzór-Próbny Jan",
        "inż. Jan Wzór-Próbny, członek zarządu",
    ],
    "O3": ["Anna Maria Próbna", "Próbna Anna Maria", "Anna Maria Próbna (Gość)"],
    "O4": ["ŻÓRAWSKI Bogumił", "Bogumił Żórawski - naczelnik"],
    "O5": ["Katarzyna Sołtys", "Sołtys Katarzyna", "sołtys Katarzyna Sołtys"],
    "O6": ["Krzysztof Wójt", "pan Krzysztof Wójt"],
}
ASKED_WRITTEN = {
    "O1": [
        "Paulina Fijalkowska",
        "Paulina Fiałkowska",
        "Paulina Fijałkofska",
        "Pauilna Fijałkowska",
        "Paulna Fijałkowska (Gość)",
        "Fjałkowska Paulina",
        "P. Fijałkowska",
        "Paulina Fijałkowska-Wąsik",
        "Paulina Wąsik-Fijałkowska",
        "Paulina Wąsik Fijałkowska",
        "Paulina Ewa Fijałkowska",
        "Fijałkowska Paulina Ewa",
        "Paulina Wąsik (d. Fijałkowska)",
        "Paulina Wąsik z domu Fijałkowska",
        "dr Paulina Fijalkowska - prezes",
    ],
    "O2": ["Jan Wzór", "Jan Próbny", "Próbny Jan", "Jan Wzor-Probny", "Jan Maria Wzór-Próbny"],
    "O3": ["Anna Próbna", "Próbna Anna", "Ania Próbna", "Anna Probna", "A. Próbna"],
    "O4": ["Bogumil Zorawski", "Bogumił Żurawski", "Żórawsky Bogumił"],
    "O5": ["Kasia Sołtys", "Katarzyna Soltys", "Sołtys Kasia"],
    "O6": ["Krzysiek Wójt", "Krzystof Wójt"],
}
NEW_WRITTEN = [
    "Wilhelmina Nieznana",
    "Paulina Zawada",
    "Lidia Fijałkowska",
    "Jan Kowalczyk",
    "Marek Wzór",
    "Ewa Próbna-Daleka",
    "Zofia Żórawska",
    "Katarzyna Mak",
    "Sołtys Barbara Mak",
    "Krzysztof Lis",
    "wójt Marian Lis",
    "Anna Nowakowska",
    "Maria Bąk",
    "Fijałkowski Tadeusz",
    "Helena d'Arc",
]


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in SAME_WRITTEN.items() for text in texts]
)
def test_a_name_with_additions_is_the_person_who_represents_the_entity(osp, code, text):
    assert outcome(match(text, [osp.pk])) == (SAME, code)


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in ASKED_WRITTEN.items() for text in texts]
)
def test_a_name_that_may_be_hers_is_asked_about(osp, code, text):
    assert outcome(match(text, [osp.pk])) == (ASK, code)


@pytest.mark.parametrize("text", NEW_WRITTEN)
def test_a_name_of_nobody_known_is_new(osp, text):
    assert outcome(match(text, [osp.pk])) == (NEW, None)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({}, ASK),
        ({"email": "O1@EXAMPLE.org"}, SAME),
        ({"email": "inna@example.org"}, ASK),
        ({"phone": "+48 600 100 201"}, SAME),
        ({"phone": "600 100 299"}, ASK),
        ({"birth_date": date(1980, 1, 1)}, SAME),
        ({"birth_date": date(1980, 1, 9)}, NEW),
        ({"birth_year": 1980}, ASK),
        ({"birth_year": 1981}, NEW),
        ({"sex": "K", "phone": "600100201"}, SAME),
        ({"sex": "M", "phone": "600100201"}, ASK),
    ],
)
def test_an_equal_name_alone_proves_nothing(osp, fields, answer):
    assert match("Paulina Fijałkowska", **fields).answer == answer


@pytest.mark.parametrize(
    ("text", "fields", "answer"),
    [
        ("Paulina Daleka", {"email": "o1@example.org"}, ASK),  # married
        ("Lidia Fijałkowska", {"phone": "600100201"}, ASK),  # a sister, or a slip
        ("Lidia Daleka", {"phone": "600100201"}, NEW),  # the phone of an office
        ("Paulina Fijałkowska-Daleka", {"birth_date": date(1980, 1, 1)}, ASK),
        ("Paulina Fijałkowska-Daleka", {"birth_date": date(1990, 1, 1)}, NEW),
        ("Pauline Fijałkowska", {"sex": "M"}, NEW),
        ("Paulina Fijałkowska (O99)", {}, ASK),
    ],
)
def test_contact_and_birth_say_more_than_a_name(osp, text, fields, answer):
    assert match(text, **fields).answer == answer


def test_a_namesake_of_another_entity_is_asked_about(osp):
    other = EntityFactory(name="KGW Wzór")
    found = match("Paulina Fijałkowska", [other.pk])
    assert found.answer == ASK
    [twin] = found.twins
    assert (twin.shared, twin.differing) == (("imię i nazwisko",), ("podmiot",))
    assert match("Paulina Fijałkowska", [other.pk], email="o1@example.org").answer == SAME


def test_one_who_represents_nobody_may_represent_the_entity_unless_there_are_two(osp):
    PersonFactory(code="O8", first_name="Wanda", last_name="Wzór")
    assert outcome(match("Wanda Wzór", [osp.pk])) == (SAME, "O8")
    assert match("Wanda Wzór").answer == ASK
    PersonFactory(code="O9", first_name="Wanda", last_name="Wzór")
    found = match("Wanda Wzór", [osp.pk])
    assert (found.answer, len(found.twins)) == (ASK, 2)


def test_of_namesakes_the_one_who_represents_the_entity_is_meant(osp):
    PersonFactory(code="O9", first_name="Paulina", last_name="Fijałkowska")
    assert outcome(match("Paulina Fijałkowska", [osp.pk])) == (SAME, "O1")


def test_a_further_pair_of_person_and_entity_counts_too(osp):
    other = EntityFactory(name="KGW Wzór")
    paulina = Person.objects.get(code="O1")
    typed = PersonTraits.of(Person(first_name="Paulina", last_name="Fijałkowska"), [other.pk])
    [found] = Matching(Kind.PERSON, [(paulina.pk, other.pk)]).matches(typed)
    assert found.row == paulina


@pytest.mark.parametrize("text", ["***", "—", "", "(Gość)"])
def test_a_row_of_no_letters_is_no_name(text):
    first_name, last_name = split_name(" ".join(WrittenName.read(text).words))
    assert not any(map(str.isalpha, first_name + last_name))


def test_the_table_is_large_enough():
    same, asked = (
        sum(len(texts) for texts in texts_of.values())
        for texts_of in (SAME_WRITTEN, ASKED_WRITTEN)
    )
    assert same + asked + len(NEW_WRITTEN) + 18 >= 120
