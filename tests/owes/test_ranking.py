"""The order of what is offered for a typed text: a table, the same on both databases."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q

from entities.lookups import EntityLookup, LocalGovernmentLookup, PersonLookup
from entities.models import Entity, Person
from owes.marking import marked
from owes.ranking import SUGGESTED, near, ranked
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("db")

PEOPLE = {
    "O1": ("Jarosław", "Lasota", "jaroslaw@mail.example.org"),
    "O2": ("Marta", "Lasota", ""),
    "O3": ("Olga", "Fijałkowska", "olga@poczta.example.org"),
    "O4": ("Paulina", "Fijałkowska", ""),
    "O5": ("Beata", "Kęsicka", ""),
    "O6": ("Anna", "Śpikesicka", ""),
    "O7": ("Ewa", "Lasotowska", ""),
    "O8": ("Las", "Otalia", ""),
}
ENTITIES = {
    "P1": ("Towarzystwo „Bezpieczna Wieś”", "7765423038"),
    "P2": ("Koło Gospodyń Wiejskich ,,Razem Przy Piecu”", "7743357387"),
    "P3": ("Fundacja Piec Wiejski", ""),
    "P4": ("Wiejski Piec", ""),
    "P5": ("Spółdzielnia 7765423039 Plus", ""),
    "P6": ("Spółdzielnia „Łąka-Las”", "7765423039"),
    "P7": ("Spółdzielnia Las", ""),
}


def people():
    for code, (first, last, email) in PEOPLE.items():
        PersonFactory(code=code, first_name=first, last_name=last, email=email)


def entities():
    for code, (name, nip) in ENTITIES.items():
        EntityFactory(code=code, name=name, nip=nip, locality="")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("lasota m", "O2 O1"),  # the beginning of a word, then a fragment of an address
        ("m lasota", "O2 O1"),
        ("lasota", "O1 O2"),  # the Polish order
        ("lasot", "O1 O2 O7"),
        ("fijal p", "O4 O3"),
        ("FIJAŁ P", "O4 O3"),
        ("kesick", "O5 O6"),  # the beginning of a word before the middle of one
        ("las ota", "O8 O1 O2"),  # beginnings of words before the middle of one
        ("o7", "O7"),
        ("lasota q", ""),
    ],
)
def test_people_in_the_order_of_their_ranking(text, codes):
    people()
    assert " ".join(row.code for row in ranked(Person.objects.all(), text)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("piec w", "P3 P4 P2 P1"),  # in the order typed, then the other, then a fragment
        ("w piec", "P4 P3 P2 P1"),
        ("7765423039", "P5 P6"),
        ("776-542-30-39", "P5 P6"),
        ("NIP 776 542 30 39", "P5 P6"),
        ("laka las", "P6"),
        ("las", "P7 P6"),
        ("spoldzielnia las", "P7 P6"),
    ],
)
def test_entities_in_the_order_of_their_ranking(text, codes):
    entities()
    assert " ".join(row.code for row in ranked(Entity.objects.all(), text)) == codes


def test_those_favoured_come_first_among_equals_only():
    people()
    strong, weak = Q(code="O7"), Q(code="O2")
    rows = ranked(Person.objects.all(), "lasot", [strong, weak])
    assert [row.code for row in rows] == ["O7", "O2", "O1"]
    # A whole word comes before a favoured beginning.
    rows = ranked(Person.objects.all(), "lasota", [strong])
    assert [row.code for row in rows] == ["O1", "O2"]


def test_ranking_asks_twice_and_answers_a_page(django_assert_num_queries):
    PersonFactory.create_batch(SUGGESTED + 5, first_name="Anna", email="")
    with django_assert_num_queries(2):
        assert len(ranked(Person.objects.all(), "anna")) == SUGGESTED


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("lasota m", "O2 O1"),
        ("Marta Lassota", "O2"),  # mistyped after the third letter
        ("Marta Lasota (O99)", "O2"),
        ("xyz", ""),
        ("ma", "O2 O1"),
        ("lasota q", "O1 O2"),  # a word that few have
        ("Lasota Paulina", "O4"),  # the rarer of two
        ("ewa xyz", "O7"),
    ],
)
def test_a_wrong_text_has_candidates(text, codes):
    people()
    assert " ".join(row.code for row in near(Person.objects.all(), [text])[text]) == codes


@pytest.mark.parametrize(
    ("lookup", "text", "sentence", "codes"),
    [
        (PersonLookup, "lasota m", "nie wskazuje jednej osoby", ["O2", "O1"]),
        (PersonLookup, "Nikt Taki", "Nie ma w rejestrze osoby „Nikt Taki”", []),
        (EntityLookup, "przy piecu", "nie wskazuje jednego podmiotu", ["P2"]),
        (LocalGovernmentLookup, "Gostyni", "jednego samorządu", ["140401", "140402", "1404"]),
    ],
)
def test_nothing_is_called_missing_while_something_is_near(lookup, text, sentence, codes):
    people()
    entities()
    with pytest.raises(ValidationError, match=sentence) as refusal:
        lookup([text]).one(text)
    assert [row.code for row in refusal.value.candidates] == codes


def test_candidates_of_many_wrong_texts_take_as_many_queries(django_assert_num_queries):
    people()
    texts = [f"lasota {letter}" for letter in "abcdefghijm"]
    known = PersonLookup(texts)
    with django_assert_num_queries(3):
        for text in texts:
            with pytest.raises(ValidationError, match="lasota"):
                known.one(text)


@pytest.mark.parametrize(
    ("shown", "text", "html"),
    [
        ("Koło „Łąka”", "laka", "Koło „<mark>Łąka</mark>”"),
        ("KGW „Razem-Raźniej”", "razn razem", "KGW „<mark>Razem</mark>-<mark>Raźn</mark>iej”"),
        ("Beata Kęsicka", "sick", "Beata Kę<mark>sick</mark>a"),
        ("Beata Kęsicka", "s", "Beata Kęsicka"),
        ("<Las>", "las", "&lt;<mark>Las</mark>&gt;"),
        ("Ala", "", "Ala"),
    ],
)
def test_the_match_is_marked(shown, text, html):
    assert marked(shown, text) == html
